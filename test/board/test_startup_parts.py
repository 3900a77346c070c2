"""What the startup does for some firmware only, by the real toolchain and in QEMU: further regions, interrupts, bootloaders."""

import subprocess
from dataclasses import replace

import pytest
from elftools.elf.elffile import ELFFile
from firmware import build
from iree_baremetal import board, toolchain
from iree_baremetal.board import KB, MB, Region, bootloader, startup_parts
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import elf_check

# QEMU's machines have memory there; EXT is loaded by the emulator as a flasher would.
FURTHER = {
    "mps2-an386": {"EXT": Region(0x21000000, 1 * MB, "rx"), "FAST": Region(0x21800000, 64 * KB, "rw")},
    "mps2-an505": {"EXT": Region(0x80000000, 1 * MB, "rx"), "FAST": Region(0x80800000, 64 * KB, "rwx")},
    "qemu-rv32": {"EXT": Region(0x81000000, 1 * MB, "rx"), "FAST": Region(0x81800000, 64 * KB, "rw")},
}

REGIONS = r"""
#include "board.h"

BOARD_IN(ext) static const volatile int table[3] = {10, 20, 30};
BOARD_IN(fast) static volatile int counter = 1000;
BOARD_ZERO_IN(fast) static volatile int sum[2];
BOARD_NOT_ZEROED static volatile int kept;
static volatile int ordinary = 5;

BOARD_RAMFUNC static int add(int a, int b) { return a + b + ordinary; }

int main(void) {
  board_print_int(table[2], 0);
  board_print_int(counter, 6);
  board_print_int(sum[0] + sum[1], 3);
  sum[1] = add(counter, table[1]);
  board_print_int(sum[1], 6);
  board_print("\n");
  board_print_hex((uint32_t)(uintptr_t)add & ~1u);
  kept = 1;
  return kept - 1;
}
"""


def further(name):
    target = board.load(name)
    return replace(target, memory={**target.memory, **FURTHER[name]})


def compiled(target, text, tmp_path):
    source = tmp_path / "main.c"
    source.write_text(text)
    return build(target, source, tmp_path)


@pytest.mark.parametrize("name", FURTHER)
def test_data_in_further_regions_is_there_when_main_begins(name, tmp_path):
    target = further(name)
    made = compiled(target, REGIONS, tmp_path)
    # What is written at start must come from flash, not from an emulator that loads all of an ELF file.
    with made.elf.open("rb") as file:
        elf = ELFFile(file)
        loaded = [s for s in elf.iter_segments("PT_LOAD") if s["p_filesz"]]
        code, ext = target.flash[1], target.memory["EXT"]
        assert all(code.origin <= s["p_paddr"] < code.end or ext.origin <= s["p_paddr"] < ext.end for s in loaded)
    done = made.run()
    assert done.returncode == 0, done.stdout
    *numbers, function = done.stdout.split()
    assert numbers == ["30", "1000", "0", "1025"]
    ram = target.ram[1]
    assert ram.origin <= int(function, 16) < ram.end


@pytest.mark.parametrize(
    "declaration, message",
    [
        ('__attribute__((section(".apart"))) volatile int value = 5', "section .apart has initial values at 0x8040"),
        ("BOARD_ZERO_IN(ext) volatile int value", "region EXT, which board qemu-rv32 has as read-only"),
    ],
)
def test_what_nothing_would_put_into_memory_is_refused(declaration, message, tmp_path):
    text = f'#include "board.h"\n{declaration};\nint main(void) {{ return value; }}\n'
    with pytest.raises((BaremetalError, subprocess.CalledProcessError)) as refusal:
        made = compiled(further("qemu-rv32"), text, tmp_path)
        elf_check.check(made.elf, made.board)
    assert message in str(refusal.value) + str(getattr(refusal.value, "stderr", ""))


def test_data_for_a_region_from_a_library_is_seen(tmp_path):
    """Where the library is among the sources; where the linker finds it alone, the linker says so."""
    target, tools = further("mps2-an386"), toolchain.find(board.load("mps2-an386"))
    (tmp_path / "part.c").write_text('#include "board.h"\nBOARD_IN(fast) volatile int value = 5;\n')
    flags = [*toolchain.compile_flags(target), f"-I{board.SUPPORT}", "-c", "part.c"]
    subprocess.run([tools.cc, *flags], cwd=tmp_path, check=True)
    subprocess.run([tools.ar, "rcs", "libpart.a", "part.o"], cwd=tmp_path, check=True)
    text = "extern volatile int value;\nint main(void) { return value; }\n"
    assert compiled(replace(target, libraries=(str(tmp_path / "libpart.a"),)), text, tmp_path).run().returncode == 5
    hidden = replace(target, link_flags=("-Wl,--start-group", str(tmp_path / "libpart.a"), "-Wl,--end-group"))
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        compiled(hidden, text, tmp_path)
    assert "data for region FAST comes from a library, where nobody saw it" in refusal.value.stderr


def test_what_needs_no_part_has_none(tmp_path):
    plain = "int main(void) { return 3; }\n"
    made = compiled(board.load("mps2-an386"), plain, tmp_path)
    before = made.elf.read_bytes()
    target = replace(further("mps2-an386"), interrupts={"UARTRX0_Handler": 0})
    (tmp_path / "other").mkdir()
    more = compiled(target, plain, tmp_path / "other")
    with made.elf.open("rb") as one, more.elf.open("rb") as other:
        names = (".vectors", ".text", ".rodata", ".data")
        assert [ELFFile(one).get_section_by_name(n).data() for n in names] == [
            ELFFile(other).get_section_by_name(n).data() for n in names
        ]
    assert before and more.run().returncode == 3


HANDLERS = """
#include "board.h"

#define REG(address) (*(volatile uint32_t *)(address))
static volatile int ticks, pended, interrupts;

void SysTick_Handler(void) { ++ticks; }
void PendSV_Handler(void) { ++pended; }
void SPARE_IRQHandler(void) { ++interrupts; }

int main(void) {
  REG(0xe000e014) = 1000;
  REG(0xe000e010) = 7;  // SysTick
  REG(0xe000ed04) = 1u << 28;  // PendSV
  REG(0xe000e100 + NUMBER / 32 * 4) = 1u << NUMBER % 32;
  REG(0xe000e200 + NUMBER / 32 * 4) = 1u << NUMBER % 32;  // pending
  while (ticks < 3) {
  }
  board_print_int(pended, 0);
  board_print_int(interrupts, 2);
  return ticks < 3;
}
"""
CORTEX = {"mps2-an386": 20, "stm32f4": 37, "microbit": 25, "mps2-an505": 60, "mps3-an547": 60}


def with_interrupt(name):
    return replace(board.load(name), interrupts={"SPARE_IRQHandler": CORTEX[name], "OTHER_IRQHandler": CORTEX[name] + 3})


@pytest.mark.parametrize("name", CORTEX)
def test_handlers_by_the_names_of_cmsis(name, tmp_path):
    made = compiled(with_interrupt(name), HANDLERS.replace("NUMBER", str(CORTEX[name])), tmp_path)
    done = made.run()
    assert (done.returncode, done.stdout) == (0, "1 1")


@pytest.mark.parametrize("name", CORTEX)
def test_an_interrupt_without_handler_is_reported(name, tmp_path):
    number = CORTEX[name] + 3
    text = HANDLERS.replace("NUMBER", str(number)).replace("while (ticks < 3) {", "while (ticks < 30) {")
    done = compiled(with_interrupt(name), text, tmp_path).run()
    assert done.returncode == 125 and "fault: exception at pc" in done.stdout and f"status {16 + number:#010x}" in done.stdout


@pytest.mark.parametrize("name", ["mps2-an386", "stm32f4", "mps2-an505", "mps3-an547"])
def test_behind_a_bootloader_its_own_handlers_are_called(name, tmp_path):
    target = bootloader.offset(with_interrupt(name), 0x8000)
    made = compiled(target, HANDLERS.replace("NUMBER", str(CORTEX[name])), tmp_path)
    assert made.symbols()["vectors"][0] == board.load(name).flash[1].origin + 0x8000
    done = made.run()
    assert (done.returncode, done.stdout) == (0, "1 1")


@pytest.mark.parametrize("name", ["qemu-rv32", "qemu-rv64"])
@pytest.mark.parametrize("offset", [0x8000, 0x1800])
def test_risc_v_behind_a_bootloader(name, offset, tmp_path):
    target = board.load(name)
    code = target.flash[1]
    target = replace(target, memory={**target.memory, "FLASH": Region(code.origin + offset, code.length - offset, "rx")})
    assert compiled(target, "int main(void) { return 9; }\n", tmp_path).run().returncode == 9


def test_a_board_file_behind_a_bootloader(tmp_path):
    (tmp_path / "mine.py").write_text(
        'base = "stm32f4"\nmemory = {"FLASH": Region(0x08010000, 960 * KB, "rx"), "RAM": Region(0x20000000, 128 * KB)}\n'
    )
    target = board.read(tmp_path / "mine.py")
    assert target.defines["BOARD_VTOR"] == "1" and "BOARD_VTOR" not in board.load("stm32f4").defines
    assert (
        compiled(target, HANDLERS.replace("SPARE_IRQ", "Spare").replace("NUMBER", "37").replace("e100 ", "e180 "), tmp_path)
        .run()
        .stdout
        == "1 0"
    )


@pytest.mark.parametrize(
    "name, offset, message",
    [
        ("stm32f4", 0x8010, "vectors must lie at a multiple of 512"),
        ("stm32f4", 0x100000, "has 1,048,576 bytes of FLASH in all"),
        ("microbit", 0x8000, "cortex-m0 takes its vectors from address 0 alone"),
        ("qemu-rv32", 100, "not a multiple of 4096"),
    ],
)
def test_offsets_that_cannot_be(name, offset, message):
    with pytest.raises(BaremetalError, match=message):
        bootloader.offset(board.load(name), offset)


def test_a_large_table_is_aligned_to_its_size():
    target = replace(board.load("mps2-an386"), interrupts={"LAST_IRQHandler": 239})
    assert startup_parts.table_size(target) == 4 * 256 and bootloader.vector_alignment(target) == 1024
    target = replace(target, interrupts={"LAST_IRQHandler": 240})
    assert bootloader.vector_alignment(target) == 2048
