"""A plan: functions made of ordered steps over buffers, as plain data.

All sizes and offsets are in bytes. Buffers are named by the place they live in:

========= ===============================================================================
input     the caller's, read only; index of the function's argument
output    the caller's; index of the function's result
constant  flash; one block for the model, ``index`` is the offset of the constant in it
state     RAM that keeps its content between calls (the model's global variables)
transient RAM that a call needs only while it runs: the arena
========= ===============================================================================
"""

from dataclasses import dataclass, field, replace

# Every buffer starts at a multiple of this: what IREE's compiler assumes of the buffers it is
# given (IREE_HAL_HEAP_BUFFER_ALIGNMENT in upstream's runtime/src/iree/hal/buffer_heap_impl.h).
ALIGNMENT = 64

# MLIR's element types -> (C type, size in bytes).
C_TYPES = {
    "i1": ("uint8_t", 1),
    "i8": ("int8_t", 1),
    "ui8": ("uint8_t", 1),
    "i16": ("int16_t", 2),
    "ui16": ("uint16_t", 2),
    "i32": ("int32_t", 4),
    "ui32": ("uint32_t", 4),
    "i64": ("int64_t", 8),
    "ui64": ("uint64_t", 8),
    "f16": ("uint16_t", 2),  # the bits; portable C has no type for it
    "bf16": ("uint16_t", 2),
    "f32": ("float", 4),
    "f64": ("double", 8),
}


def aligned(size, alignment=ALIGNMENT):
    """The least multiple of alignment that is not below size."""
    return -(-size // alignment) * alignment


@dataclass(frozen=True)
class Tensor:
    """An input or output: a dense row-major array. A scalar argument has shape None, a dynamic
    dimension the extent None (on IREE's runtime only).

    note: what the importer knew beyond the type, such as the quantization; for people.
    scale, zero_point: of a quantized tensor, whose real values are scale * (element - zero_point); else None.
    rounding: how its format takes a real value in the middle of two elements: to the "even" one, or "away" from zero.
    """

    name: str
    dtype: str
    shape: tuple | None
    note: str = ""
    scale: float | None = None
    zero_point: int | None = None
    rounding: str = "even"

    @property
    def is_quantized(self):
        return self.scale is not None and self.dtype in ("i8", "ui8", "i16", "ui16")

    @property
    def is_scalar(self):
        return self.shape is None

    @property
    def is_dynamic(self):
        return None in (self.shape or ())

    @property
    def elements(self):
        count = 1
        for extent in self.shape or ():
            count *= extent
        return count

    @property
    def size(self):
        return self.elements * C_TYPES[self.dtype][1]


@dataclass(frozen=True)
class Span:
    """``length`` bytes at ``offset`` of a buffer."""

    place: str
    index: int
    offset: int
    length: int


@dataclass(frozen=True)
class Word:
    """A 32-bit word of a scalar argument's bits, known only at run time."""

    argument: int
    offset: int


@dataclass(frozen=True)
class Late:
    """An integer that the host program computes of what it reads from buffers, known only at run time.

    name: "load", or that of an operation of MLIR's arith dialect; type: of the result, as MLIR writes
    it. operands: int or `Late`; of a load, its number. of: the operands' type; predicate: of cmpi.
    """

    name: str
    type: str
    operands: tuple
    of: str = ""
    predicate: int = 0

    @property
    def loads(self):
        """The numbers of the loads that it comes from."""
        if self.name == "load":
            return set(self.operands)
        return set().union(*(operand.loads for operand in self.operands if isinstance(operand, Late)))


@dataclass(frozen=True)
class Load:
    """The host program reads a number from a buffer, for the constants of later dispatches; type: MLIR's."""

    source: Span
    number: int
    type: str


@dataclass(frozen=True)
class Dispatch:
    """One call of a kernel for each workgroup."""

    kernel: str
    workgroups: tuple
    constants: tuple  # int, Word or Late
    bindings: tuple  # Span
    location: str = ""
    access: tuple = ()  # "r", "w" or "rw" for each binding; empty: nothing is known
    is_row: bool = False  # whether it computes one row of what its location stands for, and others the rest


@dataclass(frozen=True)
class Fill:
    target: Span
    pattern: int
    width: int  # of the pattern


@dataclass(frozen=True)
class Runs:
    """``length`` bytes at each of counts[0] x counts[1] places of a buffer, the first at ``start``.

    strides: in bytes, from one place to the next, and from one row of them to the next.
    """

    start: int
    length: int
    counts: tuple
    strides: tuple


@dataclass(frozen=True)
class Border:
    """A fill of parts of ``target`` with one byte: of what a dispatch before leaves there."""

    target: Span
    byte: int
    parts: tuple  # Runs


@dataclass(frozen=True)
class Copy:
    source: Span
    target: Span

    @property
    def is_move(self):
        """Whether the target begins before the source and may end in it: it is copied from its beginning on."""
        is_same = (self.source.place, self.source.index) == (self.target.place, self.target.index)
        return is_same and self.target.offset < self.source.offset


@dataclass(frozen=True)
class Pushed:
    """An input that the caller gives row by row: its number, how many rows it has, and the bytes of one.

    is_interleaved: whether a row has for each column its channels, though the model's input has channels, rows and columns.
    dispatches: of each row that steps read, by a `Copy`, in their order from the first on: how many dispatches come before it.
    """

    input: int
    rows: int
    size: int
    dispatches: tuple
    is_interleaved: bool = False

    @property
    def needed(self):
        """How many rows steps read; those behind them do not matter."""
        return len(self.dispatches)


@dataclass
class Function:
    """What one call does. ``transients`` are the sizes of its transient buffers.

    lives: (first, last) step that uses each of them; offsets: their places in the arena. pushed: `Pushed`, or None where the
    caller gives all inputs with the call.
    """

    name: str
    inputs: list
    outputs: list
    steps: list
    transients: list
    lives: list = field(default_factory=list)
    offsets: list = field(default_factory=list)
    arena_size: int = 0
    pushed: Pushed | None = None

    @property
    def is_dynamic(self):
        return any(tensor.is_dynamic for tensor in self.inputs + self.outputs)


@dataclass
class Plan:
    """A model's whole host program.

    kernels: `kernels.Kernel`s in the library's order. constants: the flash block's content.
    state: sizes of the state buffers. initializer: run once before the first call, or None.
    keeps_state: whether a call finds what the one before left, so that it can be reset.
    """

    name: str
    functions: list
    kernels: list
    constants: bytes
    state: list
    initializer: Function | None = None
    keeps_state: bool = False

    @property
    def state_offsets(self):
        offsets, end = [], 0
        for size in self.state:
            offsets.append(end)
            end += aligned(size)
        return offsets

    @property
    def state_size(self):
        return sum(aligned(size) for size in self.state)

    @property
    def arena_size(self):
        """The arena serves one call at a time, so the hungriest function sets its size."""
        routines = self.functions + ([self.initializer] if self.initializer else [])
        return max((f.arena_size for f in routines), default=0)


def accesses(step):
    """(span, "r", "w" or "rw") for all that a step touches.

    "w" says that nothing of what the span held before can matter.
    """
    if isinstance(step, Dispatch):
        return list(zip(step.bindings, step.access or ("rw",) * len(step.bindings)))
    if isinstance(step, (Fill, Border)):
        return [(step.target, "rw" if isinstance(step, Border) else "w")]
    if isinstance(step, Load):
        return [(step.source, "r")]
    return [(step.source, "r"), (step.target, "w")]


def spans(step):
    """All spans that a step touches."""
    return [span for span, _ in accesses(step)]


def with_spans(step, change):
    """The step with change(span) in place of every span."""
    if isinstance(step, Dispatch):
        return replace(step, bindings=tuple(change(span) for span in step.bindings))
    if isinstance(step, (Fill, Border)):
        return replace(step, target=change(step.target))
    if isinstance(step, Load):
        return replace(step, source=change(step.source))
    return replace(step, source=change(step.source), target=change(step.target))
