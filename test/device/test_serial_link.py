"""Files by a serial line: the frames, and QEMU's serial port behind a pseudo-terminal that may spoil bytes."""

from dataclasses import replace
from pathlib import Path

import pytest
import serial_line
from firmware import build
from iree_baremetal import board
from iree_baremetal.device import serial_link
from iree_baremetal.errors import BaremetalError, FirmwareError

pytest.importorskip("serial")
PROGRAM = Path(__file__).parents[1] / "support_program.c"


def serial_board(name):
    return serial_link.with_files(board.load(name))


@pytest.mark.parametrize(
    "name, spoil", [("mps2-an386", 0), ("stm32f4", 0), ("qemu-rv32", 0), ("microbit", 0), ("mps2-an386", 0.001)]
)
def test_files_arguments_and_exit_code(name, spoil, tmp_path):
    on = serial_board(name)
    on = replace(on, defines={**on.defines, "SERIAL_PATIENCE": "100000"}) if spoil else on
    made = build(on, PROGRAM, tmp_path)
    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 5)
    with serial_line.qemu(on, made.elf, spoil) as (name, start):
        done = serial_link.run(
            on, made.elf, ["files", "in.bin", "out.bin"], 60, tmp_path, port=serial_link.open_port(name), start=start
        )
    left = (tmp_path / "out.bin").read_bytes()
    plain = build(board.load(on.name), PROGRAM, tmp_path)
    expected = plain.run("files", "in.bin", "out.bin", cwd=tmp_path)
    assert done.returncode == expected.returncode == 0
    assert left == (tmp_path / "out.bin").read_bytes() and (spoil or done.stdout == expected.stdout)


def _talks(on, tmp_path):
    """It prints in the emulator, and gets and gives files over the serial line."""
    assert build(on, PROGRAM, tmp_path).run("numbers").stdout.startswith("0 7 -12")
    on = serial_link.with_files(on)
    made = build(on, PROGRAM, tmp_path)
    (tmp_path / "in.bin").write_bytes(bytes(range(256)) * 5)
    with serial_line.qemu(on, made.elf) as (name, start):
        port = serial_link.open_port(name)
        done = serial_link.run(on, made.elf, ["files", "in.bin", "out.bin"], 60, tmp_path, port=port, start=start)
    assert done.returncode == 0 and (tmp_path / "out.bin").stat().st_size > 0


def test_a_pl011(tmp_path):
    """Of RP2040 and RP2350: QEMU has the UART in a machine of another core, and without their clocks and pins."""
    memory = {"FLASH": board.Region(0, 256 * 1024, "rx"), "RAM": board.Region(0x20000000, 64 * 1024)}
    machine = board.Qemu("arm", "lm3s6965evb", icount_shift=6)
    on = replace(board.load("mps2-an385"), name="lm3s", memory=memory, emulator=machine, counter="counter_systick.c")
    on = replace(on, console="console_pl011.c", defines={"PL011": "0x4000c000u", "PL011_DIVIDER": "417u"})
    _talks(on, tmp_path)


def test_hifive1_itself(tmp_path):
    """Of its firmware QEMU runs what the part would: its memory, clock, pins and UART."""
    part = board.load("hifive1")
    on = replace(
        part,
        stand_in="",
        on_stand_in=None,
        emulator=board.Qemu("riscv32", "sifive_e", options=("-bios", "none"), reset=0x20400000),
    )
    _talks(on, tmp_path)


def test_one_that_never_ends_and_one_that_never_asks(tmp_path, monkeypatch):
    on = serial_board("mps2-an386")
    source = tmp_path / "main.c"
    source.write_text('#include "board.h"\nint main(void) { board_print("here\\n"); for (;;) {} }')
    made = build(on, source, tmp_path)
    monkeypatch.setattr(serial_link, "_FIRST", 1)  # it never asks for files, and is known to run all the same
    with (
        serial_line.qemu(on, made.elf) as (name, start),
        pytest.raises(FirmwareError, match="did not end within 2 s. It printed last: here"),
    ):
        serial_link.run(on, made.elf, (), 2, tmp_path, port=serial_link.open_port(name), start=start)
    with (
        serial_line.qemu(on, made.elf) as (name, start),
        pytest.raises(BaremetalError, match="nothing asked for files within 1 s. Nothing came"),
    ):
        serial_link.run(on, made.elf, (), 20, tmp_path, port=serial_link.open_port(name))


def test_a_port_that_is_not_there():
    with pytest.raises(BaremetalError, match="on=serial:/dev/none: .*Is it plugged in"):
        serial_link.open_port("/dev/none")


def test_frames_are_found_among_text_and_noise():
    frames, one, two = serial_link.Frames(), serial_link.frame(1, 6, b"abc"), serial_link.frame(2, 5, b"\xa5\x5a" * 9)
    broken = bytearray(one)
    broken[7] ^= 4
    data = b"text" + one + b"more\xa5" + bytes(broken) + two + b"end"
    found = [f for at in range(0, len(data), 3) for f in frames.feed(data[at : at + 3])]
    assert found == [(1, 6, b"abc"), (2, 5, b"\xa5\x5a" * 9)]
    assert frames.text.startswith(b"textmore\xa5") and frames.text.endswith(b"end")


def test_a_question_that_comes_again_is_served_once(tmp_path):
    """The answer was lost: a write must not be done twice."""

    class Port:
        name, in_waiting = "here", 0

        def __init__(self):
            write = serial_link.frame(2, 5, b"\1\0\0\0\0\0\0\0abc")
            self.asked = [
                serial_link.frame(1, 1, b"w\0\0\0\0\0\0\0out.txt"),
                write,
                write,
                serial_link.frame(3, 0x20, b"\7\0\0\0\0\0\0\0"),
            ]
            self.answers = []

        def reset_input_buffer(self):
            pass

        def read(self, _):
            return self.asked.pop(0)

        def write(self, data):
            self.answers.append(bytes(data))

        def flush(self):
            pass

    port = Port()
    assert serial_link.run(board.load("mps2-an386"), "x.elf", (), 5, tmp_path, port=port).returncode == 7
    assert (tmp_path / "out.txt").read_text() == "abc" and port.answers[1] == port.answers[2]


def test_which_consoles_listen():
    with pytest.raises(BaremetalError, match="board sam-v71-xult: its console, console_semihosting.c, cannot receive"):
        serial_link.with_files(board.load("sam-v71-xult"))
    can = ("mps2-an386", "stm32f4", "nucleo-l476rg", "qemu-rv32", "microbit", "pico", "longan-nano", "hifive1")
    cannot = ("nrf5340-dk", "ek-ra8m1", "esp32-c6", "host")
    assert {name: serial_link.can_receive(board.load(name)) for name in can + cannot} == dict.fromkeys(can, True) | dict.fromkeys(
        cannot, False
    )
