"""Depthwise int8 products on cores with MVE: four neighbouring pixels of a row at once, in the lanes of a vector.

Activations come four by four, widened to 32 bits; each tap is a scalar that multiplies all of them. The sums are
requantized as they are, by lines. Channels whose lines have exceptions are left to the loops of scalars.
"""

from .. import emit, tiling

LANES = 4
MOST = 6  # vectors of a row whose sums registers hold


def fits(loops):
    """Whether rows of the product of a `depthwise._Loops` are rows of lanes."""
    made = loops.epilogue.requantization
    whole = made is not None and made.has_lanes and not loops.epilogue.residual
    return (
        whole
        and loops.stride == 1
        and loops.is_side_by_side
        and loops.width >= LANES
        and _last(loops.product.out_map) == loops.row
    )


def _last(affine_map):
    return affine_map.results[-1].position


def channel(loops, place, taps, out, activation, otherwise):
    """[out] with all pixels of the channel at place. taps: {(row, tap): weight}; otherwise(out): the same by scalars."""
    made = loops.epilogue.requantization
    outer = [loop for loop in loops.product.pixels if loop != loops.row]
    starts = tiling.bases(loops.width, LANES)

    def row(at, array):
        known = place | dict(zip(outer, at))
        if len(starts) <= MOST:
            return [_vectors(loops, known, [emit.index(start) for start in starts], taps, array, activation)]

        def body(number, now):
            return [_vectors(loops, known, [tiling.base(number, loops.width, LANES)], taps, now, activation)]

        return emit.loop(len(starts), [array], body)

    def by_lanes(array):
        return emit.nest(loops.extents(outer), [array], row)

    if not made.exceptions.length:
        return by_lanes(out)
    number = made.channel([place.get(e.position) for e in loops.product.out_map.results])
    return emit.when(made.exceptions.has(number), [out], otherwise, by_lanes)


def _vectors(loops, known, firsts, taps, out, activation):
    """out with the vectors of a row that begin at the pixels firsts."""
    made = loops.epilogue.requantization
    points = [[(known | {loops.row: first})[e.position] for e in loops.product.out_map.results] for first in firsts]
    number = made.channel(points[0])
    sums = [emit.lanes_of(made.start(number), LANES)] * len(firsts)
    for (row, tap), weight in taps.items():
        factors = emit.lanes_of(weight, LANES)
        for vector, first in enumerate(firsts):
            place = known | dict(zip(loops.rows, map(emit.index, row))) | {loops.tap: emit.index(tap), loops.row: first}
            values = emit.widened_lanes(emit.load_lanes(activation, LANES, *loops.position(place)))
            sums[vector] = emit.multiply_add(values, factors, sums[vector])
    for value, point in zip(made.finish_lanes(sums, number, LANES), points):
        out = emit.store_lanes(value, out, *point)
    return out
