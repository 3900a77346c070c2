"""Firmware on a part behind a GDB server, for which QEMU's stands here: one board of each core."""

import contextlib
import shutil
import socket
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gdb_server
import pytest
from firmware import build
from iree_baremetal import board
from iree_baremetal.device import fault, probe
from iree_baremetal.errors import BaremetalError, FirmwareError

pytestmark = pytest.mark.skipif(
    not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name"
)
PROGRAM = Path(__file__).parents[1] / "support_program.c"
# Every core, and memory that is flash to QEMU, too.
BOARDS = ["microbit", "mps2-an385", "stm32f4", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "qemu-rv32", "qemu-rv64"]


@pytest.fixture(scope="module")
def elf(tmp_path_factory):
    """The path of the firmware of a C program, a file or text, for a board, built once."""
    built, folder = {}, tmp_path_factory.mktemp("probe")

    def elf(on, source=PROGRAM):
        if (on.name, source) not in built:
            own = folder / str(len(built))
            own.mkdir()
            file = source if isinstance(source, Path) else own / "program.c"
            if file is not source:
                file.write_text(source)
            built[on.name, source] = build(on, file, own).elf
        return built[on.name, source]

    return elf


@pytest.fixture(scope="module")
def an386():
    """(board, its GDB server), one for all tests that leave it usable."""
    on = board.load("mps2-an386")
    with gdb_server.qemu(on) as address:
        yield on, probe.own_server(address)


@pytest.mark.parametrize("name", BOARDS)
def test_console_files_arguments_and_exit_code(elf, name, tmp_path):
    on = board.load(name)
    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 5)
    with gdb_server.qemu(on) as address:
        server = probe.own_server(address)
        run = probe.run(on, elf(on), ["files", "in.bin", "out.bin"], 60, tmp_path, server=server)
        again = probe.run(on, elf(on), ["numbers"], 60, tmp_path, server=server)  # the same part, started anew
    assert run == build_free_run(on, elf(on), ["files", "in.bin", "out.bin"], tmp_path)
    assert again.returncode == 0 and again.stdout.startswith("0 7 -12 9223372036854775807")


def build_free_run(on, elf, arguments, folder):
    """What the emulator itself does, and whether it left the same files."""
    from iree_baremetal.device import emulator

    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = emulator.run(on, elf, arguments, cwd=folder)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    return result


@pytest.mark.parametrize("name", ["mps2-an386", "qemu-rv32"])
def test_a_server_that_hands_files_to_gdb(elf, name, tmp_path):
    on = board.load(name)
    source = """
#include "board.h"
#include "board_files.h"
int main(void) {
  char text[6];
  const board_file in = board_file_open("in.txt", "rb"), out = board_file_open("out.txt", "wb");
  board_file_write(out, text, board_file_read(in, text, 6));
  return board_file_close(out) + 7;
}
"""
    (tmp_path / "in.txt").write_text("hello")
    with gdb_server.qemu(on, file_io=True) as address:
        how = {"server": probe.own_server(address), "semihosting": "file-io"}
        if gdb_server.qemu_version() < (8, 1):
            done = probe.run(on, elf(on, source), (), 60, tmp_path, **how)
            assert (done.returncode, done.stdout) == (7, "")
        else:  # QEMU tells GDB of no stop or end any more once it has handed it a file: its server just goes
            with pytest.raises(BaremetalError, match="Remote connection closed, while"):
                probe.run(on, elf(on, source), (), 60, tmp_path, **how)
    assert (tmp_path / "out.txt").read_text() == "hello"


def test_a_fault_is_told(elf, an386, tmp_path):
    on, server = an386
    path = elf(on, "int main(void) { return *(volatile int *)0x90000000; }")
    done = probe.run(on, path, (), 60, tmp_path, server=server)
    assert done.returncode == 125 and fault.find(done.stdout).address == 0x90000000


def test_a_firmware_that_never_ends_is_stopped_and_placed(elf, an386, tmp_path):
    on, server = an386
    path = elf(on, '#include "board.h"\nint main(void) { board_print("begun\\n"); for (volatile int i = 0;; ++i) {} }')
    with pytest.raises(
        FirmwareError, match=r"did not end within 2 s. It is at pc 0x\w+, main, .*program.c:2. It printed last: begun"
    ):
        probe.run(on, path, (), 2, tmp_path, server=server)
    again = elf(on, "int main(void) { return 3; }")  # and the part is to be had again
    assert probe.run(on, again, (), 60, tmp_path, server=server).returncode == 3


def test_a_server_that_is_lost_while_it_runs(elf, tmp_path):
    on = board.load("mps2-an386")
    source = """
#include "board.h"
#include "board_files.h"
int main(void) {
  board_print("begun\\n");
  board_file_open("begun", "wb");
  for (volatile int i = 0;; ++i) {}
}
"""
    with gdb_server.qemu(on, lost_with=tmp_path / "begun") as address:
        with pytest.raises(BaremetalError, match=r"Remote connection closed, while .* ran. It printed last: begun"):
            probe.run(on, elf(on, source), (), 60, tmp_path, server=probe.own_server(address))


def test_another_core_than_the_boards(elf, an386, tmp_path):
    on = board.load("mps2-an505")
    with pytest.raises(BaremetalError, match="board mps2-an505 has a cortex-m33, and the GDB server at .* to a cortex-m4"):
        probe.run(on, elf(on), (), 20, tmp_path, server=an386[1])


def test_a_core_that_stops_by_itself():
    """A breakpoint in the firmware, which QEMU's cores take for a fault, or a lockup."""

    class Stops:
        def text(self):
            return ""

        def resume(self, deadline):
            return {
                "reason": "signal-received",
                "signal-name": "SIGILL",
                "addr": "0x0100",
                "func": "main",
                "file": "a.c",
                "line": "3",
            }

        def value(self, expression):
            return 0x100

    program = SimpleNamespace(stops=[4], is_arm=True, word=4, path="a.elf", write=None)
    with pytest.raises(FirmwareError, match="a.elf stopped at pc 0x0100, main, a.c:3, by SIGILL. It printed last: nothing"):
        probe._serve(Stops(), board.load("mps2-an386"), program, (), 30, None)


@pytest.mark.parametrize(
    "board_name, part, right", [("ek-ra8m1", 0xD23, True), ("mps3-an547", 0xD22, True), ("ek-ra8m1", 0xD21, False)]
)
def test_a_cortex_m85_runs_what_is_made_for_a_cortex_m55(board_name, part, right):
    class Part:
        def read(self, address, size):
            return (0x410F0000 | part << 4).to_bytes(4, "little")  # CPUID: of Arm, the part's number

    with contextlib.nullcontext() if right else pytest.raises(BaremetalError, match="has a cortex-m55, and .* a cortex-m33"):
        probe._check_core(Part(), board.load(board_name), probe.own_server("localhost:1"))


def test_memory_that_cannot_be_written(elf, an386, tmp_path):
    on = board.load("stm32f4")  # the same core, and no flash where this one has it
    with pytest.raises(BaremetalError, match="board stm32f4: the GDB server at .*(Load failed|cannot be read back)"):
        probe.run(on, elf(on), (), 20, tmp_path, server=an386[1])


def test_nobody_listens(elf, monkeypatch):
    monkeypatch.setattr(probe, "_CONNECT", 1)
    on, port = board.load("mps2-an386"), gdb_server.free_port()
    with pytest.raises(BaremetalError, match=f"the GDB server at localhost:{port}: .*(refused|timed out)"):
        probe.run(on, elf(on), (), 20, server=probe.own_server(f"localhost:{port}"))


def test_something_else_listens(elf, monkeypatch):
    monkeypatch.setattr(probe, "_CONNECT", 1)
    monkeypatch.setattr(probe, "_ANSWER", 1)
    on = board.load("mps2-an386")
    with socket.create_server(("localhost", 0)) as server:
        taken = []
        threading.Thread(target=lambda: taken.append(server.accept()), daemon=True).start()
        with pytest.raises(BaremetalError, match="does not answer GDB|not answer|timed out"):
            probe.run(on, elf(on), (), 20, server=probe.own_server(f"localhost:{server.getsockname()[1]}"))


def test_gdb_that_is_not_there(elf, an386, tmp_path):
    on, server = an386
    with pytest.raises(BaremetalError, match="no gdb-multiarch on the search path.*install gdb-multiarch"):
        probe.run(replace(on, toolchain="none"), elf(on), (), 20, server=server, path=str(tmp_path))


@pytest.mark.parametrize("address", ["", "3333", "localhost", "localhost:0", "localhost:99999", "a b:3333", "x;y:1"])
def test_addresses_that_are_none(address):
    with pytest.raises(BaremetalError, match="not host:port"):
        probe.own_server(address)
