"""What real artefacts say of themselves, and whether that fits a tree."""

import subprocess

import pytest
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import artifact, deployments, embedded_linker, options, versions

MODEL = """
func.func @simple_mul(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.mulf %a, %b : tensor<4xf32>
  return %0 : tensor<4xf32>
}
"""


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory):
    """The model compiled for each deployment: name to path, and "kernels"."""
    from types import SimpleNamespace

    board = SimpleNamespace(
        is_host=False, triple="armv7em-none-unknown-eabihf", cpu="cortex-m4", cpu_features="", float_abi="hard", abi=""
    )
    folder = tmp_path_factory.mktemp("artifacts")
    (folder / "mul.mlir").write_text(MODEL)
    tool = compiler.find()
    linker = folder / ("lld" + embedded_linker.suffix())
    linker.write_text(embedded_linker.script(embedded_linker.find_lld(tool), board.triple, ["arm-none-eabi-gcc"]))
    linker.chmod(0o755)
    result = {"kernels": folder / "static.o"}
    for name, deployment in deployments.ALL.items():
        if deployment.hal is deployments.INLINE:
            continue  # compiled phase by phase: test_inlined.py
        result[name] = folder / f"{name}.out"
        flags = deployment.compile_flags(board, options.configure(deployment.options))
        if deployment.static_library:
            flags.append(f"--iree-llvmcpu-static-library-output-path={folder / name}.o")
        flags.append(embedded_linker.flag(str(linker)))
        subprocess.run([tool, *flags, folder / "mul.mlir", "-o", result[name]], check=True, capture_output=True)
    return result


@pytest.mark.parametrize("name, kernels", [("static", "static"), ("elf", "embedded-elf-arm_32"), ("vmvx", "vmvx-bytecode-fb")])
def test_bytecode(artifacts, name, kernels):
    needs = artifact.bytecode(artifacts[name])
    assert needs.bytecode >= (16, 0)
    assert set(needs.modules) == {"hal"}
    assert needs.formats == {kernels}


def test_c_and_bytecode_need_the_same_modules(artifacts):
    assert artifact.c_module(artifacts["emitc"]).modules == artifact.bytecode(artifacts["static"]).modules


def test_kernels(artifacts):
    assert artifact.kernels(artifacts["kernels"]).library == 6


def test_the_embedded_elf_is_small(artifacts):
    """With pages of 64 KiB its segments would lie that far apart."""
    import io

    from elftools.elf.elffile import ELFFile

    data = artifacts["elf"].read_bytes()
    elf = ELFFile(io.BytesIO(data[data.index(b"\x7fELF") :]))
    assert max(s["p_vaddr"] + s["p_memsz"] for s in elf.iter_segments() if s["p_type"] == "PT_LOAD") < 4096


@pytest.mark.parametrize("read", [artifact.bytecode, artifact.c_module, artifact.kernels])
def test_other_files(tmp_path, read):
    path = tmp_path / "file"
    path.write_text("nothing of the kind")
    with pytest.raises(BaremetalError, match="file is not"):
        read(path)


NEEDS = artifact.Needs("m.vmfb", (17, 0), {"hal": 7})


@pytest.mark.parametrize(
    "provides, message",
    [
        (versions.Provides("tree", (17, 0), {"hal": 7, "hal_loader": 1}, 6), None),
        (versions.Provides("tree", (17, 2), {"hal": 7, "hal_loader": 1}, 6), None),
        (
            versions.Provides("tree", (16, 9), {"hal": 7, "hal_loader": 1}, 6),
            "needs version 17.0 of VM bytecode; the tree tree provides 16.9",
        ),
        (
            versions.Provides("tree", (17, 0), {"hal": 6, "hal_loader": 1}, 6),
            "needs version 0.7 of the HAL module; the tree tree provides 0.6",
        ),
        (
            versions.Provides("tree", (17, 0), {"hal": 8, "hal_loader": 1}, 6),
            "needs version 0.7 of the HAL module; the tree tree provides 0.8",
        ),
    ],
)
def test_check(provides, message):
    if not message:
        return versions.check(NEEDS, provides, "3.13.0", "v3.13.0")
    with pytest.raises(BaremetalError, match=message) as caught:
        versions.check(NEEDS, provides, "3.13.0", "v3.13.0")
    assert "m.vmfb, made by iree-compile 3.13.0," in str(caught.value)
    assert "'scons fetch-iree' gets v3.13.0" in str(caught.value)


def test_check_the_module_of_the_loader():
    provides = versions.Provides("tree", (17, 0), {"hal_inline": 0, "hal_loader": 0}, 6)
    with pytest.raises(BaremetalError, match="needs version 0.1 of the HAL loader module; the tree tree provides 0.0"):
        versions.check(artifact.Needs("m.vmfb", (17, 0), {"hal_inline": 0, "hal_loader": 1}), provides, "3.13.0", "v3.13.0")


def test_check_the_kernels_library():
    with pytest.raises(BaremetalError, match="needs version 0.5 of executable libraries; the tree tree provides 0.6"):
        versions.check(
            artifact.Needs("k.o", library=5),
            versions.Provides("tree", (17, 0), {"hal": 7, "hal_loader": 1}, 6),
            "3.9.0",
            "v3.9.0",
        )


def test_a_loader_that_the_runtime_lacks(artifacts):
    needs = artifact.bytecode(artifacts["elf"])
    versions.check_formats(needs, deployments.ALL["elf"])
    with pytest.raises(BaremetalError, match="has its kernels as embedded-elf-arm_32; deploy=vmvx runs vmvx-… only"):
        versions.check_formats(needs, deployments.ALL["vmvx"])


def test_what_a_tree_provides(tmp_path):
    for path, text in (
        ("vm/bytecode/isa/isa.h", "#define IREE_VM_BYTECODE_VERSION_MAJOR 17\n#define IREE_VM_BYTECODE_VERSION_MINOR 1\n"),
        ("modules/hal/module.c", "#define V_0_7 0x00000007u\n#define IREE_HAL_MODULE_VERSION_LATEST V_0_7\n"),
        ("modules/hal/inline/module.c", "#define IREE_HAL_INLINE_MODULE_VERSION_LATEST 0x0u\n"),
        ("modules/hal/loader/module.c", "#define IREE_HAL_LOADER_MODULE_VERSION_LATEST 0x1u\n"),
        ("hal/local/executable_library.h", "#define L 0x6u\n#define IREE_HAL_EXECUTABLE_LIBRARY_VERSION_LATEST \\\n  L\n"),
    ):
        file = tmp_path / "runtime/src/iree" / path
        file.parent.mkdir(parents=True)
        file.write_text(text)
    assert versions.of_tree(tmp_path) == versions.Provides(
        str(tmp_path), (17, 1), {"hal": 7, "hal_inline": 0, "hal_loader": 1}, 6
    )
    file.write_text("")
    with pytest.raises(BaremetalError, match="does not define IREE_HAL_EXECUTABLE_LIBRARY_VERSION_LATEST"):
        versions.of_tree(tmp_path)


def test_the_real_tree(real_tree):
    provides = versions.of_tree(real_tree)
    assert provides.bytecode >= (17, 0) and provides.modules["hal"] >= 6 and provides.library >= 6
