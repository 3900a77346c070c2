"""Firmware against boards: real firmware of the real toolchains, held against boards it is not for."""

import subprocess
from dataclasses import replace

import pytest
from firmware import build
from iree_baremetal import board, toolchain
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import elf_check

MAIN = '#include "board.h"\nvolatile float x = 2; volatile double y;\nint main(void) { y = x * y; return (int)x; }\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The ELF of a small firmware for a board; unnamed: without the symbol that says for which."""
    folder, built = tmp_path_factory.mktemp("elf"), {}
    (folder / "main.c").write_text(MAIN)

    def made(name, unnamed=False):
        if name not in built:
            target = board.load(name)
            built[name] = build(target, folder / "main.c", folder).elf
        if not unnamed:
            return built[name]
        bare = folder / f"{name}_unnamed.elf"
        objcopy = toolchain.find(board.load(name)).objcopy
        subprocess.run([objcopy, f"--strip-symbol={board.load(name).mark}", built[name], bare], check=True)
        return bare

    return made


def refusal(elf, name_or_board, check=elf_check.check):
    target = board.load(name_or_board) if isinstance(name_or_board, str) else name_or_board
    with pytest.raises(BaremetalError) as error:
        check(elf, target)
    assert elf.name in str(error.value) and target.name in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("name", [n for n in board.names() if board.load(n).toolchain])
def test_firmware_is_for_its_own_board(made, name):
    elf_check.check(made(name), board.load(name))


def test_firmware_of_another_board_is_refused_by_name(made):
    """The two have the same core and the same memory."""
    assert "it was linked for board stm32f4." in refusal(made("stm32f4"), "stm32f407-discovery")
    assert "linked for board nucleo-f411re" in refusal(made("nucleo-f411re"), "nucleo-f446re")


def test_firmware_for_the_stand_in_is_not_for_the_part(made, tmp_path):
    part = board.load("nrf52840-dk")
    (tmp_path / "main.c").write_text(MAIN)
    twin = build(part.emulated, tmp_path / "main.c", tmp_path).elf
    elf_check.check(twin, part.emulated)
    assert "linked for board nrf52840-dk-mps2-an386" in refusal(twin, part)


@pytest.mark.parametrize(
    "of, on, message",
    [
        ("qemu-rv32", "stm32f4", "it is code for RV32, the board's core is Arm."),
        ("stm32f4", "qemu-rv32", "it is code for Arm, the board's core is RV32."),
        ("qemu-rv64", "qemu-rv32", "it is code for RV64, the board's core is RV32."),
        ("mps2-an386", "mps2-an385", "it needs the architecture v7E-M; cortex-m3 is v7-M."),
        ("mps2-an385", "microbit", "it needs the architecture v7-M; cortex-m0 is v6-M."),
        ("mps2-an386", "mps2-an386-nofpu", "it uses an FPU, the board has none (float_abi is 'soft')."),
        ("mps2-an500", "mps2-an386", "it uses double-precision instructions, the board's FPU is single-precision."),
        ("mps3-an547", "mps3-an547-nomve", "it uses the vector extension MVE, the board has none."),
        ("qemu-rv32", "qemu-rv32-nofpu", "its floating-point ABI is single, the board's (ilp32) is soft."),
        ("stm32f4", "mps2-an386", "segment, 0x08000000 to 0x0800"),
        ("mps2-an386", "stm32f4", "lies outside the board's memory (FLASH 0x08000000 to 0x08100000, RAM"),
    ],
)
def test_firmware_of_another_core_or_memory(made, of, on, message):
    assert message in refusal(made(of, unnamed=True), on)


def test_a_core_that_can_do_more_is_no_mistake(made):
    elf_check.check(made("mps2-an385", unnamed=True), board.load("mps2-an500"))


def test_variables_outside_ram(made):
    small = replace(board.load("stm32f4"), memory={**board.load("stm32f4").memory, "RAM": board.Region(0x20000000, 4096)})
    assert "section .stack, 0x20000000 to 0x20002000, lies outside" in refusal(made("stm32f4"), small)


def test_vectors_where_the_core_looks(made):
    target = board.load("stm32f4")
    assert "nothing lies at 0x08080000, where the core looks" in refusal(made("stm32f4"), replace(target, vectors=0x08080000))
    message = refusal(made("stm32f4"), replace(target, vectors=0x08000004))
    assert "its vectors, at 0x08000004, begin with 0x0800" in message and "no stack in the board's RAM" in message
    rv32 = board.load("qemu-rv32")
    message = refusal(made("qemu-rv32"), replace(rv32, vectors=0x80000100))
    assert "its first instruction is at 0x80000000, but the core starts at 0x80000100." in message


def test_a_file_that_is_no_elf(tmp_path):
    (tmp_path / "a.elf").write_text("no")
    with pytest.raises(BaremetalError, match="a.elf: cannot be read as ELF"):
        elf_check.check(tmp_path / "a.elf", board.load("stm32f4"))


@pytest.mark.parametrize(
    "flags, message",
    [
        (["-mcpu=cortex-m7", "-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard"], "double-precision"),
        (["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp"], "by the soft ABI, the board by the hard one"),
        (["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=soft"], "it needs the architecture v8-M.main"),
        (["-mcpu=cortex-a9", "-mfloat-abi=soft"], "it is not code for Cortex-M, as cortex-m4 is"),
    ],
)
def test_an_object_of_another_core(tmp_path, flags, message):
    target = board.load("stm32f4")
    (tmp_path / "a.c").write_text("float twice(float x) { return 2 * x; }")
    subprocess.run([toolchain.find(target).cc, *flags, "-c", "a.c", "-o", "a_kernels.o"], cwd=tmp_path, check=True)
    said = refusal(tmp_path / "a_kernels.o", target, elf_check.check_object)
    assert message in said and "IREE_TARGETFLAGS" in said


def test_an_object_of_the_boards_core(tmp_path):
    for name in ("stm32f4", "qemu-rv32-vector"):
        target = board.load(name)
        (tmp_path / "a.c").write_text("float twice(float x) { return 2 * x; }")
        (tmp_path / "b.S").write_text(".word 1\n")
        for source in ("a.c", "b.S"):
            command = [toolchain.find(target).cc, *toolchain.compile_flags(target), "-c", source, "-o", "a.o"]
            subprocess.run(command, cwd=tmp_path, check=True)
            elf_check.check_object(tmp_path / "a.o", target)


def test_vectors_that_the_core_lacks(tmp_path):
    target = board.load("qemu-rv32-vector")
    (tmp_path / "a.S").write_text('.attribute arch, "rv32i2p1_f2p2_zve32f1p0_zvl32b1p0"\nvsetvli t0, a0, e32, m1\n')
    flags = ["-march=rv32imafc_zve32f", "-mabi=ilp32f"]
    subprocess.run([toolchain.find(target).cc, *flags, "-c", "a.S", "-o", "a.o"], cwd=tmp_path, check=True)
    elf_check.check_object(tmp_path / "a.o", target)
    message = refusal(tmp_path / "a.o", "qemu-rv32", elf_check.check_object)
    assert "it uses the extensions zve32f, zve32x, zvl32b, which the board lacks" in message
