"""Rescales of 16x8 products: what the rewrite keeps of an epilogue, held against TensorFlow Lite's own formulas."""

import math
import sys
from pathlib import Path

import numpy
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import lowering
from iree_baremetal.rewrite import dispatches, product
from iree_baremetal.rewrite.integers import rescale

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "tflite"))

import net_16x8  # noqa: E402
from iree_baremetal.formats.tflite import importer  # noqa: E402

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """[(extents of a product's loops, `rescale.Rescale`)] of the model, in its order."""
    folder = tmp_path_factory.mktemp("rescale")
    (folder / "net.tflite").write_bytes(net_16x8.net().bytes())
    importer.import_model(folder / "net.tflite", folder / "net.mlir", compiler.find())
    flags = [*compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    flow = lowering.lower(folder / "net.mlir", [compiler.find(), *flags], 16, is_narrow=False).flow
    with modules.parsed(flow, "flow") as module:
        products = [product.find(d, element="i16", takes_padding=True) for d in dispatches.find(module) if "i8x" in d.name]
        yield [(math.prod(p.extents), rescale.find(p)) for p in products]


def _multiplier(real):
    """QuantizeMultiplier() of quantization_util.cc."""
    mantissa, shift = math.frexp(real)
    return round(mantissa * 2**31), shift


def _litert(net, operator, sums):
    """What LiteRT makes of sums, [channel][…], of an operator of net."""
    x, weights, bias = (net.tensors[number] for number in operator.inputs)
    out = net.tensors[operator.outputs[0]]
    biases = numpy.frombuffer(bytes(net.buffers[bias.buffer].data), "<i8")
    is_dense = len(weights.shape) == 2
    rows = []
    for channel, row in enumerate(sums):
        scale = float(weights.quantization.scale[channel % len(weights.quantization.scale)])
        m, shift = _multiplier(float(x.quantization.scale[0]) * scale / float(out.quantization.scale[0]))
        if not is_dense:  # common.h, MultiplyByQuantizedMultiplier(int64_t x, …)
            m, shift = (m + (1 << 15)) >> 16, shift + 16
        rows.append([((int(s) + int(biases[channel])) * m + (1 << (30 - shift))) >> (31 - shift) for s in row])
    return numpy.clip(rows, -(2**15), 2**15 - 1)


def test_each_is_that_of_litert_for_random_sums(found):
    net, random = net_16x8.net(), numpy.random.default_rng(7)
    operators = [o for o in net.operators if len(o.inputs) == 3]
    assert len(found) == len(operators)
    for (_, made), operator in zip(found, operators):
        words = made.words.reshape(-1, made.WORDS).astype("i8")
        sums = numpy.concatenate([random.integers(-(2**n), 2**n, (len(words), 40)) for n in (12, 22, 31)], 1)
        wanted = _litert(net, operator, sums)
        addends = (words[:, 2] << 32) + (words[:, 1] & 0xFFFFFFFF)
        shift = words[:, 3:4] if made.shift is None else made.shift
        answer = ((sums * words[:, :1] + addends[:, None]) >> 32) >> shift
        answer = numpy.clip(answer, made.least, made.greatest)
        assert numpy.array_equal(answer, numpy.maximum(wanted, made.least)), net.tensors[operator.outputs[0]].name
        assert len(numpy.unique(answer)) > 20


def test_the_end_of_each_is_a_clamp_of_16_bits(found):
    assert {(made.least, made.greatest) for _, made in found} == {(0, 2**15 - 1), (-(2**15), 2**15 - 1)}
    assert sum(made.is_last for _, made in found) == len(found) - 1, "all but the one that another tensor is added to"
