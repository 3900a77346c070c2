"""RESIZE_BILINEAR, RESIZE_NEAREST_NEIGHBOR."""

from case import Case, Typed


def resize(operator, kind, variant, size, shape=(1, 4, 5, 2), **fields):
    made = Typed(kind)
    options = {"RESIZE_BILINEAR": "ResizeBilinearOptions", "RESIZE_NEAREST_NEIGHBOR": "ResizeNearestNeighborOptions"}[operator]
    made.op(operator, [made.x(*shape), made.integers(size)], [made.y(-4, 6)], options, **fields)
    return Case(operator, kind, variant, made)


CASES = []
for operator in ("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"):
    for kind in ("int8", "int16", "float", "uint8"):
        CASES += [
            resize(operator, kind, "larger", (7, 9)),
            resize(operator, kind, "double", (8, 10), halfPixelCenters=True),
            resize(operator, kind, "aligned", (7, 9), alignCorners=True),
        ]
    CASES += [resize(operator, kind, "smaller", (3, 2), (2, 7, 8, 3)) for kind in ("int8", "float")]
    CASES += [resize(operator, kind, "smaller_half", (3, 2), (2, 7, 8, 3), halfPixelCenters=True) for kind in ("int8", "float")]
    CASES += [resize(operator, kind, "one", (1, 1), (1, 3, 4, 2), alignCorners=True) for kind in ("int8", "float")]
