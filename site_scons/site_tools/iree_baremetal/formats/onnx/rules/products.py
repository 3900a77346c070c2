"""Products of matrices and convolutions of shapes, types or padding that IREE's importer has no lowering for."""

import math

import numpy as np
from onnx import TensorProto

from ..node import Refused
from . import rule


@rule("MatMul")
def matmul_vector(graph, node):
    """A vector as a matrix of one row or column."""
    a, b = node.inputs
    if graph.shape(a) is None or graph.shape(b) is None:
        return None
    ranks = len(graph.shape(a)), len(graph.shape(b))
    if 1 not in ranks or max(ranks) <= 2:
        return None
    if ranks[0] == 1:
        return graph.add("Squeeze", graph.add("MatMul", graph.add("Unsqueeze", a, graph.ints(0)), b), graph.ints(-2))
    return graph.add("Squeeze", graph.add("MatMul", a, graph.add("Unsqueeze", b, graph.ints(-1))), graph.ints(-1))


@rule("MatMulInteger")
def matmul_integer(graph, node):
    """As int32, less their zero points."""
    a, b = node.inputs[:2]
    a = _centered(
        graph,
        a,
        node.input(2),
        lambda zero: graph.add("Unsqueeze", zero, graph.ints(-1)) if graph.shape(zero) not in ((), (1,)) else zero,
    )
    return graph.add("MatMul", a, _centered(graph, b, node.input(3), lambda zero: zero))


def _centered(graph, name, zero, spread):
    wide = graph.add("Cast", name, to=TensorProto.INT32)
    if not zero or graph.value(zero) is not None and not graph.value(zero).any():
        return wide
    return graph.add("Sub", wide, graph.add("Cast", spread(zero), to=TensorProto.INT32))


@rule("ConvInteger")
def conv_integer(graph, node):
    """Conv of floats, less the zero points, where the sums are whole numbers that floats hold; else of doubles."""
    x, w = node.inputs[:2]
    weights, dtype = graph.shape(w), TensorProto.FLOAT
    # 2^24 is what a float counts to; a product is of 9 bits each at most.
    if math.prod(weights[1:]) * 255 * 255 >= 2**24:
        dtype = TensorProto.DOUBLE

    def channel(zero):
        shape = graph.shape(zero)
        return graph.add("Reshape", zero, graph.ints(-1, *[1] * (len(weights) - 1))) if shape not in ((), (1,)) else zero

    x = graph.add("Cast", _centered(graph, x, node.input(2), lambda zero: zero), to=dtype)
    w = graph.add("Cast", _centered(graph, w, node.input(3), channel), to=dtype)
    return graph.add("Cast", graph.add("Conv", x, w, **node.attributes), to=TensorProto.INT32)


@rule("ConvTranspose")
def conv_transpose(graph, node):
    """Without padding, then cut: what the node pads, or what output_shape and auto_pad make of it."""
    shape, weights = graph.shape(node.input(0)), graph.shape(node.input(1))
    if shape is None or weights is None:
        raise Refused("its shapes are not known; export the model with static shapes.")
    sizes, kernel = shape[2:], weights[2:]
    count = len(sizes)
    strides, dilations = node.get("strides") or [1] * count, node.get("dilations") or [1] * count
    more = node.get("output_padding") or [0] * count
    pads, auto = node.get("pads") or [0] * 2 * count, node.get("auto_pad", "NOTSET")
    whole = [(size - 1) * s + (k - 1) * d + 1 for size, s, k, d in zip(sizes, strides, kernel, dilations)]
    before, after = list(pads[:count]), list(pads[count:])
    wanted = node.get("output_shape")
    if wanted or auto in ("SAME_UPPER", "SAME_LOWER"):
        wanted = (wanted or [size * s for size, s in zip(sizes, strides)])[-count:]
        for n, (full, extent) in enumerate(zip(whole, wanted)):
            total = full + more[n] - extent
            small = total // 2
            before[n] = small if auto != "SAME_LOWER" else total - small
            if auto not in ("SAME_UPPER", "SAME_LOWER"):
                before[n] = total - small if auto == "NOTSET" else small
            after[n] = total - before[n]
    elif auto == "VALID":
        before, after = [0] * count, [0] * count
    if wanted is None and before == after and auto == "NOTSET" and node.get("group", 1) == 1:
        return None
    full = _groups(graph, node, {"strides": strides, "dilations": dilations})
    bias = node.input(2)
    if bias and any(m > a for m, a in zip(more, after)):
        raise Refused("attribute output_padding beyond its padding, with a bias; add the bias by a node of its own.")
    cut = [0, 0, *(-b for b in before), 0, 0, *(m - a for m, a in zip(more, after))]
    return graph.add("Pad", full, graph.ints(*cut)) if any(cut) else full


def _groups(graph, node, options):
    """ConvTranspose without padding, group by group."""
    groups, (x, w) = node.get("group", 1), node.inputs[:2]
    if groups == 1:
        return graph.kept("ConvTranspose", *node.inputs, **options)
    parts = [
        graph.add("Split", n, graph.ints(*[graph.shape(n)[a] // groups] * groups), axis=a, outputs=groups)
        for n, a in ((x, 1), (w, 0))
    ]
    full = graph.add("Concat", *(graph.kept("ConvTranspose", a, b, **options) for a, b in zip(*parts)), axis=1)
    if not node.input(2):
        return full
    return graph.add("Add", full, graph.add("Reshape", node.input(2), graph.ints(-1, *[1] * (len(graph.shape(x)) - 2))))


@rule("Col2Im")
def col2im(graph, node):
    """ConvTranspose by a kernel for each place of a block, which has 1 there."""
    x, image, block = node.input(0), graph.value(node.input(1)), graph.value(node.input(2))
    if image is None or block is None or graph.shape(x) is None:
        raise Refused("its image_shape or block_shape is computed at run time; export the model with constant ones.")
    count, volume, dtype = len(image), int(np.prod(block)), graph.dtype(x)
    n, columns, _ = graph.shape(x)
    strides, dilations, pads = (
        node.get("strides") or [1] * count,
        node.get("dilations") or [1] * count,
        node.get("pads") or [0] * 2 * count,
    )
    padded = [int(image[i]) + pads[i] + pads[i + count] for i in range(count)]
    places = [(padded[i] - (int(block[i]) - 1) * dilations[i] - 1) // strides[i] + 1 for i in range(count)]
    grid = graph.add("Reshape", x, graph.ints(n * columns // volume, volume, *places))
    kernel = graph.constant(np.eye(volume).reshape(volume, 1, *block), dtype)
    full = graph.add("ConvTranspose", grid, kernel, strides=strides, dilations=dilations)
    reach = graph.shape(full)[2:]
    cut = [0, 0, *(-p for p in pads[:count]), 0, 0, *(padded[i] - reach[i] - pads[i + count] for i in range(count))]
    full = graph.add("Pad", full, graph.ints(*cut)) if any(cut) else full
    return graph.add("Reshape", full, graph.ints(n, columns // volume, *(int(i) for i in image)))
