"""Boards as data: reading them, what they build on, where their values come from, and stand-ins."""

import pytest
from iree_baremetal import board
from iree_baremetal.errors import BaremetalError

MINE = """
base = "stm32f4xx"
description = "a board"
memory = {"FLASH": Region(0x08000000, 64 * KB, "rx"), "RAM": Region(0x20000000, 16 * KB)}
stack = 1 * KB
sources = ["own.c"]
defines = {"STM32_USART_PIN": "9u"}
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "own.c").touch()

    def write(text, name="mine"):
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", board.names())
def test_every_board_reads_and_its_files_exist(name):
    found = board.load(name)
    assert found.name == name and found.description
    if found.vmfb_only:
        return
    assert found.source_files and all(path.is_file() for path in found.source_files)
    assert found.emulated
    assert found.is_host or (found.flash and found.ram)


def test_the_targets_of_upstreams_elf_tests_are_for_vmfb_files_only():
    names = {"arm_32", "arm_64", "riscv_32", "riscv_64", "x86_32", "x86_64"}
    assert {name for name in board.names() if board.load(name).vmfb_only} == names


def test_a_users_board(write, tmp_path):
    path = write(MINE)
    mine = board.load("mine", [tmp_path])
    assert "mine" in board.names([tmp_path])
    assert mine.flash[0] == "FLASH" and mine.ram[1].end == 0x20004000
    assert mine.source_files[0] == board.SUPPORT / "startup_cortex_m.c"
    assert mine.source_files[-1] == path.parent / "own.c"
    assert mine.linker_script_file is None and mine.vector_address == 0x08000000


def test_a_users_board_comes_before_ours(write, tmp_path):
    write(MINE, "stm32f4")
    assert board.load("stm32f4", [tmp_path]).description == "a board"


def test_a_board_states_what_differs(write):
    mine, family = board.read(write(MINE)), board.BUILTIN / "families"
    assert mine.cpu == "cortex-m4" and mine.origins["cpu"] == family / "cortex-m4f.py"
    assert mine.toolchain == "arm-none-eabi" and mine.origins["toolchain"] == family / "cortex-m.py"
    assert mine.origins["stack"] == mine.path and "heap" not in mine.origins


def test_entries_of_defines_and_sources_are_added(write):
    mine = board.read(write(MINE))
    assert mine.defines["STM32_USART_PIN"] == "9u" and mine.origins["defines.STM32_USART_PIN"] == mine.path
    assert mine.defines["STM32_RCC"] and mine.origins["defines.STM32_RCC"].name == "stm32f4xx.py"
    assert mine.sources == ("print.c", "semihosting.c", "libc_stubs.c", "own.c")


def test_a_memory_map_is_the_boards_own(write):
    write('base = "stm32f4"\nmemory = {"CODE": Region(0, 1 * MB, "rx"), "DATA": Region(0x20000000, 1 * MB)}', "other")
    assert list(board.load("other", [write(MINE).parent]).memory) == ["CODE", "DATA"]


def test_of_several_bases_the_later_prevail(write):
    write('base = ["mps2-an386", "cortex-m4"]\n', "no_fpu")
    found = board.read(write(MINE).with_name("no_fpu.py"))
    assert found.float_abi == "soft" and found.emulator.machine == "mps2-an386"


def test_a_file_of_the_bases_folder(write, tmp_path):
    """Relative paths start at the file that names them, not at the one that builds on it."""
    write(MINE, "first")
    (tmp_path / "elsewhere").mkdir()
    second = tmp_path / "elsewhere" / "second.py"
    second.write_text('base = "first"')
    assert board.read(second, [tmp_path]).source_files[-1] == tmp_path / "own.c"


def test_unknown_board_lists_them_and_names_the_nearest():
    with pytest.raises(BaremetalError, match="(?s)no board 'stm32f5'.*mean stm32f4.*host,.* mps2"):
        board.load("stm32f5")


def test_a_stand_in_has_the_parts_sizes_and_core():
    part = board.load("nucleo-l4r5zi")
    machine, runs = board.load("mps2-an386"), part.emulated
    assert runs.part.name == part.name and runs.name == "nucleo-l4r5zi@mps2-an386"
    assert {n: r.length for n, r in runs.memory.items()} == {n: r.length for n, r in part.memory.items()}
    assert [r.origin for r in runs.memory.values()] == [machine.flash[1].origin, machine.ram[1].origin]
    assert (runs.machine_flags, runs.stack) == (part.machine_flags, part.stack)
    assert (runs.defines, runs.source_files) == (machine.defines, machine.source_files)
    assert runs.emulated is runs and machine.emulated is machine and board.load("host").emulated.is_host


def test_further_regions_of_a_part_lie_beside_its_ram():
    runs = board.load("nucleo-l476rg").emulated
    ram, sram2 = runs.memory["RAM"], runs.memory["SRAM2"]
    assert sram2.origin == ram.end and sram2.length == 32 * board.KB


def test_other_sizes_of_stack_and_heap_reach_the_stand_in():
    changed = board.resized(board.load("nrf52840-dk"), 4096, 1024)
    assert (changed.stack, changed.heap, changed.emulated.stack, changed.emulated.heap) == (4096, 1024) * 2
    with pytest.raises(BaremetalError, match="exceed RAM"):
        board.resized(changed, 1 * board.MB, 0)


def _number(text):
    return int(text.rstrip("u"), 0)


@pytest.mark.parametrize("name", [n for n in board.names() if "STM32_USART_DIVIDER" in board.load(n).defines])
def test_an_stm32s_console_runs_at_115200_baud(name):
    """Within 2 %, at the clock that its file gives; an LPUART, at the end of APB1's second enable register, divides by 256th."""
    on = board.load(name)
    if not on.console.startswith("console_stm32"):
        return
    base, divider = _number(on.defines["STM32_USART"]), _number(on.defines["STM32_USART_DIVIDER"])
    parts = 256 if base in (0x40008000, 0x46002400) else 1  # LPUART1: of L4, L5, G4; of U5
    assert abs(on.clock * parts / divider - 115200) < 0.02 * 115200


@pytest.mark.parametrize("name", board.names())
def test_what_is_not_known_of_a_board_is_not_given(name):
    on = board.load(name)
    debugger = on.console in ("console_semihosting.c", "console_none.c")
    assert not (debugger and on.clock) and (on.description.count("\n") == 0)
