"""Command lines of the emulator, and runs that go wrong; test_support.py has those that go well."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from firmware import build
from iree_baremetal import board
from iree_baremetal.device import emulator
from iree_baremetal.errors import BaremetalError


@pytest.fixture
def stm32f4():
    return board.load("stm32f4")


@pytest.fixture
def host():
    return board.load("host")


def test_command_of_a_board(stm32f4):
    line = emulator.command(stm32f4, "build/a.elf", ["in,1.bin", "out.bin"])
    assert line[0].endswith("/qemu-system-arm")
    assert line[line.index("-machine") + 1] == "netduinoplus2"
    assert line[line.index("-icount") + 1] == "shift=0"
    assert line[-2:] == ["-kernel", "build/a.elf"]
    assert line[line.index("-semihosting-config") + 1].endswith(",arg=in,,1.bin,arg=out.bin")


def test_the_host_runs_the_program_itself(host):
    assert emulator.command(host, "build/a", ["x"]) == ["build/a", "x"]


def test_an_argument_with_a_blank_is_refused(stm32f4):
    with pytest.raises(BaremetalError, match="argument 'my file' .* without blanks"):
        emulator.command(stm32f4, "a.elf", ["my file"])


def test_a_missing_emulator_names_its_package(stm32f4, tmp_path):
    with pytest.raises(BaremetalError, match="no qemu-system-arm .*install qemu-system-arm"):
        emulator.command(stm32f4, "a.elf", path=str(tmp_path))
    with pytest.raises(BaremetalError, match="install qemu-system-(misc|riscv)"):
        emulator.command(board.load("qemu-rv32"), "a.elf", path=str(tmp_path))
    with pytest.raises(BaremetalError, match="stm32f4 has no emulator"):
        emulator.command(replace(stm32f4, emulator=None), "a.elf")


def test_the_exit_code_and_both_outputs_come_back(host, tmp_path):
    script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    (tmp_path / "a.py").write_text(script)
    result = emulator.run(host, sys.executable, ["a.py"], cwd=tmp_path)
    assert result == emulator.Result(3, "out\n", "err\n")


def test_a_timeout_says_what_came_last(host, tmp_path):
    (tmp_path / "a.py").write_text("import time; print('started', flush=True); time.sleep(60)")
    with pytest.raises(BaremetalError, match="did not end within 1 s.*last: started"):
        emulator.run(host, sys.executable, ["a.py"], timeout=1, cwd=tmp_path)


def test_a_program_that_is_not_there(host, stm32f4, tmp_path):
    with pytest.raises(BaremetalError, match="cannot run .*No such file"):
        emulator.run(host, tmp_path / "none")
    with pytest.raises(BaremetalError, match="emulator failed on .*none"):
        emulator.run(stm32f4, tmp_path / "none")


@pytest.mark.parametrize("name", ["stm32f4", "qemu-rv32"])
def test_firmware_starts_no_program_on_this_machine(name, tmp_path, monkeypatch):
    firmware = build(board.load(name), Path(__file__).parents[1] / "escaping_program.c", tmp_path)
    result = firmware.run(cwd=tmp_path)
    assert not (tmp_path / "escaped").exists()
    assert result.returncode or result.stdout == "refused\n"
    monkeypatch.setattr(emulator, "sandbox", lambda program: [])
    assert firmware.run(cwd=tmp_path).stdout == "it ran\n"  # it is the sandbox that refuses
    assert (tmp_path / "escaped").exists()


def test_an_emulator_without_a_sandbox_is_used_as_it_is(tmp_path):
    program = tmp_path / "qemu"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert emulator.sandbox(str(program)) == []
