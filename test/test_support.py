"""The C for the boards, built by the real compilers and run on the host and in QEMU."""

from dataclasses import replace
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from firmware import build
from iree_baremetal import board
from iree_baremetal.device import fault

# One for every machine, core and kind of support code; those that stand in for another board, too.
EMULATED = [
    "stm32f4",
    "nucleo-f411re",
    "microbit",
    "mps2-an385",
    "mps2-an386",
    "mps2-an386-nofpu",
    "mps2-an500",
    "mps2-an505",
    "mps3-an547",
    "mps3-an547-nomve",
    "qemu-m55",
    "qemu-rv32",
    "qemu-rv32-nofpu",
    "qemu-rv32-vector",
    "qemu-rv64",
    "nrf52840-dk",
    "springbok",
]
BOARDS = ["host", *EMULATED]
PROGRAM = Path(__file__).with_name("support_program.c")


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    """The test program for the board called name, built once."""
    built, folder = {}, tmp_path_factory.mktemp("support")

    def firmware(name):
        if name not in built:
            built[name] = build(board.load(name).emulated, PROGRAM, folder)
        return built[name]

    return firmware


@pytest.mark.parametrize("name", BOARDS)
def test_prints_numbers(firmware, name):
    result = firmware(name).run("numbers")
    assert result.returncode == 0 and result.stderr == ""
    assert result.stdout.split("\n") == [
        "0 7 -12 9223372036854775807 -9223372036854775808",
        "   42|  -42|123456",
        "12.34 -0.05   1.000 0.0000000000000000001",
        "0x0000beef 0xffffffff",
        "",
    ]


@pytest.mark.parametrize("name", BOARDS)
def test_memory_is_set_up_and_mains_value_is_the_exit_code(firmware, name):
    result = firmware(name).run("exit")
    assert (result.returncode, result.stdout) == (42, "data 7 zero 0 errno 33 float 1.50\n")


@pytest.mark.parametrize("name", BOARDS)
def test_arguments_and_files_of_this_machine(firmware, name, tmp_path):
    data = bytes(range(256)) * 5
    (tmp_path / "in,1.bin").write_bytes(data)
    result = firmware(name).run("files", "in,1.bin", "out.bin", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "1280 bytes\n")
    assert (tmp_path / "out.bin").read_bytes() == data[::-1]
    result = firmware(name).run("files", "missing.bin", "out.bin", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "no missing.bin\n")


@pytest.mark.parametrize("name", EMULATED)
def test_the_count_is_exact(firmware, name):
    """Each of 200 loops is one turn longer than the last, and a turn is three instructions, or four."""
    result = firmware(name).run("count")
    counts = [int(word) for word in result.stdout.split()[1:]]
    assert result.stdout.startswith("instructions ") and len(counts) == 200
    assert {b - a for a, b in zip(counts, counts[1:])} == {4 if name == "microbit" else 3}


def test_the_host_counts_nanoseconds(firmware):
    assert firmware("host").run("count").stdout.startswith("ns ")


@pytest.mark.parametrize("name", EMULATED)
def test_stack_peak(firmware, name):
    result = firmware(name).run("stack")
    before, after = map(int, result.stdout.split())
    assert 0 < before < 400 and 1990 <= after - before < 2200  # of the 2000 that it takes, some may have been in use before


def test_stack_peak_is_not_known_on_the_host(firmware):
    assert firmware("host").run("stack").stdout == "0 0\n"


@pytest.mark.parametrize(
    "name, action, kind",
    [
        ("stm32f4", "load", "bus"),
        ("stm32f4", "undefined", "usage"),
        ("mps2-an386", "load", "bus"),
        ("mps2-an386", "undefined", "usage"),
        ("mps2-an386", "write_code", "memory"),
        ("mps2-an385", "load", "bus"),
        ("mps2-an500", "write_code", "memory"),
        ("mps2-an505", "load", "bus"),
        ("mps2-an505", "undefined", "usage"),
        ("mps2-an505", "write_code", "memory"),
        ("mps3-an547", "undefined", "usage"),
        ("mps3-an547", "write_code", "memory"),
        ("microbit", "undefined", "exception"),
        ("qemu-rv64", "load", "load"),
        ("qemu-rv64", "write_code", "store"),
        ("qemu-rv32", "load", "load"),
        ("qemu-rv32", "undefined", "illegal instruction"),
        ("qemu-rv32", "write_code", "store"),
    ],
)
def test_a_fault_tells_its_kind_and_place(firmware, name, action, kind):
    result = firmware(name).run(action)
    assert result.returncode == 125 and result.stdout.startswith("before\n\nfault: ")
    found = fault.find(result.stdout)
    assert found.kind == kind and found.status
    for place, function in ((found.pc, f"do_{action}"), (found.lr & ~1, "main")):
        start, size = firmware(name).symbols()[function]
        assert start & ~1 <= place < (start & ~1) + size
    if action == "load":
        assert found.address == 0x90000000


@pytest.mark.parametrize("name", EMULATED)
def test_a_stack_that_overflows_is_a_fault(firmware, name):
    result = firmware(name).run("overflow")
    found = fault.find(result.stdout)
    assert result.returncode == 125 and found.kind == "stack overflow"
    start, size = firmware(name).symbols()["do_overflow"]
    assert start & ~1 <= (found.pc or found.lr) < (start & ~1) + size


def test_where_memory_goes_on_below_the_stack_of_an_armv6m_its_paint_tells(tmp_path):
    """A kilobyte of stack, two of which are used, 8 KB above the start of memory."""
    microbit = board.load("microbit")
    ram = board.Region(microbit.ram[1].origin + 8192, microbit.ram[1].length - 8192)
    target = replace(microbit, stack=1024, memory={**microbit.memory, "RAM": ram})
    result = build(target, PROGRAM, tmp_path).run("stack")
    assert result.returncode == 125 and fault.find(result.stdout).kind == "stack overflow"
    assert build(replace(target, stack=4096), PROGRAM, tmp_path).run("stack").returncode == 0


@pytest.mark.parametrize("name", EMULATED)
def test_the_semihosting_console(name, tmp_path):
    target = board.load(name)
    made = build(replace(target.emulated, console="console_semihosting.c"), PROGRAM, tmp_path)
    assert made.run("exit").stdout == "data 7 zero 0 errno 33 float 1.50\n"


def test_it_is_small_and_takes_no_heap(tmp_path):
    """Startup, faults, console, counter, printing and stack peak: the whole of a small firmware."""
    source = tmp_path / "main.c"
    source.write_text(
        '#include "board.h"\n'
        "int main(void) { board_print_int(board_count(), 0); board_print(board_count_unit());"
        " board_print_int(board_stack_peak(), 9); return 0; }"
    )
    made = build(board.load("stm32f4"), source, tmp_path)
    with made.elf.open("rb") as file:
        sizes = {s.name: s["sh_size"] for s in ELFFile(file).iter_sections()}
    assert sum(sizes[s] for s in (".vectors", ".text", ".rodata", ".data")) <= 1200
    assert sizes[".data"] + sizes[".bss"] <= 16
    assert not {"malloc", "_malloc_r", "free", "_sbrk"} & set(made.symbols())


def test_a_32_bit_counter_may_wrap(tmp_path):
    source = tmp_path / "main.c"
    source.write_text(
        '#include "board.h"\n#include "counter_extend.h"\n'
        "int main(void) { extend(5); extend(0xfffffff0u); board_print_int(extend(3), 0);"
        " return 0; }"
    )
    assert build(board.load("host"), source, tmp_path).run().stdout == str(2**32 + 3)


COUNTING = """
#include "board.h"
int main(void) {
  const uint64_t start = board_count();
  for (volatile uint32_t i = 0; i < 3000000; ++i) {}
  board_print_int((int64_t)(board_count() - start), 0);
  board_print(" ");
  board_print(board_count_unit());
  return 0;
}
"""


@pytest.mark.parametrize(
    "name, counter", [("qemu-m0", "counter_systick.c"), ("qemu-rv32", "counter_riscv_cycles.c"), ("qemu-m0", "counter_none.c")]
)
def test_counters_of_parts(name, counter, tmp_path):
    """Of cores that QEMU has: SysTick ticks at 16 MHz there, 2.048 times in the 128 ns of an instruction, and wraps meanwhile."""
    source, own = tmp_path / "main.c", board.load(name)
    source.write_text(COUNTING)
    before, unit = build(own, source, tmp_path).run().stdout.split()
    count, of_part = build(replace(own, counter=counter), source, tmp_path).run().stdout.split()
    assert (unit, of_part) == ("instructions", "cycles")
    ratio = {"counter_systick.c": 2.048, "counter_riscv_cycles.c": 1, "counter_none.c": 0}[counter]
    assert int(count) == pytest.approx(ratio * int(before), rel=1e-3)
    assert counter != "counter_systick.c" or int(count) > 2**24


def test_of_several_harts_the_first_runs(tmp_path):
    """BOARD_HARTS: all begin at the reset vector, on K210. Without it the second would run main, too."""
    part = board.load("qemu-rv64")
    emulator = replace(part.emulator, options=(*part.emulator.options, "-smp", "2"))
    source = tmp_path / "main.c"
    source.write_text(
        '#include "board.h"\nint main(void) { board_print("one\\n"); for (volatile int i = 0; i < 100000; ++i) {} return 3; }'
    )
    done = build(replace(part, emulator=emulator, defines={**part.defines, "BOARD_HARTS": "2"}), source, tmp_path).run()
    assert (done.returncode, done.stdout) == (3, "one\n")


def test_cycles_of_a_64_bit_hart(tmp_path):
    part = board.load("qemu-rv64")
    source = tmp_path / "main.c"
    source.write_text(
        '#include "board.h"\nint main(void) { const uint64_t from = board_count(); for (volatile int i = 0; i < 1000; ++i) {} '
        "return board_count() - from > 4000 && board_count() >> 40 == 0 ? 0 : 1; }"
    )
    assert build(replace(part, counter="counter_riscv_cycles.c"), source, tmp_path).run().returncode == 0
