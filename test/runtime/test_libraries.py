from pathlib import Path

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import deployments, libraries, options
from iree_baremetal.runtime.source_tree import MissingSubmodule


def read(tree, roots, **choices):
    return libraries.read(tree, roots, options.cmake_variables(options.configure(choices), "arm_32"))


def names(sources):
    return [path.relative_to("runtime/src/iree").as_posix() for path in sources.sources if path.parts[0] == "runtime"]


def test_follows_dependencies_once(tree):
    found = read(tree, ["iree::modules::hal", "iree::hal", "iree::vm"])
    assert sorted(names(found)) == ["base/base.c", "hal/hal.c", "modules/hal/module.c", "vm/vm.c"]
    assert Path("runtime/src/iree/modules/hal/CMakeLists.txt") in found.files_read


def test_external_library_schema_and_script(tree):
    found = read(tree, ["iree::vm::bytecode::module"])
    assert found.sources[Path("third_party/flatcc/src/verifier.c")] == ("-DVERIFY=1",)
    assert list(found.generated) == [Path("runtime/src/iree/vm/bytecode/table.c")]
    assert [s.path.name for s in found.schemas] == ["module_def.fbs"]
    (script,) = found.scripts
    assert script.inputs == (Path("build_tools/scripts/table.py"), Path("runtime/src/iree/vm/bytecode/isa.json"))
    assert found.includes == [
        Path("runtime/src"),
        Path("third_party/flatcc/include"),
        Path("third_party/flatcc/include/flatcc/reflection"),
    ]


@pytest.mark.parametrize("name", deployments.ALL)
def test_every_deployment_has_its_loader_only(tree, name):
    deployment = deployments.ALL[name]
    values = options.configure(deployment.options)
    found = libraries.read(tree, deployment.libraries(values), options.cmake_variables(values, "arm_32"))
    loaders = {path.stem for path in found.sources if path.parent.name == "loaders"}
    assert loaders == {name if name in ("elf", "vmvx") else "static"}
    assert bool(found.generated) == (not name.endswith("emitc"))


def test_a_library_that_is_switched_off(tree):
    with pytest.raises(BaremetalError, match="needs the library iree::hal::local::loaders::embedded_elf_loader"):
        read(tree, ["iree::hal::local::loaders::embedded_elf_loader"])


def test_a_missing_source(tree):
    (tree / "runtime/src/iree/hal/hal.c").unlink()
    with pytest.raises(BaremetalError, match=r"hal/CMakeLists.txt:2: hal.c is neither in the tree nor generated"):
        read(tree, ["iree::hal"])


def test_a_missing_submodule(tree):
    (tree / "third_party/flatcc").rename(tree / "gone")
    with pytest.raises(MissingSubmodule, match="submodule update --init --depth 1 third_party/flatcc") as caught:
        read(tree, ["flatcc::parsing"])
    assert caught.value.path == "third_party/flatcc"


def test_an_unknown_variable_in_a_library_that_is_used(tree):
    file = tree / "runtime/src/iree/hal/CMakeLists.txt"
    file.write_text(file.read_text().replace("iree::base", "${NEW_DEPS}"))
    with pytest.raises(BaremetalError, match=r"hal/CMakeLists.txt:2: the variables NEW_DEPS have no value"):
        read(tree, ["iree::hal"])


def test_what_no_library_in_use_needs_may_be_unknown(tree):
    file = tree / "runtime/src/iree/vm/CMakeLists.txt"
    file.write_text(file.read_text() + "iree_cc_library(\n NAME\n  odd\n DEPS\n  ${NEW_DEPS}\n)\n")
    read(tree, ["iree::vm"])


@pytest.mark.parametrize("name", deployments.ALL)
@pytest.mark.parametrize("arch", ["arm_32", "riscv_32"])
def test_the_real_tree(real_tree, name, arch):
    deployment = deployments.ALL[name]
    values = options.configure(deployment.options)
    found = libraries.read(real_tree, deployment.libraries(values), options.cmake_variables(values, arch))
    assert len(found.sources) > 80
    assert all((real_tree / path).is_file() for path in found.sources)
    assert "IREE_ALLOCATOR_SYSTEM_CTL=iree_allocator_baremetal_ctl" in found.defines
