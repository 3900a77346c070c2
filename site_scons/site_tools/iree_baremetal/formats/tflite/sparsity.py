"""Weights that a file keeps sparse, made dense: the format of the paper "The Tensor Algebra Compiler", as
tensorflow/compiler/mlir/lite/schema/schema.fbs tells of it."""

import numpy

from .flatbuffer import Malformed

_DENSE, _CSR = 0, 1


def dense(where, content, dtype, shape, table):
    """The array of shape that content (bytes) and its SparsityParameters stand for."""
    order, blocks = [int(n) for n in table.array(0, "i4")], [int(n) for n in table.array(1, "i4")]
    levels = [_level(where, t) for t in table.tables(2)]
    rank = len(shape)
    if sorted(order) != list(range(rank + len(blocks))) or len(levels) != len(order) or any(not 0 <= b < rank for b in blocks):
        raise Malformed(f"{where} has sparsity of {len(levels)} levels, {len(order)} of them in order, for {rank} dimensions")
    values = numpy.frombuffer(content.tobytes(), dtype, len(content) // dtype.itemsize)
    extents = [shape[d] for d in range(rank)] + [0] * len(blocks)
    for position, d in enumerate(order):
        if d >= rank:
            if levels[position][0] != _DENSE or levels[position][1] < 1:
                raise Malformed(f"{where} has blocks of an unknown size")
            extents[d] = levels[position][1]
            extents[blocks[d - rank]] //= extents[d]
    # Coordinates, a column each level, of all elements that are there.
    places, rows = numpy.zeros(1, "i8"), numpy.zeros((1, 0), "i8")
    for position, (form, size, segments, indices) in enumerate(levels):
        if form == _DENSE:
            size = extents[order[position]]
            places = (places[:, None] * size + numpy.arange(size)).reshape(-1)
            rows = numpy.concatenate([numpy.repeat(rows, size, 0), numpy.tile(numpy.arange(size), len(rows))[:, None]], 1)
        else:
            if len(places) and (
                places.max() + 1 >= len(segments)
                or (numpy.diff(segments) < 0).any()
                or segments[0] < 0
                or segments[-1] > len(indices)
            ):
                raise Malformed(f"{where} has segments of its sparsity outside of their array")
            counts = segments[places + 1] - segments[places]
            starts = numpy.repeat(segments[places], counts)
            within = numpy.arange(counts.sum()) - numpy.repeat(numpy.cumsum(counts) - counts, counts)
            rows = numpy.concatenate([numpy.repeat(rows, counts, 0), indices[starts + within][:, None]], 1)
            places = starts + within
        if len(rows) > 2**28:
            raise Malformed(f"{where} has too many elements")
    coordinates = numpy.zeros((len(rows), rank), "i8")
    for position, d in enumerate(order):
        if d < rank:
            scale = numpy.prod([extents[rank + n] for n, b in enumerate(blocks) if b == d], dtype="i8")
            coordinates[:, d] += rows[:, position] * scale
        else:
            coordinates[:, blocks[d - rank]] += rows[:, position]
    if len(places) and (places.max() >= len(values) or (coordinates >= shape).any() or (coordinates < 0).any()):
        raise Malformed(f"{where} has elements of its sparsity outside of its shape, {list(shape)}")
    result = numpy.zeros(shape, dtype)
    result[tuple(coordinates.T)] = values[places]
    return result


def _level(where, table):
    form = table.number(0, "b")
    if form not in (_DENSE, _CSR):
        raise Malformed(f"{where} has a level of its sparsity of format {form}")
    if form == _DENSE:
        return form, table.number(1, "i"), None, None
    segments, indices = (_indices(where, table, number) for number in (2, 4))
    if not len(segments):
        raise Malformed(f"{where} has a level of its sparsity without segments")
    return form, 0, segments, indices


def _indices(where, table, number):
    kinds = {1: "i4", 2: "u2", 3: "u1"}  # Int32Vector, Uint16Vector, Uint8Vector
    found, kind = table.table(number + 1), table.number(number, "B")
    if found is None or kind not in kinds:
        raise Malformed(f"{where} has a level of its sparsity without indices")
    return found.array(0, kinds[kind]).astype("i8")
