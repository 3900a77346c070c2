"""Blocks of int8 products of one pixel: assembled and run on an emulated Cortex-M4, and held against NumPy."""

import numpy
import pytest
import thumb_machine
from iree_baremetal.rewrite.dsp import gemv
from thumb_machine import DATA, SIZE

CHANNELS = [n for n in range(1, 13) if gemv.Block(n, 1).fits]


def _numbers(random, shape):
    """int8, often the least and the greatest."""
    return random.choice([-128, 127, *random.integers(-128, 128, 6)], shape).astype(numpy.int8)


def _offset(activations):
    """What the sums begin with, by NumPy."""
    rest = len(activations) % 4
    x = [*activations[: len(activations) - rest], *(activations[-4:] if rest else [])]
    x = numpy.reshape(x, (-1, 4)).astype(int)
    return -(128 * x[:, 3] - 127 * x[:, 1] + x[:, 2]).sum()


def _sums(folder, activations, weights, starts, is_small=False, shift=0):
    """Those of a block, whose activations lie shift bytes behind a whole word."""
    channels, factors = weights.shape
    packed, more = gemv.packed(weights)
    return thumb_machine.run(
        folder,
        *gemv.Block(channels, packed.shape[1], is_small, gemv.overlap(factors)).text(),
        (_offset(activations) % 2**32, DATA + shift, DATA + SIZE),
        bytes(shift) + activations.tobytes() + b"\x55" * 4,
        (starts + more).astype("<i4").tobytes() + packed.T.tobytes(),
    ).tolist()


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize(
    "factors, is_small", [(4, False), (6, False), (8, False), (28, False), (120, False), (121, False), (51, True)]
)
def test_a_block_gives_the_sums_of_all_channels(tmp_path, channels, factors, is_small):
    random = numpy.random.default_rng(channels * 100 + factors)
    activations, weights = _numbers(random, factors), _numbers(random, (channels, factors))
    starts = random.integers(-(2**20), 2**20, channels)
    wanted = (starts + weights.astype(int) @ activations).tolist()
    assert _sums(tmp_path, activations, weights, starts, is_small, shift=channels % 4) == wanted


@pytest.mark.parametrize("number", [-128, 127])
def test_the_least_and_the_greatest_numbers(tmp_path, number):
    factors = 16_001
    activations, weights = numpy.full(factors, number, numpy.int8), numpy.full((2, factors), -128, numpy.int8)
    assert _sums(tmp_path, activations, weights, numpy.zeros(2, int)) == [-128 * number * factors] * 2


@pytest.mark.parametrize("factors", [4, 5, 12, 16, 39, 128])
@pytest.mark.parametrize("is_small", [False, True])
def test_what_depends_on_the_pixel_is_added_up_once(tmp_path, factors, is_small):
    activations = _numbers(numpy.random.default_rng(factors), factors)
    found = thumb_machine.run(tmp_path, *gemv.offset(factors, is_small), (DATA,), activations.tobytes())
    assert found.tolist() == [_offset(activations)]


@pytest.mark.parametrize("channels", [1, 8])
def test_long_blocks_count_beyond_16_bits(channels):
    """The end of the weights, or the number of turns, takes two instructions to load."""
    text, _ = gemv.Block(channels, 65_537, is_small=True).text()
    assert "movt" in text
