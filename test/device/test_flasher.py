"""Which tool writes a board's flash, and how it is called."""

import shlex

import pytest
from iree_baremetal import board
from iree_baremetal.device import flasher
from iree_baremetal.errors import BaremetalError

STM32F4 = board.load("stm32f4")


@pytest.fixture
def path(tmp_path):
    """A search path with the named tools only."""

    def make(*names):
        for name in names:
            (tmp_path / name).write_text("#!/bin/sh\n")
            (tmp_path / name).chmod(0o755)
        return str(tmp_path)

    return make


@pytest.mark.parametrize(
    "tool, lines",
    [
        ("openocd", ["openocd -f interface/stlink.cfg -f target/stm32f4x.cfg -c 'program {a b.elf} verify reset exit'"]),
        ("pyocd", ["pyocd flash --no-wait --target stm32f407vg 'a b.elf'"]),
        ("probe-rs", ["probe-rs download --chip stm32f407vg 'a b.elf'", "probe-rs reset --chip stm32f407vg"]),
        ("st-flash", ["st-flash --reset write 'a b.bin' 0x8000000"]),
    ],
)
def test_commands(path, tool, lines):
    found, commands = flasher.commands(STM32F4, "a b.elf", "a b.bin", path=path(tool))
    assert found == tool
    assert [shlex.join(command) for command in commands] == lines


def test_the_first_that_board_and_machine_have(path):
    everything = path(*flasher.TOOLS)
    assert flasher.commands(STM32F4, "x", "x", path=everything)[0] == "openocd"
    assert flasher.commands(STM32F4, "x", "x", tool="st-flash", path=everything)[0] == "st-flash"
    nrf = board.load("nrf5340-dk")
    assert flasher.usable(nrf) == ["pyocd", "probe-rs"]
    assert flasher.commands(nrf, "x", "x", path=everything)[0] == "pyocd"


def test_none_on_the_machine(path):
    with pytest.raises(
        BaremetalError, match="board nrf5340-dk: no pyocd or probe-rs on the search path. Install it: pip install pyocd; or"
    ):
        flasher.commands(board.load("nrf5340-dk"), "x", "x", path=path("openocd", "st-flash"))


def test_a_tool_that_cannot(path):
    with pytest.raises(BaremetalError, match="flasher=st-flash: board nrf5340-dk can be written with pyocd, probe-rs."):
        flasher.commands(board.load("nrf5340-dk"), "x", "x", tool="st-flash", path=path("st-flash"))


@pytest.mark.parametrize("name", ["host", "qemu-rv32"])
def test_a_board_without_a_probe(path, name):
    with pytest.raises(BaremetalError, match=f"board {name} names no debug probe: .*{name}.py sets neither probe"):
        flasher.commands(board.load(name), "x", "x", path=path(*flasher.TOOLS))
