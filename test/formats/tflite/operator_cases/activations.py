"""What changes each number by itself, and softmaxes."""

from case import Case, Typed, seeded

QUANTIZED = ("int8", "int16", "uint8")


def unary(operator, kind, variant="", shape=(2, 3, 4, 5), given=(-4, 6), out=None, options=None, **fields):
    """out: the real range of the output's quantization; the input's where absent."""
    made = Typed(kind)
    low, high = given
    x = made.x(*shape, low=low, high=high)
    made.op(operator, [x], [made.y(*(out or given))], options, **fields)
    return Case(operator, kind, variant, made, low, high)


def logistic_kind(operator, kind, variant, given, shape=(4, 64)):
    """LOGISTIC and TANH: LiteRT wants their outputs' quantization to be just this."""
    made = Typed(kind)
    x = made.x(*shape, low=given[0], high=given[1])
    fixed = {
        ("LOGISTIC", "int8"): (1 / 256, -128), ("LOGISTIC", "uint8"): (1 / 256, 0), ("LOGISTIC", "int16"): (1 / 32768, 0),
        ("TANH", "int8"): (1 / 128, 0), ("TANH", "uint8"): (1 / 128, 128), ("TANH", "int16"): (1 / 32768, 0),
    }.get((operator, kind), (None, 0))  # fmt: skip
    made.op(operator, [x], [made.tensor(made.type, None, *fixed)])
    return Case(operator, kind, variant, made, *given)


def softmax(operator, kind, variant, shape=(3, 10), given=(-4, 6), beta=None, type_=None):
    made = Typed(kind)
    x = made.x(*shape, low=given[0], high=given[1])
    if operator == "LOG_SOFTMAX":
        output = {"int8": (16 / 256, 127), "uint8": (16 / 256, 255)}.get(kind, (None, 0))
    else:
        output = {"int8": (1 / 256, -128), "uint8": (1 / 256, 0), "int16": (1 / 32768, 0)}.get(kind, (None, 0))
    if type_:  # int8 to int16
        output = (1 / 65536, -32768)
    options = {} if operator == "LOG_SOFTMAX" else {"beta": 1.0 if beta is None else beta}
    made.op(
        operator,
        [x],
        [made.tensor(type_ or made.type, None, *output)],
        "LogSoftmaxOptions" if not options else "SoftmaxOptions",
        **options,
    )
    return Case(operator, kind, variant, made, *given)


def prelu(kind, variant, shape=(1, 4, 5, 3), slopes=(1, 1, 3)):
    made = Typed(kind)
    x = made.x(*shape)
    alpha = made.c(seeded("prelu").uniform(-1, 1, slopes), -1, 1)
    made.op("PRELU", [x, alpha], [made.y()])
    return Case("PRELU", kind, variant, made)


CASES = []
for operator in ("RELU", "RELU6", "RELU_N1_TO_1"):
    CASES += [
        unary(operator, kind, out=(-3, 7))
        for kind in ("int8", "int16", "float", "uint8")
        if operator != "RELU_N1_TO_1" or kind == "float"
    ]
CASES += [unary("RELU_0_TO_1", kind, out=(-3, 7)) for kind in ("int8", "float", "uint8")]
CASES += [unary("RELU", kind, "same", given=(-4, 6)) for kind in ("int8", "uint8")]
CASES += [unary("RELU6", "int8", "positive", given=(-2, 9), out=(0, 6))]
for kind in ("int8", "int16", "float", "uint8"):
    CASES.append(unary("LEAKY_RELU", kind, out=(-1, 7), options="LeakyReluOptions", alpha=0.2))
CASES += [unary("LEAKY_RELU", kind, "steep", options="LeakyReluOptions", alpha=1.5) for kind in ("int8", "float")]
CASES += [prelu(kind, "") for kind in ("int8", "float", "uint8")]
CASES += [prelu(kind, "scalar", slopes=(1,)) for kind in ("int8", "float")]
CASES += [unary("ELU", kind, out=(-1.1, 6)) for kind in ("int8", "float")]
CASES += [
    unary("GELU", kind, f"{'tanh' if near else 'erf'}", options="GeluOptions", approximate=near)
    for kind in ("int8", "float", "uint8")
    for near in (False, True)
]
CASES += [unary("HARD_SWISH", kind, out=(-0.5, 6)) for kind in ("int8", "uint8", "float")]
CASES += [
    unary("HARD_SWISH", "int8", "coarse", given=(-20, 30), out=(-1, 10)),
    unary("HARD_SWISH", "int8", "fine", given=(-1, 1), out=(-0.4, 1)),
]
for operator in ("LOGISTIC", "TANH"):
    CASES += [logistic_kind(operator, kind, "", (-4, 6)) for kind in (*QUANTIZED, "float")]
    CASES += [logistic_kind(operator, kind, "wide", (-30, 40)) for kind in ("int8", "float")]
    CASES += [
        logistic_kind(operator, "int16", "wide", (-12.3, 12.3), shape=(4, 512)),
        logistic_kind(operator, "int16", "q12", (-7.99, 32767 / 4096), shape=(4, 512)),
    ]
for kind in (*QUANTIZED, "float"):
    CASES += [softmax("SOFTMAX", kind, ""), softmax("SOFTMAX", kind, "two", (40, 2), (-9, 12))]
CASES += [softmax("SOFTMAX", kind, "beta", (2, 3, 7), (-1, 3), 2.5) for kind in ("int8", "float", "int16")]
CASES += [softmax("SOFTMAX", "int8", "wide", (5, 30), (-50, 77)), softmax("SOFTMAX", "int8", "fine", (5, 30), (-0.5, 0.3))]
CASES += [softmax("SOFTMAX", "int8", "to_int16", type_="int16")]
CASES += [softmax("LOG_SOFTMAX", kind, "") for kind in ("int8", "uint8", "float")]
CASES += [softmax("LOG_SOFTMAX", "int8", "wide", (5, 30), (-50, 77))]
CASES += [unary(op, "float", shape=(3, 3, 7)) for op in ("ABS", "NEG", "FLOOR", "CEIL", "ROUND", "SQUARE", "SIN", "COS", "SIGN")]
CASES += [
    unary("EXP", "float"),
    unary("EXP", "int8", given=(-3, 2), out=(0, 7)),
    unary("EXP", "int16", given=(-3, 3), out=(0, 20)),
]
CASES += [unary(op, "float", "", given=(0.001, 900)) for op in ("LOG", "SQRT", "RSQRT")]
CASES += [unary("LOG", "int8", given=(-0.2, 9), out=(-6, 3))]
CASES += [unary("LOG", "int16", given=(-9, 9), out=(-6, 6)), unary("NEG", "int8", given=(-4, 6), out=(-5, 7))]
CASES += [unary("SQRT", "int8", given=(0, 9), out=(0, 3)), unary("RSQRT", "int8", given=(0, 9), out=(0, 4))]
CASES += [unary("ABS", kind, given=(-4, 4), out=(0, 4.2)) for kind in ("int8", "int16")]
CASES += [
    unary("ABS", "int8", "same", given=(-4, 6), out=(-4, 6)),
    unary("ABS", "int32"),
    unary("NEG", "int32"),
    unary("NEG", "int64"),
    unary("SIGN", "int32"),
]
