import re

import pytest
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import options


def test_the_values_of_bare_metal():
    values = options.configure()
    assert values["CMAKE_SYSTEM_NAME"] == "Generic"
    assert values["IREE_ENABLE_THREADING"] is False
    assert values["IREE_HAL_EXECUTABLE_LOADER_EMBEDDED_ELF"] is False
    macros = options.macros(values)
    assert macros["IREE_PLATFORM_GENERIC"] == "1"
    assert macros["IREE_SYNCHRONIZATION_DISABLE_UNSAFE"] == "1"
    assert macros["IREE_THREADING_ENABLE"] == "0"
    assert macros["IREE_FILE_IO_ENABLE"] == "0"
    assert "NDEBUG" in macros


def test_the_later_choice_wins():
    values = options.configure({"IREE_STATUS_MODE": 2}, {"IREE_STATUS_MODE": "3"})
    assert values["IREE_STATUS_MODE"] == 3


def test_smallest_turns_every_optional_feature_off():
    values = options.configure(smallest=True)
    assert not any(values[o.name] for o in options.OPTIONS if o.smallest is not None)
    assert options.configure({"IREE_VM_EXT_F32_ENABLE": "on"}, smallest=True)["IREE_VM_EXT_F32_ENABLE"] is True


def test_loaders_follow_their_default():
    values = options.configure({"IREE_HAL_EXECUTABLE_LOADER_DEFAULTS": 1, "IREE_HAL_EXECUTABLE_LOADER_VMVX_MODULE": 0})
    assert values["IREE_HAL_EXECUTABLE_LOADER_EMBEDDED_ELF"] is True
    assert values["IREE_HAL_EXECUTABLE_LOADER_VMVX_MODULE"] is False


def test_cmake_variables():
    variables = options.cmake_variables(options.configure(), "riscv_32")
    assert variables["IREE_ARCH"] == "riscv_32"
    assert variables["IREE_ENABLE_THREADING"] == "OFF"
    assert variables["IREE_HAL_DRIVER_LOCAL_SYNC"] == "ON"
    assert variables["IREE_ALLOCATOR_SYSTEM"] == "baremetal"


def test_assertions_leave_ndebug_out():
    assert "NDEBUG" not in options.macros(options.configure({"IREE_ENABLE_ASSERTIONS": 1}))


@pytest.mark.parametrize(
    "choice, message",
    [
        ({"IREE_STATUS_MOD": 1}, "Did you mean IREE_STATUS_MODE?"),
        ({"IREE_STATUS_MODE": 1}, "say one of 0, 2, 3"),
        ({"IREE_STATUS_MODE": "much"}, "say a number"),
        ({"IREE_STATISTICS_ENABLE": "perhaps"}, "say 1 or 0"),
        ({"IREE_ENABLE_THREADING": "ON"}, "cannot be ON on bare metal: a board has one thread"),
        ({"CMAKE_SYSTEM_NAME": "Linux"}, "cannot be Linux on bare metal"),
    ],
)
def test_errors(choice, message):
    with pytest.raises(BaremetalError, match=re.escape(message)):
        options.configure(choice)


# Words of the guide that are not options: a variable of its example, and what the board's own
# target fields and the builder's output path stand for.
_ELSEWHERE = {
    "CMAKE_C_FLAGS",
    "CMAKE_CXX_FLAGS",
    "iree-llvmcpu-target-triple",
    "iree-llvmcpu-static-library-output-path",
    "iree-opt-level",
}


def test_everything_in_upstreams_guide_has_its_place(real_tree):
    text = (real_tree / "docs/website/docs/guides/deployment-configurations/bare-metal.md").read_text()
    found = set(re.findall(r"set\((\w+)", text)) - {"MY_FLAGS"} | set(re.findall(r"\bIREE_[A-Z_]*[A-Z]", text))
    assert len(found) > 15
    assert found - options.BY_NAME.keys() <= _ELSEWHERE
    flags = {name for name in re.findall(r"-(iree-[\w-]+)=", text)}
    ours = {flag.lstrip("-").partition("=")[0] for flag in compiler.GUIDE_FLAGS}
    assert flags - ours <= _ELSEWHERE


def test_macros_exist_in_the_tree(real_tree):
    text = "".join(p.read_text() for p in (real_tree / "runtime/src/iree/base").rglob("*.[ch]"))
    unknown = {name for name in options.macros(options.configure()) if name != "NDEBUG" and name not in text}
    assert not unknown
