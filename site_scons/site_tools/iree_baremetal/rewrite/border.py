"""Gathering where the activations are padded, and the padding is nowhere in memory.

A tile of pixels whose windows lie inside is gathered as without padding. Of others, each row of taps is loaded or
filled, as it lies inside or not.
"""

from iree.compiler import ir

from . import emit
from .product import terms


def gather(loops, scratch, first, places, inside):
    """[scratch] with the activations of a tile of pixels.

    loops: `tiling.Loops`; first: number of the tile's first pixel; places: of all; inside: gathers them where none is padded.
    """

    def outside(array):
        return emit.nest(
            [loops.tile_pixels], [array], lambda at, one: _pixel(loops, one, at[0], loops.pixel(emit.add(first, at[0]), 0))
        )

    limits = {d: size - _reach(loops.product, d) for d, size in sizes_of(loops.product).items()}
    if loops.is_small or min(limits.values()) < 1:
        return outside(scratch)
    start = [emit.index(0)] * len(loops.product.reductions)
    is_inside = _all(below(loops.position(place, start), limits) for place in places)
    return emit.when(is_inside, [scratch], inside, outside)


def sizes_of(product):
    """{padded dimension: its extent without padding}"""
    return {d: product.activation.type.shape[d] for d in product.padded}


def _reach(product, dimension):
    """How far a window's last tap lies behind its first, in elements."""
    factors = terms(product.activation_map.results[dimension])
    return sum(factor * (product.extents[loop] - 1) for loop, factor in factors if loop in product.reductions)


def below(at, limits):
    """Whether the place at lies inside and below limits, by their dimension."""
    return _all(emit.is_below(at[dimension], limit) for dimension, limit in limits.items())


def load(product, at, sizes):
    """The activation at this place, which may be in the padding; sizes: as of `sizes_of`."""
    is_inside = below(at, sizes)
    nearest = [emit.choice(is_inside, i, emit.index(0)) if d in sizes else i for d, i in enumerate(at)]
    return emit.choice(is_inside, emit.load(product.activation, *nearest), padding_of(product))


def padding_of(product):
    """What its activation is padded with."""
    return emit.constant(ir.RankedTensorType(product.activation.type).element_type, product.padding.value)


def _all(conditions):
    result, *others = conditions
    for other in others:
        result = emit.both(result, other)
    return result


def _pixel(loops, scratch, number, place):
    """[scratch] with the activations of one pixel."""
    product, counts, sizes = loops.product, loops.counts, sizes_of(loops.product)
    value = padding_of(product)
    moving = {loop for dimension in sizes for loop, _ in terms(product.activation_map.results[dimension])}
    outer = [n for n, loop in enumerate(product.reductions) if loop in moving]
    inner = [n for n in range(len(counts)) if n not in outer]

    def put(load, turns, carried):
        known = dict(zip([*outer, *inner], turns))
        return loops.put([known[n] for n in range(len(counts))], *carried, number=number, place=place, load=load)

    def checked(place, reduction):
        return load(product, loops.position(place, reduction), sizes)

    def row(turns, *carried):
        def gathered(load):
            return lambda *now: emit.nest([counts[n] for n in inner], now, lambda rest, *then: put(load, [*turns, *rest], then))

        known = dict(zip(outer, turns))
        start = [known.get(n) or emit.index(0) for n in range(len(counts))]
        is_inside = below(loops.position(place, start), sizes)
        return emit.when(is_inside, carried, gathered(loops.element), gathered(lambda place, reduction: value))

    carried = [scratch, *loops.totals()]
    if any(counts[n] != product.extents[product.reductions[n]] for n in outer):  # of several at once, some may lie outside
        order = [counts[n] for n in [*outer, *inner]]
        carried = emit.nest(order, carried, lambda turns, *now: put(checked, turns, now))
    else:
        carried = emit.nest([counts[n] for n in outer], carried, row)
    return [loops.finish(*carried, number=number)]
