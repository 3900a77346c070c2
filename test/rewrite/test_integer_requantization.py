"""Integer requantization, held against NumPy's arithmetic at every single sum."""

import dataclasses

import int8_functions
import int8_products
import numpy
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import lowering
from iree_baremetal.rewrite import dispatches, product
from iree_baremetal.rewrite.integers import bend, exceptions, line, requantization


def in_steps(values, first):
    """The `Steps` of an array that never falls, values[0] at x = first."""
    goals = numpy.arange(values[0] + 1, values[-1] + 1)
    below = numpy.array([first + numpy.flatnonzero(values < goal)[-1] for goal in goals], numpy.int64)
    last = first + len(values) - 1
    return line.Steps(first, last, int(values[0]), int(values[-1]), goals, below, int(values[0]), int(values[-1]))


def only(asked):
    """The `Line` of one channel, or None."""
    _, (found,) = line.choose([asked])
    return found


def quantized(x, scale, step, zero):
    """What ONNX says of a sum: in float32, one operation after another."""
    real = x.astype(numpy.float32) * numpy.float32(scale)
    return numpy.clip(numpy.rint(real / numpy.float32(step)) + zero, -128, 127).astype(int)


@pytest.mark.parametrize("seed", range(20))
def test_a_line_is_right_at_every_sum(seed):
    random = numpy.random.default_rng(seed)
    scale, step, zero = 10 ** random.uniform(-4, -2), random.uniform(0.02, 0.9), int(random.integers(-128, 128))
    first, last = sorted(int(v) for v in random.integers(-60000, 60000, 2))
    x = numpy.arange(first, last + 1)
    wanted = quantized(x, scale, step, zero)
    asked = in_steps(wanted, first)
    found = only(asked)
    assert found is not None
    assert numpy.array_equal(numpy.clip(found(x), asked.least, asked.greatest), wanted)
    assert abs(found.m) < 2**31 and abs(found.c) < 2**15 and abs(found.b) < 2**15


def test_a_line_holds_beside_the_steps_of_other_channels():
    """A channel whose sums end before the limits of the others must not be clamped into being right."""
    x = numpy.arange(-3000, 3001)
    wanted = quantized(x, 0.00113, 0.37, 0)
    own = in_steps(wanted, -3000)
    asked = line.Steps(own.first, own.last, own.first_value, own.last_value, own.values, own.below, -128, 127)
    found = only(asked)
    assert numpy.array_equal(numpy.clip(found(x), -128, 127), wanted)


def test_ties_to_even_have_no_line():
    x = numpy.arange(-100, 101)
    asked = in_steps(numpy.rint(x / 4).astype(int), -100)
    assert only(asked) is None
    rounded_up = in_steps(numpy.floor(x / 4 + 0.5).astype(int), -100)
    found = only(rounded_up)
    assert numpy.array_equal(numpy.clip(found(x), -25, 25), numpy.floor(x / 4 + 0.5))


def rounded_twice(x, factor, shift):
    """MultiplyByQuantizedMultiplier() of TensorFlow Lite: SaturatingRoundingDoublingHighMul(), then RoundingDivideByPOT()."""
    product = x * factor
    high = numpy.where(product >= 0, (product + 2**30) // 2**31, -((-product + 2**30 - 1) // 2**31))
    remainder = high & ((1 << shift) - 1)
    return (high >> shift) + (remainder > ((1 << shift) - 1 >> 1) + (high < 0))


@pytest.mark.parametrize("seed", range(40))
def test_a_bend_is_right_at_every_sum(seed):
    random = numpy.random.default_rng(seed)
    factor, shift, zero = int(random.integers(2**30 + 1, 2**31)), int(random.integers(5, 11)), int(random.integers(-127, 128))
    bias = int(random.integers(-400000, 400000) / 2 ** (10 - shift))
    reach = int(random.uniform(20, 2000) * 2**shift)
    x = numpy.arange(-reach, reach + 1)
    wanted = numpy.clip(rounded_twice(x + bias, factor, shift) + zero, -128, 127)
    asked = dataclasses.replace(in_steps(wanted, -reach), turn=-bias)
    up, (found,) = bend.choose([asked])
    assert numpy.array_equal(numpy.clip(found(x), asked.least, asked.greatest), wanted)
    y = (x << up) + found.b
    assert abs(found.m) < 2**31 and abs(y).max() < 2**31 and abs(found.c) < 2**26


def test_no_straight_line_stands_for_both_roundings():
    x = numpy.arange(-30000, 30001)
    asked = in_steps(numpy.clip(rounded_twice(x, 1518500250, 7), -128, 127), -30000)
    assert only(asked) is None
    _, (found,) = bend.choose([dataclasses.replace(asked, turn=0)])
    assert found is not None


@pytest.mark.parametrize("turn", [-400, 400])
def test_a_turn_at_another_sum_has_no_bend(turn):
    """By it sums are taken for negative that are rounded as positive ones, or the reverse."""
    x = numpy.arange(-30000, 30001)
    asked = in_steps(numpy.clip(rounded_twice(x, 1518500250, 7), -128, 127), -30000)
    _, (found,) = bend.choose([dataclasses.replace(asked, turn=turn)])
    assert found is None


def test_one_wrong_sum_is_one_too_many():
    x = numpy.arange(0, 4001)
    wanted = x // 40
    wanted[40 * 50 - 3 : 40 * 50] += 1  # one step comes three sums early
    asked = in_steps(wanted, 0)
    found = only(asked)
    assert found is None
    assert exceptions.find(asked, 4) is None


@pytest.mark.parametrize("seed", range(20))
def test_exceptions_make_up_for_steps_that_come_one_sum_too_early_or_too_late(seed):
    random = numpy.random.default_rng(seed)
    x = numpy.arange(-40000, 40001)
    wanted = quantized(x, 0.00213719, 0.37, int(random.integers(-20, 20)))
    for place in random.choice(numpy.flatnonzero(numpy.diff(wanted)), 1 + seed % 4, replace=False):
        if seed % 3:
            wanted[place] += 1
        else:
            wanted[place + 1] -= 1
    asked = in_steps(wanted, -40000)
    _, (found,) = exceptions.complete([asked], line.choose([asked]))
    assert found is not None
    assert numpy.array_equal(numpy.clip(found(x), asked.least, asked.greatest), wanted)


def test_ties_of_floats_are_exceptions():
    """In float32 some sums lie between two integers by rounding only."""
    x = numpy.arange(-60000, 60001)
    asked = in_steps(quantized(x, 0.0021, 0.37, 0), -60000)
    assert only(asked) is None
    _, (found,) = exceptions.complete([asked], line.choose([asked]))
    assert found.exceptions and numpy.array_equal(numpy.clip(found(x), -128, 127), quantized(x, 0.0021, 0.37, 0))


@pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations")
@pytest.mark.parametrize("name", ["conv_odd", "conv_strided", "conv_last", "matmul_odd", "depthwise_3", "depthwise_5_strided"])
def test_the_steps_of_a_body_are_those_of_its_own_arithmetic(tmp_path, name):
    """Found by bisection; here the body is asked at every sum that weights and inputs allow."""
    text, _ = int8_products.PRODUCTS[name]
    text = text.replace(f"constant {int8_functions.TIES} :", f"constant {int8_functions.NO_TIES} :")
    model = tmp_path / "model.mlir"
    model.write_text(int8_products.module([text]))
    flags = [*compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    flow = lowering.lower(model, [compiler.find(), *flags], 16, is_narrow=False).flow
    with modules.parsed(flow, "flow") as module:
        found = [d for d in map(_product, dispatches.find(module)) if d and d.epilogue is not None]
        assert len(found) == 1
        (one,) = found
        made = requantization.find(one)
        channels = requantization.channels_of(one)
        body = requantization.body_of(one, one.epilogue, channels)
        first, last = requantization.range_of(one, channels)
        assert made.is_whole
        rows = made.words.reshape(-1, 2).astype(numpy.int64)
        for channel in (0, len(first) - 1):
            m, c, b = rows[channel, 0], rows[channel, 1] >> 16, numpy.int16(rows[channel, 1] & 0xFFFF)
            x = numpy.arange(first[channel], last[channel] + 1)
            wanted = body.values(numpy.repeat(x[None], len(first), 0))[made.value].array[channel]
            answer = ((m * (x + b) >> 32) + c) >> made.shift
            assert numpy.array_equal(numpy.clip(answer, made.least, made.greatest), wanted)


def _product(dispatch):
    try:
        return product.find(dispatch)
    except product.NoMatch:
        return None


def _requantizations(tmp_path, names):
    model = tmp_path / "model.mlir"
    model.write_text(int8_products.module([int8_products.PRODUCTS[name][0] for name in names]))
    flags = [*compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    flow = lowering.lower(model, [compiler.find(), *flags], 16, is_narrow=False).flow
    with modules.parsed(flow, "flow") as module:
        return {d.name.split("_dispatch")[0]: requantization.find(_product(d)) for d in dispatches.find(module) if _product(d)}


@pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations")
def test_the_products_of_the_live_tests_are_what_they_are_named_for(tmp_path):
    names = [name for name in int8_products.PRODUCTS if name.endswith(("_lines", "_excepted", "_mixed"))]
    found = _requantizations(tmp_path, names)
    assert len(found) == len(names)
    assert all(found[name].is_whole == (not name.endswith("_mixed")) for name in names)
    assert all((found[name].exceptions.length > 0) == name.endswith("_excepted") for name in names)
