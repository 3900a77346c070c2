"""Operators that give the elements of their input other places."""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import emit
from ..registry import operator
from .gathering import gathered


@operator("TRANSPOSE")
def transpose(node):
    rank = len(node.shape(0))
    permutation = [node.axis(a, rank) for a in node.integers(1, "permutation")]
    if sorted(permutation) != list(range(rank)):
        raise node.error(f"its permutation is {permutation}, its input has the shape {node.shape(0)}")
    found = node.constant(0)
    return emit.transpose(node.value(0), permutation) if found is None else found.transpose(permutation).copy()


@operator("EXPAND_DIMS")
def expand_dims(node):
    extents = node.shape(0)
    extents.insert(node.axis(node.integers(1, "axis")[0], len(extents) + 1), 1)
    return reshaped(node, extents)


@operator("SQUEEZE")
def squeeze(node):
    own = node.shape(0)
    axes = [node.axis(a, len(own)) for a in node.option("SqueezeDims", [])] or [n for n, e in enumerate(own) if e == 1]
    if any(own[a] != 1 for a in axes):
        raise node.error(f"it is to remove the axes {axes} of the shape {own}")
    return reshaped(node, [e for n, e in enumerate(own) if n not in axes])


def reshaped(node, extents):
    """Input 0 in another shape."""
    found = node.constant(0)
    return emit.reshape(node.value(0), extents) if found is None else found.reshape(extents)


def _image(node):
    """[batch, height, width, channels] of input 0."""
    if len(node.shape(0)) != 4:
        raise node.error(f"its input has the shape {node.shape(0)}, not four dimensions")
    return node.shape(0)


@operator("SPACE_TO_DEPTH")
def space_to_depth(node):
    (batch, height, width, depth), block = _image(node), node.option("BlockSize", 0)
    if block < 1 or height % block or width % block:
        raise node.error(f"its block of {block} does not divide its input, {height} x {width}")
    value = emit.reshape(node.value(0), [batch, height // block, block, width // block, block, depth])
    value = emit.transpose(value, [0, 1, 3, 2, 4, 5])
    return emit.reshape(value, [batch, height // block, width // block, block * block * depth])


@operator("DEPTH_TO_SPACE")
def depth_to_space(node):
    (batch, height, width, depth), block = _image(node), node.option("BlockSize", 0)
    if block < 1 or depth % (block * block):
        raise node.error(f"its block of {block} x {block} does not divide its {depth} channels")
    value = emit.reshape(node.value(0), [batch, height, width, block, block, depth // (block * block)])
    value = emit.transpose(value, [0, 1, 3, 2, 4, 5])
    return emit.reshape(value, [batch, height * block, width * block, depth // (block * block)])


def _blocks(node, what):
    """(sizes of the blocks, [[before, after], …] of each spatial axis)."""
    blocks, borders = node.integers(1, "block"), node.array(2, what).astype("i8")
    if borders.shape != (len(blocks), 2) or len(node.shape(0)) <= len(blocks) or (borders < 0).any() or min(blocks) < 1:
        raise node.error(f"its blocks are {blocks}, its {what} {borders.tolist()}, its input has the shape {node.shape(0)}")
    return blocks, borders.tolist()


@operator("SPACE_TO_BATCH_ND")
def space_to_batch(node):
    blocks, borders = _blocks(node, "paddings")
    own, count = node.shape(0), len(blocks)
    rest = [0] * (len(own) - count - 1)
    fill = node.inputs[0].zero if node.inputs[0].is_quantized else 0
    value = emit.pad(node.value(0), [0, *(b for b, _ in borders), *rest], [0, *(a for _, a in borders), *rest], fill)
    padded = emit.shape(value)
    if any(e % b for e, b in zip(padded[1:], blocks)):
        raise node.error(f"its blocks, {blocks}, do not divide its padded input, {padded}")
    split = [n for e, b in zip(padded[1:], blocks) for n in (e // b, b)]
    value = emit.reshape(value, [own[0], *split, *own[count + 1 :]])
    spatial = range(1, 2 * count + 1, 2)
    value = emit.transpose(value, [*(s + 1 for s in spatial), 0, *spatial, *range(2 * count + 1, 2 * count + 1 + len(rest))])
    return emit.reshape(value, [own[0] * math.prod(blocks), *(e // b for e, b in zip(padded[1:], blocks)), *own[count + 1 :]])


@operator("BATCH_TO_SPACE_ND")
def batch_to_space(node):
    blocks, borders = _blocks(node, "crops")
    own, count = node.shape(0), len(blocks)
    if own[0] % math.prod(blocks):
        raise node.error(f"its blocks, {blocks}, do not divide its batch of {own[0]}")
    batch = own[0] // math.prod(blocks)
    value = emit.reshape(node.value(0), [*blocks, batch, *own[1:]])
    order = [count] + [n for s in range(count) for n in (count + 1 + s, s)] + list(range(2 * count + 1, count + len(own)))
    value = emit.transpose(value, order)
    extents = [batch, *(e * b for e, b in zip(own[1:], blocks)), *own[count + 1 :]]
    value = emit.reshape(value, extents)
    rest = [0] * (len(own) - count - 1)
    offsets = [0, *(b for b, _ in borders), *rest]
    sizes = [extents[0], *(e - b - a for e, (b, a) in zip(extents[1:], borders)), *extents[count + 1 :]]
    if min(sizes) < 1:
        raise node.error(f"its crops, {borders}, leave nothing of {extents}")
    return emit.extract(value, offsets, sizes)


@operator("REVERSE_V2")
def reverse(node):
    axes = {node.axis(a, len(node.shape(0))) for a in node.integers(1, "axes")}
    return flipped(node.value(0), axes)


def flipped(value, axes):
    """value with its elements in reverse along axes, as numpy.flip."""
    if not axes:
        return value
    own = emit.shape(value)

    def place(loops):
        last = {n: arith.constant(ir.IndexType.get(), own[n] - 1) for n in axes}
        return [arith.subi(last[n], loop) if n in axes else loop for n, loop in enumerate(loops)]

    return gathered([], [], value, own, place)


@operator("TILE")
def tile(node):
    own, times = node.shape(0), node.integers(1, "multiples")
    if len(times) != len(own) or min(times, default=1) < 1:
        raise node.error(f"its multiples are {times}, its input has the shape {own}")
    found = node.constant(0)
    if found is not None:
        return numpy.tile(found, times)
    extents = [n for pair in zip(times, own) for n in pair]
    value = emit.generic(
        [node.value(0)],
        [emit.dims(2 * len(own))[1::2]],
        emit.empty(extents, emit.element_of(node.value(0))),
        lambda x, _: x,
        "p" * len(extents),
    )
    return emit.reshape(value, [n * e for n, e in zip(times, own)])


@operator("BROADCAST_TO")
def broadcast_to(node):
    own, wanted = node.shape(0), node.integers(1, "shape")
    if len(own) > len(wanted) or any(e not in (1, w) for e, w in zip(own[::-1], wanted[::-1])):
        raise node.error(f"its input, of shape {own}, cannot become {wanted}")
    found = node.constant(0)
    if found is not None:
        return numpy.broadcast_to(found, wanted).copy()
    source = [
        0 if e == 1 != w else d
        for e, w, d in zip(own, wanted[len(wanted) - len(own) :], emit.dims(len(wanted))[len(wanted) - len(own) :])
    ]
    return emit.generic(
        [node.value(0)], [source], emit.empty(wanted, emit.element_of(node.value(0))), lambda x, _: x, "p" * len(wanted)
    )


@operator("MIRROR_PAD")
def mirror_pad(node):
    widths, own = node.array(1, "paddings").astype("i8").tolist(), node.shape(0)
    omitted = 1 if node.option("Mode", 0) == 0 else 0  # REFLECT leaves the border itself out, SYMMETRIC does not
    if len(widths) != len(own) or any(not 0 <= w <= e - omitted for pair, e in zip(widths, own) for w in pair):
        raise node.error(f"its paddings are {widths}, its input has the shape {own}")
    value = node.value(0)
    for axis, (before, after) in enumerate(widths):
        extents = emit.shape(value)

        def part(start, count):
            offsets, sizes = [0] * len(extents), list(extents)
            offsets[axis], sizes[axis] = start, count
            return flipped(emit.extract(value, offsets, sizes), {axis})

        parts = [part(omitted, before)] if before else []
        parts += [value] + ([part(extents[axis] - omitted - after, after)] if after else [])
        value = emit.concatenate(parts, axis)
    return value
