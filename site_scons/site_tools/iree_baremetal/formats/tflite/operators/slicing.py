"""Operators that cut tensors to pieces, and put them together."""

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith

from .. import emit
from ..registry import operator
from .gathering import gathered


@operator("SLICE")
def slice_(node):
    own, begin, size = node.shape(0), node.integers(1, "begin"), node.integers(2, "size")
    if not len(own) == len(begin) == len(size):
        raise node.error(f"it begins at {begin} and has the size {size}, its input has the shape {own}")
    size = [e - b if s == -1 else s for e, b, s in zip(own, begin, size)]
    if any(b < 0 or s < 1 or b + s > e for e, b, s in zip(own, begin, size)):
        raise node.error(f"it begins at {begin} and has the size {size}, its input has the shape {own}")
    return part(node, begin, size)


def part(node, offsets, sizes, strides=None):
    """A box of input 0."""
    found = node.constant(0)
    if found is None:
        return emit.extract(node.value(0), offsets, sizes, strides)
    strides = strides or [1] * len(sizes)
    return found[tuple(slice(o, o + (n - 1) * s + 1, s) for o, n, s in zip(offsets, sizes, strides))].copy()


@operator("STRIDED_SLICE")
def strided_slice(node):
    begin, end, strides = (node.integers(n, what) for n, what in ((1, "begin"), (2, "end"), (3, "strides")))
    if not len(begin) == len(end) == len(strides) or 0 in strides:
        raise node.error(f"it goes from {begin} to {end} with strides {strides}")
    index = _index(node, begin, end, strides)
    own = node.shape(0)
    try:
        # NumPy's own arithmetic of slices says which elements these are.
        places = [numpy.arange(e) for e in own]
        axis, chosen, final = 0, [], []
        for entry in index:
            if entry is None:
                final.append(1)
                continue
            taken = numpy.atleast_1d(places[axis][entry])
            chosen.append(taken)
            final += [] if isinstance(entry, int) else [len(taken)]
            axis += 1
    except IndexError as error:
        raise node.error(f"it goes from {begin} to {end}, its input has the shape {own}") from error
    if any(not len(taken) for taken in chosen):
        raise node.error(f"it goes from {begin} to {end} with strides {strides} and leaves nothing of its input, of shape {own}")
    found = node.constant(0)
    if found is not None:
        return found[numpy.ix_(*chosen)].reshape(final) if chosen else found.reshape(final)
    steps = [int(taken[1] - taken[0]) if len(taken) > 1 else 1 for taken in chosen]
    offsets, sizes = [int(taken[0]) for taken in chosen], [len(taken) for taken in chosen]
    if min(steps, default=1) > 0:
        return emit.reshape(emit.extract(node.value(0), offsets, sizes, steps), final)

    def place(loops):
        constant = lambda n: arith.constant(ir.IndexType.get(), n)  # noqa: E731
        return [arith.addi(constant(o), arith.muli(loop, constant(s))) for o, s, loop in zip(offsets, steps, loops)]

    return emit.reshape(gathered([], [], node.value(0), sizes, place), final)


def _index(node, begin, end, strides):
    """The masks as an index of NumPy's: a slice, a number or None (a new axis) for each entry, "…" spelt out."""
    masks = {name: node.option(f"{name}Mask", 0) for name in ("Begin", "End", "Ellipsis", "NewAxis", "ShrinkAxis")}
    if node.option("Offset", False):
        end = [b + e for b, e in zip(begin, end)]
    taken = sum(not (masks["NewAxis"] | masks["Ellipsis"]) >> n & 1 for n in range(len(begin)))
    rank = len(node.shape(0))
    if taken > rank:
        raise node.error(f"it has {taken} entries for an input of shape {node.shape(0)}")
    index: list = []
    is_open = False
    for n, (first, last, stride) in enumerate(zip(begin, end, strides)):
        if masks["Ellipsis"] >> n & 1:
            index += [slice(None)] * (rank - taken)
            is_open = True
        elif masks["NewAxis"] >> n & 1:
            index.append(None)
        elif masks["ShrinkAxis"] >> n & 1:
            index.append(first)
        else:
            index.append(slice(None if masks["Begin"] >> n & 1 else first, None if masks["End"] >> n & 1 else last, stride))
    return index if is_open else index + [slice(None)] * (rank - taken)


@operator("SPLIT", of=1)
def split(node):
    axis = node.axis(node.integers(0, "axis")[0], len(node.shape(1)))
    count, size = len(node.outputs), node.shape(1)[axis]
    if size % count:
        raise node.error(f"its input, of shape {node.shape(1)}, is to be split in {count} along axis {axis}")
    return _pieces(node, 1, axis, [size // count] * count)


@operator("SPLIT_V")
def split_v(node):
    sizes, own = node.integers(1, "sizes"), node.shape(0)
    axis = node.axis(node.integers(2, "axis")[0], len(own))
    if sizes.count(-1) == 1:
        sizes[sizes.index(-1)] = own[axis] - sum(sizes) - 1
    if min(sizes) < 0 or sum(sizes) != own[axis]:
        raise node.error(f"its sizes, {sizes}, do not make up axis {axis} of its input, of shape {own}")
    return _pieces(node, 0, axis, sizes)


def _pieces(node, number, axis, sizes):
    """Input number cut along axis."""
    found, own, at, results = node.constant(number), node.shape(number), 0, []
    for size in sizes:
        if found is not None:
            results.append(found.take(range(at, at + size), axis))
        else:
            offsets, extents = [0] * len(own), list(own)
            offsets[axis], extents[axis] = at, size
            results.append(emit.extract(node.value(number), offsets, extents))
        at += size
    return results


@operator("UNPACK")
def unpack(node):
    own = node.shape(0)
    axis = node.axis(node.option("Axis", 0), len(own))
    rest = own[:axis] + own[axis + 1 :]
    pieces = _pieces(node, 0, axis, [1] * own[axis])
    return [p.reshape(rest) if isinstance(p, numpy.ndarray) else emit.reshape(p, rest) for p in pieces]


@operator("PACK")
def pack(node):
    own = node.shape(0)
    axis = node.axis(node.option("Axis", 0), len(own) + 1)
    if any(node.shape(n) != own for n in range(len(node.inputs))):
        raise node.error("its inputs are of several shapes")
    known = [node.constant(n) for n in range(len(node.inputs))]
    if all(k is not None for k in known):
        return numpy.stack(known, axis)
    extents = [*own[:axis], 1, *own[axis:]]
    return emit.concatenate([emit.reshape(node.value(n), extents) for n in range(len(known))], axis)


@operator("DYNAMIC_UPDATE_SLICE")
def dynamic_update_slice(node):
    own, size = node.shape(0), node.shape(1)
    begin = [min(max(b, 0), e - s) for b, e, s in zip(node.integers(2, "begin"), own, size)]  # moved inside, as the kernel does
    if not len(own) == len(size) == len(begin) or any(s > e for s, e in zip(size, own)):
        raise node.error(f"a part of shape {size} is put at {begin} of the shape {own}")
    return emit.insert(node.value(1), node.value(0), begin)
