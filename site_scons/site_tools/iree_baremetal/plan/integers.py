"""The operations of a host program on integers, which are known while it is evaluated."""

from .table import operation
from .values import ScalarBits


def _width(type_):
    """The bits of an integer type; ``index`` has 64."""
    return 64 if str(type_) == "index" else int(str(type_)[1:])


def _unsigned(value, type_):
    return value & (1 << _width(type_)) - 1


def _signed(value, type_):
    """value as the integer type holds it; i1 holds 0 or 1."""
    width, value = _width(type_), _unsigned(value, type_)
    return value - (1 << width) if width > 1 and value >> (width - 1) else value


@operation("arith.constant")
def constant(routine, op, values):
    return [op.attributes["value"].value]


@operation("arith.addi", "arith.subi", "arith.muli", "arith.andi", "arith.ori")
def integer(routine, op, values):
    left, right = routine.numbers(op, values)
    compute = {
        "addi": lambda: left + right,
        "subi": lambda: left - right,
        "muli": lambda: left * right,
        "andi": lambda: left & right,
        "ori": lambda: left | right,
    }
    return [_signed(compute[op.name.split(".")[1]](), op.results[0].type)]


@operation("arith.cmpi")
def compare(routine, op, values):
    left, right = routine.numbers(op, values)
    predicate = op.attributes["predicate"].value
    if predicate > 5:  # the unsigned ones
        left, right = (_unsigned(v, op.operands[0].type) for v in (left, right))
        predicate -= 4
    return [int((left == right, left != right, left < right, left <= right, left > right, left >= right)[predicate])]


@operation("util.cmp.eq")
def same(routine, op, values):
    return [int(values[0] is values[1])]


@operation("arith.select")
def select(routine, op, values):
    (condition,) = routine.numbers(op, values[:1])
    return [values[1] if condition else values[2]]


@operation("arith.bitcast")
def bitcast(routine, op, values):
    return values if isinstance(values[0], ScalarBits) else routine.unsupported(op)


@operation("arith.trunci", "arith.extui", "arith.extsi", "arith.index_cast", "arith.index_castui")
def resize(routine, op, values):
    if isinstance(values[0], ScalarBits):
        # A word of the bits; what is missing above them is zero.
        return values if op.name in ("arith.trunci", "arith.extui") else routine.unsupported(op)
    (value,) = routine.numbers(op, values)
    if op.name in ("arith.extui", "arith.index_castui"):
        value = _unsigned(value, op.operands[0].type)
    return [_signed(value, op.results[0].type)]


@operation("arith.shrui")
def shift(routine, op, values):
    value, (count,) = values[0], routine.numbers(op, values[1:])
    if isinstance(value, ScalarBits) and count % 8 == 0:
        return [ScalarBits(value.argument, value.dtype, value.offset + count // 8)]
    (value,) = routine.numbers(op, [value])
    type_ = op.results[0].type
    return [_signed(_unsigned(value, type_) >> count, type_)]
