"""The linker's script for embedded ELFs, with a linker that says what it was called with."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from iree_baremetal import compiler
from iree_baremetal.runtime import embedded_linker


def elf(path, wide, machine):
    path.write_bytes(b"\x7fELF" + bytes([wide]) + bytes(13) + struct.pack("<H", machine) + bytes(44))


@pytest.fixture
def link(tmp_path):
    """What the linker is called with for an object of the class and machine."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "libm.a").write_text("")
    for name, text in (("lld", 'printf "%s\\n" "$@"'), ("cc", 'echo "$(dirname "$0")/${1#-print-file-name=}"')):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)

    def run(triple, wide, machine):
        script = folder / "iree-lld.sh"
        script.write_text(embedded_linker.script(folder / "lld", triple, [str(folder / "cc")]))
        elf(folder / "kernels.o", wide, machine)
        return subprocess.run(
            ["sh", script, "-o", "out.so", folder / "kernels.o"], capture_output=True, text=True, check=True
        ).stdout.split("\n")[:-1]

    return run


@pytest.mark.parametrize(
    "triple, wide, machine",
    [("armv7em-none-unknown-eabihf", 1, 40), ("riscv32-pc-linux-elf", 1, 243), ("riscv64-pc-linux-elf", 2, 243)],
)
def test_for_the_board(link, triple, wide, machine):
    words = link(triple, wide, machine)
    assert "--exclude-libs=ALL" in words and "max-page-size=64" in words
    assert words[3].endswith("a folder/libm.a") and not [word for word in words if word.endswith(("libc.a", "libgcc.a"))]


@pytest.mark.parametrize(
    "triple, wide, machine",
    [("armv7em-none-unknown-eabihf", 2, 62), ("riscv32-pc-linux-elf", 2, 243), ("riscv32-pc-linux-elf", 1, 40)],
)
def test_for_this_machine_nothing_is_added(link, triple, wide, machine):
    assert len(link(triple, wide, machine)) == 3


MODEL = """
func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
  %y = arith.mulf %x, %x : tensor<8xf32>
  return %y : tensor<8xf32>
}
"""
FOR_THIS_MACHINE = [
    "--iree-hal-target-device=local",
    "--iree-hal-local-target-device-backends=llvm-cpu",
    "--iree-llvmcpu-target-cpu=generic",
]


def compiled(tool, folder, *flags, **environment):
    (folder / "f.mlir").write_text(MODEL)
    command = [tool, *FOR_THIS_MACHINE, *flags, "f.mlir", "-o", "f.vmfb"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, done.stderr
    assert (folder / "f.vmfb").is_file()


def test_a_linker_at_any_path(tmp_path):
    """iree-compile hands the path to a shell as it is."""
    folder = tmp_path / "Größe's & more $x"
    folder.mkdir()
    script = folder / "iree-lld.sh"
    script.write_text(f'#!/bin/sh\ntouch "{tmp_path}/called"\nexec "{embedded_linker.find_lld(compiler.find())}" "$@"\n')
    script.chmod(0o755)
    compiled(compiler.find(), tmp_path, embedded_linker.flag(str(script)))
    assert (tmp_path / "called").exists()


def test_a_compiler_in_a_folder_with_blanks(tmp_path):
    """Its own linker, which it calls for constants, lies beside it."""
    lld = embedded_linker.find_lld(compiler.find())
    package = tmp_path / "a venv/lib/python3.11/site-packages/iree/compiler/_mlir_libs"
    shutil.copytree(Path(lld).parent, package, copy_function=os.symlink, ignore=shutil.ignore_patterns("_*", "iree-compile"))
    shutil.copy(Path(lld).parent / "iree-compile", package)
    tool = tmp_path / "a venv/bin/iree-compile"
    tool.parent.mkdir()
    tool.symlink_to(package / "iree-compile")
    found = embedded_linker.environment(str(tool))
    assert found == {"IREE_LLVM_EMBEDDED_LINKER_PATH": f"'{package}/iree-lld'"}
    compiled(tool, tmp_path, **found)
    with pytest.raises(AssertionError, match="not found"):
        compiled(tool, tmp_path)


def test_elsewhere_nothing_is_needed():
    assert embedded_linker.environment("/usr/bin/iree-compile") == {}
