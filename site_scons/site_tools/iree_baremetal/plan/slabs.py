"""Kernels that compute one row of their output from a few rows of their inputs: marks on their functions.

A row is what lies at one number of a tensor's outermost dimension; where kernels see several of its dimensions as one, a row
is several numbers of that.
"""

import json
from dataclasses import asdict, dataclass, replace

from iree.compiler import ir

from ..modules import operations, parsed

MARK = "iree_baremetal.rows"


@dataclass(frozen=True)
class Window:
    """For row r of the output, rows ``stride * r + first`` and count in all of an input, which has ``rows``.

    size: bytes of a row. padding: (value, bytes of it) of rows before the first and behind the last; None where none of
    these is read. is_spread: whether the tensor's rows lie in each other, as of channels first: then the kernel gets it from
    the first byte of the row on, and it has to be in memory whole. is_pushed: whether it is the model's input that the caller
    gives row by row (`plan.pushing`), is_interleaved: and with channels last, though the model has them first.
    """

    stride: int
    first: int
    count: int
    rows: int
    size: int
    padding: tuple | None = None
    is_spread: bool = False
    is_pushed: bool = False
    is_interleaved: bool = False

    @property
    def is_pointwise(self):
        return (self.stride, self.first, self.count) == (1, 0, 1)

    def needed(self, count):
        """How many rows of the input so many rows of the output need."""
        return self.stride * (count - 1) + self.count


@dataclass(frozen=True)
class Slab:
    """rows: of the output, which is the kernel's last binding, of size bytes each; windows: {number of the binding: `Window`}
    of inputs. start: of a kernel that adds each of rows of its inputs to its whole output of size bytes, what that is to begin
    with, (value, bytes of it) again and again. most: rows that a call computes at most; if more than one, its constant says how many.
    """

    rows: int
    size: int
    windows: dict
    start: tuple | None = None
    most: int = 1

    def text(self):
        windows = {number: asdict(window) for number, window in self.windows.items()}
        return json.dumps([self.rows, self.size, windows, self.start, self.most])


def _slab(text):
    rows, size, windows, start, most = json.loads(text)
    found = {int(n): Window(**{**w, "padding": w["padding"] and tuple(w["padding"])}) for n, w in windows.items()}
    return Slab(rows, size, found, start and tuple(start), most)


def mark(function, slab):
    """Leaves it on the function of a kernel."""
    function.attributes[MARK] = ir.StringAttr.get(slab.text())


def of(function):
    """The `Slab` of a function, or None."""
    return _slab(function.attributes[MARK].value) if MARK in function.attributes else None


def counts(function):
    """The arguments of a kernel that say how many rows a call computes, before the stream phase: one or none."""
    return [argument for argument in function.regions[0].blocks[0].arguments if str(argument.type) == "i32"]


def uncounted(module):
    """Symbols of kernels at the flow phase that are to compute as many rows as a call says, and do not look."""
    return {
        op.attributes["sym_name"].value
        for op in operations(module, "func.func")
        if MARK in op.attributes and of(op).most > 1 and not any(list(argument.uses) for argument in counts(op))
    }


def renumber(function, removed):
    """Lets a mark count bindings without those of the numbers removed, which no window is of."""
    if MARK in function.attributes and removed:
        slab = _slab(function.attributes[MARK].value)
        windows = {number - sum(other < number for other in removed): window for number, window in slab.windows.items()}
        mark(function, replace(slab, windows=windows))


def marks(module):
    """{symbol of a kernel: its `Slab`} of a module."""
    return {op.attributes["sym_name"].value: of(op) for op in operations(module, "func.func") if MARK in op.attributes}


def read(program):
    """The same, of a model (bytes) at the stream phase."""
    with parsed(program, "stream") as module:
        return marks(module)
