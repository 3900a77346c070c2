"""Blocks of int8 products: each shape is assembled and run on an emulated Cortex-M4, and held against NumPy."""

import re
import subprocess

import numpy
import pytest
import unicorn
from iree_baremetal.rewrite import dsp, dsp_16x8
from unicorn import arm_const

SHAPES, SHAPES_16x8 = (
    [(p, c) for p in range(1, 9) for c in range(1, 9) if kind(p, c, 1).fits] for kind in (dsp.Block, dsp_16x8.Block)
)
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
    """The registers of the outputs, of which the last two are tied to the inputs; and those that may change."""
    outputs = re.findall(r"(?<!~)\{(\w+)\}", constraints)
    count = len(outputs)
    assert constraints.split(",")[count : count + 2] == [str(count - 2), str(count - 1)]
    return outputs, re.findall(r"~\{(\w+)\}", constraints)


def _pairs(activations):
    """What the block takes in the place of activations, [word][4][pixel]: [word][half][pixel], each of two int16."""
    a0, a1, a2, a3 = activations.swapaxes(0, 1)
    whole = numpy.stack([[a0, a2], [a1 - 256 * a0 - 128, a3 - 256 * a2 - 128]])  # half, number, word, pixel
    assert -(2**15) <= whole.min() and whole.max() < 2**15
    return whole.transpose(2, 0, 3, 1).astype("<i2")


def _numbers(random, shape):
    """int8, often the least and the greatest."""
    return random.choice([-128, 127, *random.integers(-128, 128, 6)], shape)


@pytest.mark.parametrize("pixels, channels", SHAPES)
@pytest.mark.parametrize("words, is_small", [(1, False), (2, False), (7, False), (12, False), (12, True)])
def test_a_block_gives_the_sums_of_all_pairs(tmp_path, pixels, channels, words, is_small):
    random = numpy.random.default_rng(pixels * 100 + channels * 10 + words)
    activations, weights = _numbers(random, (words, 4, pixels)), _numbers(random, (channels, words, 4))
    starts = random.integers(-(2**20), 2**20, channels)
    text, constraints = dsp.Block(pixels, channels, words, is_small).text()
    machine, end = _machine(tmp_path, text)
    own = -128 * activations[:, ::2].sum((0, 1))
    machine.mem_write(DATA, own.astype("<i4").tobytes() + _pairs(activations).tobytes())
    packed, more = dsp.packed(weights.astype(numpy.int8))
    machine.mem_write(DATA + SIZE, (starts + more).astype("<i4").tobytes() + packed.T.tobytes())
    wanted = starts[:, None] + numpy.einsum("cwk,wkp->cp", weights, activations)
    assert _run(machine, end, constraints, pixels * channels) == wanted.reshape(-1).tolist()


@pytest.mark.parametrize("pixels, channels", SHAPES_16x8)
@pytest.mark.parametrize("words, is_small", [(1, False), (7, False), (12, False), (12, True)])
def test_a_block_of_16x8_gives_the_sums_of_all_pairs(tmp_path, pixels, channels, words, is_small):
    random = numpy.random.default_rng(pixels * 100 + channels * 10 + words)
    activations = random.choice([-(2**15), 2**15 - 1, *random.integers(-(2**15), 2**15, 6)], (words, 4, pixels))
    weights = _numbers(random, (channels, words, 4))
    text, constraints = dsp_16x8.Block(pixels, channels, words, is_small).text()
    machine, end = _machine(tmp_path, text)
    pairs = activations.reshape(words, 2, 2, pixels).swapaxes(2, 3)
    machine.mem_write(DATA, pairs.astype("<i2").tobytes())
    machine.mem_write(DATA + SIZE, dsp_16x8.packed(weights.astype(numpy.int8)).T.astype("<i4").tobytes())
    wanted = numpy.einsum("cwk,wkp->cp", weights, activations).astype(numpy.int32)
    assert _run(machine, end, constraints, pixels * channels) == wanted.reshape(-1).tolist()


def _run(machine, end, constraints, count):
    """The sums, count of them, after a block has run; it may change no registers but those that it says it does."""
    registers, clobbered = _operands(constraints)
    assert len(registers) == count + 2
    before = dict.fromkeys(dsp.REGISTERS, 0x5A5A5A5A) | dict(zip(registers[-2:], (DATA, DATA + SIZE)))
    for name, value in before.items():
        machine.reg_write(_NUMBERS[name], value)
    machine.reg_write(arm_const.UC_ARM_REG_SP, STACK)
    machine.emu_start(CODE | 1, end)
    after = {name: machine.reg_read(_NUMBERS[name]) for name in dsp.REGISTERS}
    kept = set(dsp.REGISTERS) - {*registers, *clobbered}
    assert "r7" in kept and all(after[name] == before[name] for name in kept)
    assert machine.reg_read(arm_const.UC_ARM_REG_SP) == STACK
    return numpy.array([after[name] for name in registers[:-2]], numpy.uint32).astype(numpy.int32).tolist()
