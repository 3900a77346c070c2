"""Vendors' board support in place of ours, in miniature: built, linked and run."""

import shutil
import subprocess
from pathlib import Path

import pytest
from firmware import build
from iree_baremetal import board, toolchain
from iree_baremetal.board import bsp
from iree_baremetal.device import fault
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import elf_check

BSP = Path(__file__).parents[1] / "bsp"
MAIN = """
#include "board.h"
%s
static volatile int data = 7;
static volatile float number = 0.5f;
int main(void) {
  board_print_int(data, 0);
  board_print_fixed((int)(number * 30), 1, 5);
  board_print_int(%s, 10);
  board_print_int(board_stack_peak() > 16 && board_stack_peak() < 1024, 2);
  return 3;
}
"""


@pytest.fixture(scope="module")
def libopencm3(tmp_path_factory):
    """libopencm3 as its own build leaves it."""
    root = tmp_path_factory.mktemp("bsp") / "libopencm3"
    shutil.copytree(BSP / "libopencm3", root)
    tools, flags = toolchain.find(board.load("stm32f4")), toolchain.compile_flags(board.load("stm32f4"))
    subprocess.run([tools.cc, *flags, "-DSTM32F4", "-Iinclude", "-c", "lib/cm3/vector.c", "-o", "vector.o"], cwd=root, check=True)
    subprocess.run([tools.ar, "rcs", "lib/libopencm3_stm32f4.a", "vector.o"], cwd=root, check=True)
    return root


def run(target, folder, header, number):
    (folder / "main.c").write_text(MAIN % (header, number))
    made = build(target, folder / "main.c", folder)
    elf_check.check(made.elf, target)
    return made, made.run()


def test_cmsis(tmp_path):
    target = bsp.apply(board.load("stm32f4"), BSP / "cmsis")
    gcc = BSP / "cmsis" / "Source" / "Templates" / "gcc"
    assert target.source_files[2:4] == [gcc / "startup_stm32f407xx.s", gcc.parent / "system_stm32f4xx.c"]
    assert target.linker_script_file == gcc / "linker" / "STM32F407XX_FLASH.ld"
    made, done = run(target, tmp_path, '#include "stm32f4xx.h"', "SystemCoreClock + (RCC->CR & 0)")
    assert (done.returncode, done.stdout) == (3, "7  1.5  16000000 1")
    # The vendor's startup, and none of ours.
    assert {"Reset_Handler", "SystemInit", "__wrap_main"} <= set(made.symbols()) and "start" not in made.symbols()


def test_cmsis_with_our_linker_script(tmp_path):
    shutil.copytree(BSP / "cmsis", tmp_path / "pack", ignore=shutil.ignore_patterns("*.ld"))
    target = bsp.apply(board.load("stm32f4"), tmp_path / "pack")
    assert target.linker_script_file is None
    made, done = run(target, tmp_path, '#include "stm32f4xx.h"', "SystemCoreClock")
    assert (done.returncode, done.stdout) == (3, "7  1.5  16000000 1")
    assert made.symbols()["_estack"] == made.symbols()["__stack_end"]


def test_libopencm3(libopencm3, tmp_path):
    target = bsp.apply(board.load("stm32f4"), libopencm3)
    made, done = run(target, tmp_path, "#include <libopencm3/cm3/scb.h>", "SCB_CPACR >> 20")
    assert (done.returncode, done.stdout) == (3, "7  1.5        15 1")
    assert {"reset_handler", "vector_table"} <= set(made.symbols()) and "start" not in made.symbols()


FAULTY = """
#include "board.h"
__attribute__((noinline, used)) static int deeper(int n) { volatile char a[64]; a[0] = (char)n; return n < 0 ? 0 : deeper(n + 1) + a[0]; }
int main(void) { %s return 3; }
"""


@pytest.mark.parametrize(
    "action, kind, function",
    [
        ("return *(volatile int *)0x90000000u;", "bus", "main"),
        ("return deeper(1);", "stack overflow", "deeper"),
    ],
)
@pytest.mark.parametrize("vendor", ["cmsis", "cmsis without a linker script", "libopencm3"])
def test_faults_under_a_vendors_startup(libopencm3, tmp_path, vendor, action, kind, function):
    root = libopencm3 if vendor == "libopencm3" else BSP / "cmsis"
    if vendor.endswith("script"):
        root = tmp_path / "pack"
        shutil.copytree(BSP / "cmsis", root, ignore=shutil.ignore_patterns("*.ld"))
    (tmp_path / "main.c").write_text(FAULTY % action)
    made = build(bsp.apply(board.load("stm32f4"), root), tmp_path / "main.c", tmp_path)
    done = made.run()
    found = fault.find(done.stdout)
    assert done.returncode == 125 and found.kind == kind
    start, size = made.symbols()[function]
    assert start & ~1 <= (found.pc or found.lr) < (start & ~1) + size


def test_a_large_frame_that_steps_over_the_guard(tmp_path):
    """It is found by the paint of the lowest word, 32 bytes above what the board sets aside."""
    (tmp_path / "main.c").write_text(FAULTY % "*(volatile int *)(0x20020000 - 8192 + 32) = 1;")
    done = build(bsp.apply(board.load("stm32f4"), BSP / "cmsis"), tmp_path / "main.c", tmp_path).run()
    assert done.returncode == 125 and fault.find(done.stdout).kind == "stack overflow"


def test_an_applications_own_handler_comes_first(tmp_path):
    handler = '#include "board.h"\nvoid HardFault_Handler(void) { board_exit(9); }\n'
    (tmp_path / "main.c").write_text(handler + "int main(void) { return *(volatile int *)0x90000000u; }")
    made = build(bsp.apply(board.load("stm32f4"), BSP / "cmsis"), tmp_path / "main.c", tmp_path)
    assert made.run().returncode == 9


def test_anything_else_in_a_file(tmp_path):
    (tmp_path / "mine.py").write_text(
        f'root = "{BSP}/cmsis"\n'
        'sources = ["Source/Templates/gcc/startup_stm32f407xx.s", "Source/Templates/system_stm32f4xx.c"]\n'
        'include = ["Include", "Core/Include"]\n'
        'defines = {"STM32F407xx": "1"}\n'
    )
    target = bsp.apply(board.load("stm32f4"), tmp_path / "mine.py")
    _, done = run(target, tmp_path, '#include "stm32f4xx.h"', "SystemCoreClock")
    assert (done.returncode, done.stdout) == (3, "7  1.5  16000000 1")


def test_devices_of_a_family_are_told_apart(tmp_path):
    """As in nrfx/mdk: one folder for all, files for three assemblers, scripts for several parts."""
    names = [
        "gcc_startup_nrf52.S",
        "gcc_startup_nrf52840.S",
        "gcc_startup_nrf52833.S",
        "arm_startup_nrf52840.s",
        "system_nrf52840.c",
    ]
    names += [
        "system_nrf52.c",
        "system_nrf52833.c",
        "nrf52840.h",
        "nrf52.h",
        "nrf52840_xxaa.ld",
        "nrf52833_xxaa.ld",
        "nrf_common.ld",
    ]
    for name in names:
        (tmp_path / name).touch()
    target = bsp.apply(board.load("nrf52840-dk"), tmp_path)
    assert [p.name for p in target.source_files[2:4]] == ["gcc_startup_nrf52840.S", "system_nrf52840.c"]
    assert target.linker_script_file.name == "nrf52840_xxaa.ld" and f"-L{tmp_path}" in target.link_flags
    assert target.defines["NRF52840_XXAA"] == "1"
    assert not target.emulated.link_flags  # what stands in for the part has its own startup


@pytest.mark.parametrize(
    "name, where, message",
    [
        ("host", "cmsis", "board host runs no firmware"),
        ("stm32f4", "none", "there is no such folder or file"),
        ("stm32f4", "libopencm3", "no .*lib/libopencm3_stm32f4.a. Build it: make -C .*libopencm3 TARGETS=stm32/f4"),
        ("qemu-rv32", "cmsis", 'which device is board qemu-rv32 there.*device = {"cmsis": …} to .*qemu-rv32.py'),
        ("nucleo-f411re", "cmsis", "no startup_stm32f411xe.s in it"),
    ],
)
def test_what_cannot_be_used(name, where, message):
    with pytest.raises(BaremetalError, match=f"bsp=.*{message}"):
        bsp.apply(board.load(name), BSP / where)


@pytest.mark.parametrize(
    "text, message",
    [
        ('sorces = ["a.c"]', "unknown field 'sorces'. Fields: root, sources"),
        ('sources = ["a.c"]', "it names .*a.c, which is not there"),
        ("root = 1 +", "SyntaxError"),
    ],
)
def test_mistakes_in_a_file(tmp_path, text, message):
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(BaremetalError, match=message):
        bsp.apply(board.load("stm32f4"), tmp_path / "mine.py")
