"""What takes two numbers or more to one: arithmetic, comparisons, logic, selection."""

from case import Case, Typed, seeded

FUSED = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "DIV": "DivOptions"}
OUT = {
    "ADD": (-9, 13),
    "SUB": (-11, 12),
    "MUL": (-26, 40),
    "SQUARED_DIFFERENCE": (0, 120),
    "MAXIMUM": (-4, 6),
    "MINIMUM": (-4, 6),
    "DIV": (-20, 30),
}
SAME = ("MAXIMUM", "MINIMUM", "FLOOR_DIV", "FLOOR_MOD")


def binary(
    operator, kind, variant="", left=(2, 3, 4, 5), right=None, constant=False, given=(-4, 6), second=None, out=None, **fields
):
    made = Typed(kind)
    second = second or (given if operator in SAME else (-3, 5))
    x = made.x(*left, low=given[0], high=given[1])
    right = left if right is None else right
    if constant:
        y = made.c(seeded(operator, kind, variant).uniform(*second, right), *second)
    else:
        y = made.x(*right, low=second[0], high=second[1])
    low, high = out or OUT.get(operator, given)
    made.op(operator, [x, y], [made.y(low, high)], FUSED.get(operator) if fields or operator in FUSED else None, **fields)
    return Case(operator, kind, variant, made, given[0], given[1])


def compare(operator, kind, variant="", left=(2, 3, 5), right=None):
    made = Typed(kind)
    x = made.x(*left, low=-4, high=6)
    y = made.x(*(right or left)) if "EQUAL" in operator else made.x(*(right or left), low=-3, high=4)
    made.op(operator, [x, y], [made.tensor("bool")])
    return Case(operator, kind, variant, made, -4, 4)


def select(operator, kind, variant="", condition=(2, 3, 4), left=(2, 3, 4), right=(2, 3, 4)):
    made = Typed(kind)
    c = made.input("bool", condition)
    made.op(operator, [c, made.x(*left), made.x(*right)], [made.y(-4, 6)])
    return Case(operator, kind, variant, made)


CASES = []
for operator in ("ADD", "SUB", "MUL"):
    for kind in ("int8", "int16", "uint8", "float", "int32"):
        CASES += [
            binary(operator, kind),
            binary(operator, kind, "broadcast", left=(2, 1, 4, 5), right=(3, 1, 5), fusedActivationFunction="RELU"),
        ]
    CASES += [
        binary(operator, kind, "constant", right=(5,), constant=True, fusedActivationFunction="RELU6")
        for kind in ("int8", "float")
    ]
    CASES += [binary(operator, kind, "scalar", right=(), constant=True) for kind in ("int8", "int16", "float")]
    CASES += [
        binary(operator, "int8", "uneven", given=(-0.1, 0.2), second=(-30, 50), out=(-8, 10) if operator == "MUL" else (-50, 50))
    ]
CASES += [binary("ADD", "int64"), binary("MUL", "int64"), binary("SUB", "int64")]
# Scales that count as powers of two, one of the inputs' as the output's: sides are shifted.
POWERS = [
    case
    for operator in ("ADD", "SUB")
    for case in (
        binary(operator, "int16", "powers", given=(-4, 4), second=(-1, 1), out=(-4, 4)),
        binary(operator, "int16", "powers_relu", given=(-2, 2), second=(-8, 8), out=(-8, 8), fusedActivationFunction="RELU"),
    )
]
CASES += [
    binary(
        "ADD",
        "int16",
        "power_of_two",
        given=(-1, 32767 / 32768),
        second=(-1, 32767 / 32768),
        out=(-1, 32767 / 32768),
        potScaleInt16=True,
    )
]
CASES += [
    binary("DIV", "float", given=(0.5, 6), second=(0.5, 6)),
    *(binary("DIV", kind, given=(0.2, 6), second=(0.2, 6), constant=True, out=(0, 30)) for kind in ("int8", "uint8")),
    *(
        binary("DIV", kind, "signs", left=(3, 50), right=(50,), given=(-4, 6), second=(-3, 5), constant=True, out=(-1, 1))
        for kind in ("int8", "uint8")
    ),
    binary("DIV", "int32", given=(1, 1000)),
]
for operator in ("MAXIMUM", "MINIMUM"):
    CASES += [binary(operator, kind) for kind in ("int8", "int16", "uint8", "float", "int32", "int64")]
    CASES += [binary(operator, kind, "broadcast", left=(2, 3, 1), right=(4,)) for kind in ("int8", "float")]
CASES += [binary("SQUARED_DIFFERENCE", kind) for kind in ("int8", "float", "int32")]
CASES += [binary("SQUARED_DIFFERENCE", kind, "broadcast", left=(2, 3, 4), right=(1, 4)) for kind in ("int8", "float")]
CASES += [
    binary("POW", "float", given=(0.1, 4), second=(0.1, 4)),
    binary("POW", "int32", left=(3, 40), given=(0, 6), second=(0, 8)),
]
CASES += [binary(op, "float", given=(-7, 7), left=(3, 50), constant=True, right=(50,)) for op in ("FLOOR_DIV", "FLOOR_MOD")]
CASES += [binary("ATAN2", "float", given=(-5, 5))]


def divide_integers(operator, kind):
    made = Typed(kind)
    values = seeded(operator, kind).integers(1, 9, (3, 8)) * seeded(operator).choice([-1, 1], (3, 8))
    made.op(operator, [made.x(3, 8), made.integers(values, kind)], [made.y()])
    return Case(operator, kind, "", made, -100, 100)


CASES += [divide_integers("FLOOR_DIV", kind) for kind in ("int32", "int16", "int8")]
CASES += [divide_integers("FLOOR_MOD", kind) for kind in ("int32", "int64", "int16", "int8")]
for operator in ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"):
    CASES += [compare(operator, kind) for kind in ("int8", "float", "int32", "uint8", "int64")]
    CASES += [compare(operator, kind, "broadcast", (2, 3, 1), (4,)) for kind in ("int8", "float")]
CASES += [compare("LESS", "int16"), compare("EQUAL", "bool"), compare("NOT_EQUAL", "bool")]
CASES += [binary(op, "bool", given=(0, 1)) for op in ("LOGICAL_AND", "LOGICAL_OR")]
CASES += [binary("LOGICAL_AND", "bool", "broadcast", left=(2, 3, 1), right=(4,))]


def logical_not():
    made = Typed("bool")
    made.op("LOGICAL_NOT", [made.x(3, 8)], [made.y()])
    return Case("LOGICAL_NOT", "bool", "", made)


def add_n(kind, count=3):
    made = Typed(kind)
    made.op("ADD_N", [made.x(2, 5) for _ in range(count)], [made.y()])
    return Case("ADD_N", kind, "", made)


CASES += [logical_not(), add_n("float"), add_n("int32")]
for kind in ("int8", "int16", "float", "int32", "uint8", "bool"):
    CASES += [select("SELECT_V2", kind), select("SELECT", kind)]
CASES += [select("SELECT_V2", kind, "broadcast", (3, 1), (2, 1, 4), (4,)) for kind in ("int8", "float")]
CASES += [select("SELECT", kind, "rows", (2,)) for kind in ("int8", "float")]
CASES += [select("SELECT", "float", "scalar", ())]
