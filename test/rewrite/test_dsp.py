"""Blocks of int8 products: each shape is assembled and run on an emulated Cortex-M4, and held against NumPy."""

import numpy
import pytest
import thumb_machine
from iree_baremetal.rewrite.dsp import block, block_16x8, block_int4
from thumb_machine import DATA, SIZE

SHAPES, SHAPES_16x8, SHAPES_INT4 = (
    [(p, c) for p in range(1, 9) for c in range(1, 9) if kind(p, c, 1).fits]
    for kind in (block.Block, block_16x8.Block, block_int4.Block)
)


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
    own = -128 * activations[:, ::2].sum((0, 1))
    packed, more = block.packed(weights.astype(numpy.int8))
    memory = (
        own.astype("<i4").tobytes() + _pairs(activations).tobytes(),
        (starts + more).astype("<i4").tobytes() + packed.T.tobytes(),
    )
    sums = thumb_machine.run(tmp_path, *block.Block(pixels, channels, words, is_small).text(), (DATA, DATA + SIZE), *memory)
    wanted = starts[:, None] + numpy.einsum("cwk,wkp->cp", weights, activations)
    assert sums.tolist() == wanted.reshape(-1).tolist()


@pytest.mark.parametrize("pixels, channels", SHAPES_16x8)
@pytest.mark.parametrize("words, is_small", [(1, False), (7, False), (12, False), (12, True)])
def test_a_block_of_16x8_gives_the_sums_of_all_pairs(tmp_path, pixels, channels, words, is_small):
    random = numpy.random.default_rng(pixels * 100 + channels * 10 + words)
    activations = random.choice([-(2**15), 2**15 - 1, *random.integers(-(2**15), 2**15, 6)], (words, 4, pixels))
    weights = _numbers(random, (channels, words, 4))
    pairs = activations.reshape(words, 2, 2, pixels).swapaxes(2, 3)
    memory = pairs.astype("<i2").tobytes(), block_16x8.packed(weights.astype(numpy.int8)).T.astype("<i4").tobytes()
    sums = thumb_machine.run(tmp_path, *block_16x8.Block(pixels, channels, words, is_small).text(), (DATA, DATA + SIZE), *memory)
    wanted = numpy.einsum("cwk,wkp->cp", weights, activations).astype(numpy.int32)
    assert sums.tolist() == wanted.reshape(-1).tolist()


@pytest.mark.parametrize("pixels, channels", SHAPES_INT4)
@pytest.mark.parametrize("words, is_small", [(2, False), (14, False), (24, False), (24, True)])
def test_a_block_of_int4_weights_gives_the_sums_of_all_pairs(tmp_path, pixels, channels, words, is_small):
    random = numpy.random.default_rng(pixels * 100 + channels * 10 + words)
    activations = _numbers(random, (words, 4, pixels))
    weights = random.choice([-8, 7, *random.integers(-8, 8, 6)], (channels, words, 4)).astype(numpy.int8)
    starts = random.integers(-(2**15), 2**15, channels)
    a0, a1, a2, a3 = activations.swapaxes(0, 1)
    pairs = numpy.stack([[16 * a0, 16 * a2], [a1, a3]]).transpose(2, 0, 3, 1)  # word, half, pixel, number
    own = -block_int4.UNIT * 8 * activations.sum((0, 1))
    memory = (
        own.astype("<i4").tobytes() + pairs.astype("<i2").tobytes(),
        (block_int4.UNIT * starts).astype("<i4").tobytes() + block_int4.packed(weights).T.tobytes(),
    )
    assert block_int4.packed(weights).nbytes * 2 == weights.nbytes
    sums = thumb_machine.run(tmp_path, *block_int4.Block(pixels, channels, words, is_small).text(), (DATA, DATA + SIZE), *memory)
    wanted = starts[:, None] + numpy.einsum("cwk,wkp->cp", weights, activations)
    assert sums.tolist() == wanted.reshape(-1).tolist()
