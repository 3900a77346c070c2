"""The operations of a host program on integers, which are known while it is evaluated.

What each means, with its wrapping and rounding, stands in LLVM's docs "'arith' Dialect".
"""

import functools
import struct

from .model import Late
from .table import operation
from .values import ScalarBits


def _width(type_):
    """The bits of a type; ``index`` has 64."""
    return 64 if str(type_) == "index" else int(str(type_).lstrip("bfi"))


def _unsigned(value, type_):
    return value & (1 << _width(type_)) - 1


def _signed(value, type_):
    """value as two's complement of the type's width."""
    width, value = _width(type_), _unsigned(value, type_)
    return value - (1 << width) if value >> (width - 1) else value


def _held(value, type_):
    """value as the evaluation keeps it: signed, but i1 is 0 or 1."""
    return _unsigned(value, type_) if _width(type_) == 1 else _signed(value, type_)


def _late(function):
    """function, for operands that are known; of others it is left to run time."""

    @functools.wraps(function)
    def evaluate(routine, op, values):
        if not any(isinstance(value, Late) for value in values):
            return function(routine, op, values)
        if not all(isinstance(value, (int, Late)) for value in values):
            routine.unsupported(op, "one of its operands is an argument, the other is read from a buffer")
        predicate = op.attributes["predicate"].value if "predicate" in op.attributes else 0
        return [
            Late(op.name.removeprefix("arith."), str(op.results[0].type), tuple(values), str(op.operands[-1].type), predicate)
        ]

    return evaluate


def _truncated(left, right):
    """The quotient rounded towards zero."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


# Name of an operation on two integers -> what it computes, and how it reads them.
_BINARY: dict[str, tuple] = {
    "addi": (_unsigned, lambda left, right: left + right),
    "subi": (_unsigned, lambda left, right: left - right),
    "muli": (_unsigned, lambda left, right: left * right),
    "andi": (_unsigned, lambda left, right: left & right),
    "ori": (_unsigned, lambda left, right: left | right),
    "xori": (_unsigned, lambda left, right: left ^ right),
    "minui": (_unsigned, min),
    "maxui": (_unsigned, max),
    "minsi": (_signed, min),
    "maxsi": (_signed, max),
    "divui": (_unsigned, lambda left, right: left // right),
    "divsi": (_signed, _truncated),
    "ceildivui": (_unsigned, lambda left, right: -(-left // right)),
    "ceildivsi": (_signed, lambda left, right: -(-left // right)),
    "floordivsi": (_signed, lambda left, right: left // right),
    "remui": (_unsigned, lambda left, right: left % right),
    "remsi": (_signed, lambda left, right: left - right * _truncated(left, right)),
}


@operation("arith.constant")
def constant(routine, op, values):
    return [op.attributes["value"].value]


@operation(*(f"arith.{name}" for name in _BINARY))
@_late
def integer(routine, op, values):
    read, compute = _BINARY[op.name.removeprefix("arith.")]
    type_ = op.results[0].type
    left, right = (read(value, type_) for value in routine.numbers(op, values))
    try:
        return [_held(compute(left, right), type_)]
    except ZeroDivisionError:
        routine.unsupported(op, "it divides by zero")


@operation("arith.addui_extended", "arith.mului_extended", "arith.mulsi_extended")
def extended(routine, op, values):
    """Twice as many bits: the lower half, and the upper (of a sum: the carry)."""
    type_ = op.results[0].type
    read = _signed if op.name == "arith.mulsi_extended" else _unsigned
    left, right = (read(value, type_) for value in routine.numbers(op, values))
    whole = left + right if op.name == "arith.addui_extended" else left * right
    return [_held(whole, type_), _held(whole >> _width(type_), op.results[1].type)]


@operation("arith.cmpi")
@_late
def compare(routine, op, values):
    predicate, type_ = op.attributes["predicate"].value, op.operands[0].type
    read = _unsigned if predicate > 5 else _signed
    left, right = (read(value, type_) for value in routine.numbers(op, values))
    predicate -= 4 if predicate > 5 else 0
    return [int((left == right, left != right, left < right, left <= right, left > right, left >= right)[predicate])]


@operation("util.cmp.eq")
def same(routine, op, values):
    return [int(values[0] is values[1])]


@operation("arith.select")
@_late
def select(routine, op, values):
    (condition,) = routine.numbers(op, values[:1])
    return [values[1] if condition else values[2]]


@operation("arith.bitcast")
@_late
def bitcast(routine, op, values):
    if isinstance(values[0], float):
        kind = {"f16": "e", "f32": "f", "f64": "d"}.get(str(op.operands[0].type)) or routine.unsupported(op)
        return [int.from_bytes(struct.pack(f"<{kind}", values[0]), "little", signed=True)]
    return values if isinstance(values[0], (ScalarBits, int)) else routine.unsupported(op)


@operation("arith.trunci", "arith.extui", "arith.extsi", "arith.index_cast", "arith.index_castui")
@_late
def resize(routine, op, values):
    if isinstance(values[0], ScalarBits):
        # A word of the bits; what is missing above them is zero.
        return values if op.name in ("arith.trunci", "arith.extui") else routine.unsupported(op)
    (value,) = routine.numbers(op, values)
    read = _unsigned if op.name in ("arith.extui", "arith.index_castui") else _signed
    return [_held(read(value, op.operands[0].type), op.results[0].type)]


@operation("arith.shli", "arith.shrui", "arith.shrsi")
@_late
def shift(routine, op, values):
    value, (count,) = values[0], routine.numbers(op, values[1:])
    type_ = op.results[0].type
    count = _unsigned(count, type_)
    if isinstance(value, ScalarBits) and op.name == "arith.shrui" and count % 8 == 0:
        return [ScalarBits(value.argument, value.dtype, value.offset + count // 8)]
    (value,) = routine.numbers(op, [value])
    if count >= _width(type_):
        routine.unsupported(op, f"a shift by {count} of {_width(type_)} bits has no result")
    if op.name == "arith.shli":
        return [_held(value << count, type_)]
    return [_held((_signed if op.name == "arith.shrsi" else _unsigned)(value, type_) >> count, type_)]


@operation("util.align")
def align(routine, op, values):
    value, alignment = routine.numbers(op, values)
    return [-(-value // alignment) * alignment]


@operation("util.range.min", "util.range.max")
def extreme(routine, op, values):
    return [(min if op.name == "util.range.min" else max)(routine.numbers(op, values))]
