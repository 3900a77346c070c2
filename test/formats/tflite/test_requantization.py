"""Short forms of the kernels' arithmetic give its results, all of them: held against the kernels' own steps, in Python's integers."""

import subprocess

import numpy
import pytest

pytest.importorskip("iree.compiler")
pytest.importorskip("tflite")
from iree.compiler import ir  # noqa: E402
from iree.compiler.dialects import func  # noqa: E402
from iree_baremetal import compiler, modules, plane  # noqa: E402
from iree_baremetal.formats.tflite import emit, quantization, rescale  # noqa: E402


def high_half(a, b):
    """SaturatingRoundingDoublingHighMul(), whose division is C's."""
    product = a * b
    nudged = product + (2**30 if product >= 0 else 1 - 2**30)
    return nudged // 2**31 if nudged >= 0 else -(-nudged // 2**31)


def divided(x, exponent):
    """RoundingDivideByPOT()."""
    mask = (1 << exponent) - 1
    return (x >> exponent) + (x & mask > (mask >> 1) + (x < 0))


def multiplied(x, multiplier, shift):
    """MultiplyByQuantizedMultiplier(), rounding twice."""
    return divided(high_half(x << max(shift, 0), multiplier), max(-shift, 0))


def compiled(folder, build, *types):
    """A function of arrays: what build(values) makes of values of these types, (shape, dtype), on this machine."""
    import iree.runtime

    with ir.Context(), ir.Location.unknown():
        module = ir.Module.create()
        arguments = [ir.RankedTensorType.get(shape, emit.element(dtype)) for shape, dtype in types]
        with ir.InsertionPoint(module.body):
            made = func.FuncOp("f", (arguments, []), visibility="public")
        block = made.add_entry_block()
        with ir.InsertionPoint(block):
            results = build(*block.arguments)
            func.ReturnOp(results)
        made.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(arguments, [r.type for r in results]))
        program = modules.bytecode(module)
    flags = [
        "--iree-hal-target-device=local",
        "--iree-hal-local-target-device-backends=llvm-cpu",
        "--iree-llvmcpu-target-cpu=generic",
    ]
    subprocess.run([compiler.find(), "-", "-o", folder / "f.vmfb", *flags], input=program, check=True, capture_output=True)
    loaded = iree.runtime.load_vm_flatbuffer_file(str(folder / "f.vmfb"), driver="local-sync")
    return lambda *arrays: [numpy.array(r.to_host()) for r in loaded["f"](*arrays)]


SCALES = [0.0007, 0.0123, 0.25, 0.031, 0.00390625, 0.4999, 2**-20, 0.9]  # powers of 2 are a case of their own
WAYS = [
    (zero, limits, single)
    for zero, limits in ((-128, (-128, 127)), (-3, (-128, 127)), (5, (-20, 100)), (127, (-128, 127)))
    for single in (False, True)
]


def test_a_rescale_gives_what_the_kernels_two_roundings_give(tmp_path):
    generator = numpy.random.default_rng(7)
    bias = generator.integers(-3000, 3000, len(SCALES))
    near = numpy.array([sign * (k + half) / s for s in SCALES for k in range(3) for half in (0, 0.5) for sign in (1, -1)])
    sums = (near[:, None] + generator.integers(-2, 3, (len(near), len(SCALES)))).astype("i8") - bias
    sums = numpy.concatenate(
        [sums, generator.integers(-(2**15), 2**15, (200, len(SCALES))), numpy.arange(-300, 300)[:, None] - bias]
    ).astype("i4")
    run = compiled(
        tmp_path, lambda x: [rescale.scaled(x, SCALES, bias, *way[:2], "int8", way[2]) for way in WAYS], (sums.shape, "int32")
    )
    pairs = [quantization.multiplier(s) for s in SCALES]
    for found, (zero, (low, high), single) in zip(run(sums), WAYS):
        for channel, (fixed, shift) in enumerate(pairs):
            expected = []
            for x in (sums[:, channel] + bias[channel]).tolist():
                real = (x * fixed + (1 << (30 - shift))) >> (31 - shift) if single else multiplied(x, fixed, shift)
                expected.append(min(max(real + zero, low), high))
            assert found[:, channel].tolist() == expected, (zero, low, high, single, SCALES[channel])


@pytest.mark.parametrize("scales, zeros, limits", [
    ((0.0393, 0.1041, 0.0509), (-128, 4, -128), (-128, 127)),
    ((0.05, 0.05, 0.05), (3, 3, 3), (-128, 127)),  # ties everywhere
    ((0.2, 0.01, 0.15), (-7, 100, 20), (20, 90)),
])  # fmt: skip
def test_a_plane_is_the_sum_for_all_pairs_of_numbers(scales, zeros, limits):
    first, second, output = (float(numpy.float32(s)) for s in scales)
    largest = 2 * max(first, second)
    pairs = [quantization.multiplier(s / largest) for s in (first, second)]
    factor = quantization.multiplier(largest / (2**20 * output))
    numbers = range(-128, 128)
    sides = [[multiplied((n - zero) << 20, *pair) for n in numbers] for zero, pair in zip(zeros, pairs)]
    results = numpy.array(
        [[min(max(multiplied(x + y, *factor) + zeros[2], limits[0]), limits[1]) for y in sides[1]] for x in sides[0]]
    )
    a, b, c, shift = plane.find(results, numbers, numbers, (first / output, second / output), *limits)
    for i, x in enumerate(numbers):
        whole = [a * x + b * y + c for y in numbers]
        assert max(map(abs, whole)) < 2**31
        assert [min(max(w >> shift, limits[0]), limits[1]) for w in whole] == results[i].tolist()


def test_what_is_no_plane_is_not_taken_for_one():
    numbers = numpy.arange(-128, 128)
    curved = numpy.clip(numbers[:, None] * numbers // 100, -128, 127)
    assert plane.find(curved, numbers, numbers, (0.5, 0.5), -128, 127) is None
