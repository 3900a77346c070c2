"""Blocks of int8 products: each shape is assembled and run on an emulated Cortex-M4, and held against NumPy."""

import re
import subprocess

import numpy
import pytest
import unicorn
from iree_baremetal.rewrite import dsp
from unicorn import arm_const

SHAPES = [(p, c) for p in range(1, 9) for c in range(1, 9) if dsp.Block(p, c, 1).fits]
CODE, DATA, STACK, SIZE = 0x10000, 0x20000, 0x50000, 0x10000
_NUMBERS = {name: getattr(arm_const, f"UC_ARM_REG_{name.upper()}") for name in dsp.REGISTERS}


def _machine(folder, text):
    source, binary = folder / "block.s", folder / "block.bin"
    source.write_text(f".syntax unified\n.thumb\n.cpu cortex-m4\n{text}\nbkpt #0\n")
    subprocess.run(["arm-none-eabi-gcc", "-c", source, "-o", folder / "block.o"], check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", folder / "block.o", binary], check=True)
    code = binary.read_bytes()
    machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
    machine.ctl_set_cpu_model(arm_const.UC_CPU_ARM_CORTEX_M4)
    for place in (CODE, DATA, DATA + SIZE, STACK - SIZE):
        machine.mem_map(place, SIZE)
    machine.mem_write(CODE, code)
    return machine, CODE + code.rindex(b"\x00\xbe")


def _operands(constraints):
    """The registers of the outputs, which are tied to the inputs in their order; and those that may change."""
    outputs = re.findall(r"(?<!~)\{(\w+)\}", constraints)
    count = len(outputs)
    assert constraints.split(",")[count : 2 * count] == [str(number) for number in range(count)]
    return outputs, re.findall(r"~\{(\w+)\}", constraints)


@pytest.mark.parametrize("pixels, channels", SHAPES)
@pytest.mark.parametrize("words", [1, 2, 7, 12])
def test_a_block_gives_the_sums_of_all_pairs(tmp_path, pixels, channels, words):
    random = numpy.random.default_rng(pixels * 100 + channels * 10 + words)
    activations = random.integers(-128, 128, (words, 4, pixels))
    weights = random.integers(-128, 128, (words, 4, channels))
    starts = random.integers(-(2**20), 2**20, channels)
    text, constraints = dsp.Block(pixels, channels, words).text()
    machine, end = _machine(tmp_path, text)
    # SXTB16 takes bytes 0 and 2 of a word, then 1 and 3.
    pairs = activations.reshape(words, 2, 2, pixels).swapaxes(2, 3).astype("<i2")
    machine.mem_write(DATA, pairs.tobytes())
    machine.mem_write(DATA + SIZE, weights[:, [0, 2, 1, 3]].swapaxes(1, 2).astype("i1").tobytes())
    registers, clobbered = _operands(constraints)
    assert len(registers) == pixels * channels + 2
    before = dict.fromkeys(dsp.REGISTERS, 0x5A5A5A5A)
    given = [*numpy.repeat(starts, pixels).tolist(), DATA, DATA + SIZE]
    before |= {name: value & 0xFFFFFFFF for name, value in zip(registers, given)}
    for name, value in before.items():
        machine.reg_write(_NUMBERS[name], value)
    machine.reg_write(arm_const.UC_ARM_REG_SP, STACK)
    machine.emu_start(CODE | 1, end)
    after = {name: machine.reg_read(_NUMBERS[name]) for name in dsp.REGISTERS}
    wanted = starts[:, None] + numpy.einsum("wkc,wkp->cp", weights, activations)
    sums = numpy.array([after[name] for name in registers[:-2]], numpy.uint32).astype(numpy.int32)
    assert sums.tolist() == wanted.reshape(-1).tolist()
    kept = set(dsp.REGISTERS) - {*registers, *clobbered}
    assert "r7" in kept and all(after[name] == before[name] for name in kept)
    assert machine.reg_read(arm_const.UC_ARM_REG_SP) == STACK
