"""AVERAGE_POOL_2D, MAX_POOL_2D, L2_POOL_2D."""

from case import Case, Typed


def pool(operator, kind, variant, shape=(1, 7, 6, 4), window=(3, 3), strides=(2, 2), padding="SAME", fused="NONE"):
    made = Typed(kind)
    x = made.x(*shape)
    # The scales of a pool's input and output are one.
    made.op(
        operator, [x], [made.y(-4, 6)], "Pool2DOptions", padding=padding, filterHeight=window[0], filterWidth=window[1],
        strideH=strides[0], strideW=strides[1], fusedActivationFunction=fused,
    )  # fmt: skip
    return Case(operator, kind, variant, made)


CASES = []
for operator in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
    for kind in ("int8", "int16", "float", "uint8"):
        CASES += [
            pool(operator, kind, ""),
            pool(operator, kind, "valid", padding="VALID", window=(2, 3), strides=(1, 2), fused="RELU"),
            pool(operator, kind, "global", shape=(1, 7, 6, 3), window=(7, 6), strides=(1, 1), padding="VALID"),
        ]
    CASES += [
        pool(operator, kind, "large", shape=(2, 12, 13, 2), window=(8, 7), strides=(3, 4), fused="RELU6")
        for kind in ("int8", "float")
    ]
CASES += [pool("L2_POOL_2D", "float", ""), pool("L2_POOL_2D", "float", "valid", padding="VALID", strides=(1, 1), fused="RELU6")]
