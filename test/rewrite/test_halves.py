"""Blocks of int8 products, two pixels in a word: each shape is run on an emulated RV32 core, and held against NumPy."""

import re
import subprocess

import numpy
import pytest
import unicorn
from iree_baremetal.rewrite.rv32 import halves
from unicorn import riscv_const

LENGTHS = [2, 3, 4]
SHAPES = [(p, c, n) for p in range(1, 4) for c in range(1, 12) for n in LENGTHS if halves.Block(p, c, n, 1).fits]
CODE, ACTIVATIONS, WEIGHTS, STACK, SIZE = 0x10000, 0x20000, 0x30000, 0x50000, 0x10000
_NUMBERS = {name: getattr(riscv_const, f"UC_RISCV_REG_{name.upper()}") for name in [*halves.REGISTERS, "gp", "tp", "sp"]}


def _machine(folder, text):
    """An RV32 core with the block as its code, and where that ends."""
    source = folder / "block.s"
    source.write_text(f"{text}\nend: nop\n")
    flags = ["-march=rv32imac", "-mabi=ilp32"]
    subprocess.run(["riscv64-unknown-elf-gcc", *flags, "-c", source, "-o", folder / "block.o"], check=True)
    linked = ["-nostdlib", "-Wl,--entry=0", f"-Wl,-Ttext={CODE:#x}", folder / "block.o", "-o", folder / "block.elf"]
    subprocess.run(["riscv64-unknown-elf-gcc", *flags, *linked], check=True)
    subprocess.run(["riscv64-unknown-elf-objcopy", "-O", "binary", folder / "block.elf", folder / "block.bin"], check=True)
    code = (folder / "block.bin").read_bytes()
    machine = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
    for place in (CODE, ACTIVATIONS, WEIGHTS, STACK - SIZE):
        machine.mem_map(place, SIZE)
    machine.mem_write(CODE, code)
    return machine, CODE + len(code) - 2  # a nop takes two bytes


def _run(folder, block, activations, weights, starts):
    """The sums, [channel][pixel], of activations [run][factor][pixel] and weights [run][channel][factor]."""
    text, constraints = block.text()
    machine, end = _machine(folder, text)
    pairs = activations.reshape(block.runs, block.length, block.pairs, 2)
    machine.mem_write(ACTIVATIONS, (pairs[..., 0] + (pairs[..., 1] << 16)).astype("<i4").tobytes())
    machine.mem_write(WEIGHTS, weights.astype("i1").tobytes())
    registers = re.findall(r"(?<!~)\{(\w+)\}", constraints)
    assert len(registers) == block.sums + 2
    uppers = numpy.repeat(starts, block.pairs)
    given = [*(uppers * 65537 - halves.HALF * block.runs).tolist(), *uppers.tolist(), ACTIVATIONS, WEIGHTS]
    before = dict.fromkeys(_NUMBERS, 0x5A5A5A5A) | {"sp": STACK} | dict(zip(registers, given))
    for name, value in before.items():
        machine.reg_write(_NUMBERS[name], value & 0xFFFFFFFF)
    machine.emu_start(CODE, end)
    after = {name: machine.reg_read(_NUMBERS[name]) for name in _NUMBERS}
    kept = set(_NUMBERS) - {*registers, *re.findall(r"~\{(\w+)\}", constraints)}
    assert {"gp", "tp", "sp", "s0"} <= kept | set(registers) and all(after[name] == before[name] for name in kept)
    words = numpy.array([after[name] for name in registers[:-2]], numpy.uint32).astype(numpy.int32)
    wholes, uppers = words.reshape(2, block.channels, block.pairs)
    return numpy.stack([wholes - (uppers << 16), uppers], -1).reshape(block.channels, -1)


@pytest.mark.parametrize("pairs, channels, length", SHAPES)
def test_a_block_gives_the_sums_of_all_pixels(tmp_path, pairs, channels, length):
    random = numpy.random.default_rng(pairs * 100 + channels * 10 + length)
    runs = int(random.choice([1, 2, 7, 8]))
    activations = random.integers(-128, 128, (runs, length, 2 * pairs))
    most = 255 // length  # so that a run stays within 16 bits
    weights = random.integers(-most, most + 1, (runs, channels, length))
    starts = random.integers(-(2**20), 2**20, channels)
    found = _run(tmp_path, halves.Block(pairs, channels, length, runs), activations, weights, starts)
    assert found.tolist() == (starts[:, None] + numpy.einsum("rcf,rfp->cp", weights, activations)).tolist()


@pytest.mark.parametrize("low, high", [(-128, -128), (-128, 127), (127, -128), (127, 127)])
@pytest.mark.parametrize("first, second", [(-128, -127), (-128, 127), (127, -128), (127, 127)])
def test_the_greatest_runs_do_not_mix(tmp_path, low, high, first, second):
    activations = numpy.tile([low, high], (3, 2, 1))
    weights = numpy.tile([first, second], (3, 1, 1))
    found = _run(tmp_path, halves.Block(1, 1, 2, 3), activations, weights, numpy.array([5]))
    assert found.tolist() == [[5 + 3 * (first + second) * low, 5 + 3 * (first + second) * high]]
