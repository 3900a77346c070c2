"""MEAN, SUM, REDUCE_*, ARG_MAX, ARG_MIN, CUMSUM, L2_NORMALIZATION."""

from case import Case, Typed


def reduction(operator, kind, variant, axes, shape=(2, 5, 4, 3), keep=False, out=None, given=(-4, 6)):
    made = Typed(kind)
    x = made.x(*shape, low=given[0], high=given[1])
    made.op(operator, [x, made.integers(axes)], [made.y(*(out or given))], "ReducerOptions", keepDims=keep)
    # LiteRT 2.3.0's reference kernel sums int8 and int16 wrongly: of [-10, 0, 0], from scale 0.1 to 0.2, it makes 123.
    return Case(operator, kind, variant, made, *given, optimized=operator == "SUM" and kind in ("int8", "int16"))


def arg(operator, kind, variant="", axis=-1, shape=(3, 4, 5), type_="int32"):
    made = Typed(kind)
    code = {"int32": 2, "int64": 4}[type_]
    options = {"ARG_MAX": "ArgMaxOptions", "ARG_MIN": "ArgMinOptions"}[operator]
    made.op(operator, [made.x(*shape), made.integers(axis)], [made.tensor(type_)], options, outputType=code)
    return Case(operator, kind, variant, made)


def cumulative(kind, variant="", axis=1, **fields):
    made = Typed(kind)
    made.op("CUMSUM", [made.x(2, 6, 3), made.integers(axis)], [made.y(-20, 30)], "CumsumOptions", **fields)
    return Case("CUMSUM", kind, variant, made)


def l2(kind, variant="", shape=(3, 8)):
    made = Typed(kind)
    output = {"int8": (1 / 128, 0), "uint8": (1 / 128, 128)}.get(kind, (None, 0))
    made.op("L2_NORMALIZATION", [made.x(*shape)], [made.tensor(made.type, None, *output)], "L2NormOptions")
    return Case("L2_NORMALIZATION", kind, variant, made)


CASES = []
for kind in ("int8", "int16", "uint8", "float"):
    CASES += [
        reduction("MEAN", kind, "spatial", [1, 2]),
        reduction("MEAN", kind, "kept", [1, 2], keep=True, out=(-3, 5)),
        reduction("MEAN", kind, "last", [-1], out=(-5, 7)),
        reduction("MEAN", kind, "all", [0, 1, 2, 3]),
        reduction("SUM", kind, "", [1, 2], out=(-40, 60)),
        reduction("SUM", kind, "kept", [-1], keep=True, out=(-12, 18)),
    ]
CASES += [reduction("MEAN", "int32", "", [1]), reduction("SUM", "int32", "", [1]), reduction("SUM", "int64", "", [0, 2])]
for operator in ("REDUCE_MAX", "REDUCE_MIN"):
    CASES += [reduction(operator, kind, "", [1, 3], out=(-4, 6)) for kind in ("int8", "int16", "uint8", "float", "int32")]
    CASES += [reduction(operator, kind, "kept", [2], keep=True) for kind in ("int8", "float")]
CASES += [reduction("REDUCE_PROD", kind, "", [1], given=(-1.2, 1.5), out=(-3, 3)) for kind in ("int8", "int16", "float")]
CASES += [reduction("REDUCE_PROD", "int32", "", [1])]
CASES += [reduction(op, "bool", "", [1]) for op in ("REDUCE_ANY", "REDUCE_ALL")]
CASES += [reduction("REDUCE_ANY", "bool", "kept", [3], keep=True)]
for operator in ("ARG_MAX", "ARG_MIN"):
    CASES += [arg(operator, kind) for kind in ("int8", "uint8", "float", "int32")]
    CASES += [arg(operator, "float", "first", 0, type_="int64"), arg(operator, "int8", "middle", 1)]
CASES += [cumulative(kind) for kind in ("float", "int32", "int64")]
CASES += [
    cumulative("float", f"{'exclusive' if e else ''}{'reverse' if r else ''}", exclusive=e, reverse=r)
    for e, r in ((1, 0), (0, 1), (1, 1))
]
CASES += [l2(kind) for kind in ("int8", "uint8", "float")] + [l2("float", "deep", (2, 3, 2, 5)), l2("int8", "deep", (2, 3, 2, 5))]
