"""The linker's script for embedded ELFs, with a linker that says what it was called with."""

import struct
import subprocess

import pytest
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
        return subprocess.run(["sh", script, "-o", "out.so", folder / "kernels.o"], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]

    return run


@pytest.mark.parametrize("triple, wide, machine", [("armv7em-none-unknown-eabihf", 1, 40), ("riscv32-pc-linux-elf", 1, 243), ("riscv64-pc-linux-elf", 2, 243)])
def test_for_the_board(link, triple, wide, machine):
    words = link(triple, wide, machine)
    assert "--exclude-libs=ALL" in words and "max-page-size=64" in words
    assert words[3].endswith("a folder/libm.a") and not [word for word in words if word.endswith(("libc.a", "libgcc.a"))]


@pytest.mark.parametrize("triple, wide, machine", [("armv7em-none-unknown-eabihf", 2, 62), ("riscv32-pc-linux-elf", 2, 243), ("riscv32-pc-linux-elf", 1, 40)])
def test_for_this_machine_nothing_is_added(link, triple, wide, machine):
    assert len(link(triple, wide, machine)) == 3
