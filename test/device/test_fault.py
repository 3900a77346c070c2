"""What faults and outcomes mean, in words; test_support.py provokes the faults themselves."""

import io
import subprocess
from pathlib import Path

import pytest
from firmware import build
from iree_baremetal import board, cli, toolchain
from iree_baremetal.device import fault, outcome
from iree_baremetal.device.emulator import Result
from iree_baremetal.errors import BaremetalError

PROGRAM = Path(__file__).parents[1] / "support_program.c"


def line(kind, pc=0, lr=0, status=0, address=0):
    return fault.Fault(kind, pc, lr, status, address)


@pytest.fixture(scope="module", params=["stm32f4", "microbit", "qemu-rv32"])
def firmware(request, tmp_path_factory):
    return build(board.load(request.param), PROGRAM, tmp_path_factory.mktemp("fault"))


def explained(firmware, found):
    return fault.explain(found, firmware.elf, firmware.board)


def test_the_last_line_on_the_console_counts():
    first, last = line("usage", 2, 3, 0x10000, 0), line("illegal instruction", 0x80000000, 1, 2, 0xFFFFFFFF)
    assert fault.find(f"a\n\n{first.line}\nb\n{last.line}\n") == last
    assert fault.find("fault: bus at pc 0x1") is None and fault.find("") is None


def test_function_offset_and_line(firmware):
    start, size = firmware.symbols()["do_load"]
    here = [i for i, text in enumerate(PROGRAM.read_text().splitlines(), 1) if text.startswith("FAULTY do_load")]
    text = explained(firmware, line("exception", (start & ~1) + 2, firmware.symbols()["main"][0] + 4, 3))
    assert f"at pc {(start & ~1) + 2:#010x}, do_load+0x2, support_program.c:{here[0]}\n" in text
    assert "called from " in text and ", main+0x4, support_program.c:" in text and "debug" in text


def test_without_debug_information_there_is_no_line(firmware, tmp_path):
    start = firmware.symbols()["do_load"][0] & ~1
    subprocess.run([toolchain.find(firmware.board).objcopy, "--strip-debug", firmware.elf, tmp_path / "a.elf"], check=True)
    text = fault.explain(line("exception", start + 2, 0, 3), tmp_path / "a.elf", firmware.board)
    assert text.splitlines()[1].endswith(", do_load+0x2")


def test_an_address_that_is_no_code(firmware):
    text = explained(firmware, line("exception", 0xFFFFFFF0, 0xFFFFFFF0, 3))
    assert "  at pc 0xfffffff0\n" in text and "called from" not in text


def test_addresses_are_named(firmware):
    start = firmware.symbols()["data"][0]
    assert f"address {start + 1:#010x}, data+0x1\n" in explained(firmware, line("load", 0, 0, 5, start + 1))
    assert f"0xf0000000, outside the memory of board {firmware.board.name}" in explained(
        firmware, line("load", 0, 0, 5, 0xF0000000)
    )
    assert ", in RAM\n" in explained(firmware, line("load", 0, 0, 5, firmware.board.ram[1].end - 4))


def test_a_stack_overflow_tells_the_stack(firmware):
    lr = firmware.symbols()["do_overflow"][0] + 8
    text = explained(firmware, line("stack overflow", 0, lr))
    assert text.startswith("stack overflow\n") and "the deepest call in the stack is at" in text and "do_overflow+0x8" in text
    assert f"Build with a larger stack=, which is {firmware.board.stack:,} bytes now." in text


def test_a_store_just_below_the_stack_is_its_overflow(firmware):
    below = firmware.symbols()["__stack_start"][0] - 8
    assert explained(firmware, line("bus", 0, 0, 0x8200, below)).startswith("stack overflow\n")
    assert not explained(firmware, line("bus", 0, 0, 0x8200, below - 8192)).startswith("stack overflow")


@pytest.mark.parametrize(
    "found, said",
    [
        (line("bus", status=0x8200), "bus fault: there is no memory to read or write\n"),
        (line("usage", status=0x10000), "usage fault: this is no instruction of the core\n"),
        (line("usage", status=0x2000000), "usage fault: a division by zero\n"),
        (line("memory", status=0x82), "memory fault: the memory protection forbids this read or write\n"),
        (line("exception", status=3), "exception 3, HardFault\n"),
        (line("exception", status=15), "exception 15, SysTick\n"),
        (line("exception", status=20), "exception 20, interrupt 4\n"),
    ],
)
def test_the_status_of_a_cortex_m(tmp_path_factory, found, said):
    made = build(board.load("stm32f4"), PROGRAM, tmp_path_factory.mktemp("status"))
    assert explained(made, found).startswith(said)


def test_the_cause_of_a_riscv_trap(tmp_path):
    made = build(board.load("qemu-rv32"), PROGRAM, tmp_path)
    assert explained(made, line("unexpected trap", status=11)).startswith("unexpected trap: a system call\n")
    assert explained(made, line("unexpected trap", status=0x80000007)).startswith("unexpected trap: mcause 0x80000007\n")
    assert explained(made, line("load", status=5)).startswith("load fault\n")


def test_an_elf_that_is_none(tmp_path):
    (tmp_path / "a.elf").write_text("no")
    with pytest.raises(BaremetalError, match="a.elf: cannot be read as ELF"):
        fault.explain(line("bus"), tmp_path / "a.elf", board.load("stm32f4"))


def test_on_the_command_line(firmware, capsys, monkeypatch):
    found = line("exception", firmware.symbols()["do_load"][0], 0, 3)
    arguments = ["fault", str(firmware.elf), "--board", firmware.board.name]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"before\n\n{found.line}\n"))
    assert cli.main(arguments) == 0
    assert ", do_load+0x0, " in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("before\n"))
    assert cli.main(arguments) == 2
    assert "no line as the firmware prints it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "code, said",
    [
        (0, ""),
        (1, "IREE_MODEL_MISALIGNED: a tensor or arena is at no multiple of 64; declare it IREE_ALIGNED"),
        (2, "IREE_MODEL_KERNEL: kernel a failed"),
        (1 << 16 | 7 << 8 | 2, "IREE_MODEL_KERNEL: kernel b failed with code 7"),
        (9 << 16 | 7 << 8 | 2, "IREE_MODEL_KERNEL: kernel failed with code 7"),
        (3, ""),
        (4, "IREE_MODEL_ROWS: more rows were pushed than the input has, or results were asked for before all were there"),
        (40, "IREE's runtime: RESOURCE_EXHAUSTED; build with a larger heap="),
        (35, "IREE's runtime: INVALID_ARGUMENT"),
        (99, ""),
    ],
)
def test_a_models_outcome(code, said):
    assert outcome.of_model(code, ["a", "b"]) == said


def test_what_ended_a_run(firmware):
    host = board.load("host")
    assert outcome.of_run(Result(-11, "", ""), "a", host) == "a was ended by SIGSEGV"
    assert outcome.of_run(Result(7, "", "late\n"), "a", host) == "a ended with exit code 7 on board host. late"
    assert (
        outcome.of_run(Result(1, "", ""), "a", host)
        .splitlines()[1]
        .startswith("If that is a model's outcome: IREE_MODEL_MISALIGNED")
    )
    text = outcome.of_run(Result(125, f"{line('stack overflow').line}\n", ""), firmware.elf, firmware.board)
    assert f"faulted on board {firmware.board.name}: stack overflow" in text
