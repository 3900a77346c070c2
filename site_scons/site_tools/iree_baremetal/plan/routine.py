"""The evaluation of a host program's functions: a `Routine` each, in one `Program`."""

from ..errors import BaremetalError
from . import arena, integers, operations, places, pushing, streaming  # noqa: F401 (integers and places fill TABLE)
from .model import ALIGNMENT, Copy, Dispatch, Function, Late, Load, Span, Word, aligned, with_spans
from .overlap import NOTHING
from .table import TABLE
from .values import NULL, Buffer, Opaque, ScalarBits, Slice

# iree-compile may keep the tensor of global @x anywhere in a buffer: then @x__offset says where,
# and @x__storage_size how large the buffer is.
OFFSET, STORAGE_SIZE = "__offset", "__storage_size"
_LIMIT = 1_000_000  # operations of one function: more is a loop that only run time can end


class Program:
    """What all functions of a model share: constants, global variables, kernels."""

    def __init__(self, module, kernels, access=None, alignment=ALIGNMENT, proven=None, slabs=None):
        self.module = module  # its operations live as long as it does
        self.kernels, self.access, self.alignment, self.proven = kernels, access, alignment, proven
        self.slabs = slabs or {}
        self.by_name = {kernel.symbol: kernel for kernel in kernels}
        self.functions, self.globals, self.mutable = {}, {}, set()
        self.constants, self.states = bytearray(), []
        self.initializers = []
        for block_op in module.body:
            op = block_op.operation
            if op.name == "util.func":
                self.functions[op.attributes["sym_name"].value] = op
            elif op.name == "util.initializer":
                self.initializers.append(op)
            elif op.name == "util.global":
                name = op.attributes["sym_name"].value
                initial = op.attributes["initial_value"] if "initial_value" in op.attributes else None
                self.globals[name] = getattr(initial, "value", NULL)
                if "is_mutable" in op.attributes:
                    self.mutable.add(name)

    def places_tensor(self, name):
        """Whether global name says where in its buffer another one's tensor is."""
        return any(name.endswith(suffix) and name.removesuffix(suffix) in self.mutable for suffix in (OFFSET, STORAGE_SIZE))

    def constant(self, data):
        """A buffer in flash with this content."""
        offset = aligned(len(self.constants))
        self.constants.extend(bytes(offset - len(self.constants)) + data)
        return Buffer("constant", offset, len(data))

    def state(self, size):
        """A buffer that keeps its content between calls."""
        self.states.append(size)
        return Buffer("state", len(self.states) - 1, size)


class Routine:
    """The evaluation of one function, or of all initializers together."""

    def __init__(self, program, name, initializes=False):
        self.program, self.name, self.initializes = program, name, initializes
        self.steps, self.transients, self.stored = [], [], {}
        self.count = 0

    # What operations ask for.

    def unsupported(self, op, why=""):
        where = places.node(str(op.location)) or self.location(op)
        raise BaremetalError(
            f"deploy=direct cannot express {op.name} in @{self.name} at {where}{why and ': ' + why}. "
            "It needs a model of static shapes whose steps are known at build time; use deploy=static for others."
        )

    def location(self, op):
        """Where op comes from in the model: file:line:column, or an operator."""
        return places.first(str(op.location)) or "an unknown place"

    def numbers(self, op, values):
        for value in values:
            if not isinstance(value, int):
                self.unsupported(op, "its operands are known only at run time")
        return values

    def word(self, op, value):
        if isinstance(value, ScalarBits):
            return Word(value.argument, value.offset)
        if isinstance(value, Late):
            return value
        (value,) = self.numbers(op, [value])
        return value & 0xFFFFFFFF

    def slice(self, value):
        return value if isinstance(value, Slice) else Slice(value, 0, value.size)

    def span(self, op, value, offset, length):
        if isinstance(value, Opaque):
            self.unsupported(op, "its buffer does not exist yet")
        offset, length = self.numbers(op, [offset, length])
        whole = self.slice(value)
        # The buffer's final place may be decided later: the Buffer stands in the span until then.
        return Span(whole.buffer, 0, whole.offset + offset, length)

    def kernel(self, entry, constants, bindings):
        # 3.11 names a kernel by its ordinal, later versions by its symbol.
        known = dict(enumerate(self.program.kernels)) if isinstance(entry, int) else self.program.by_name
        kernel = known.get(entry)
        if kernel is None or (kernel.constant_count, kernel.binding_count) != (constants, bindings):
            raise BaremetalError(f"the kernels' object and the host program disagree about {entry}: build both again.")
        return kernel.symbol

    def access(self, symbol, bindings):
        """What the kernel does to its bindings; nothing where the program's access is not known."""
        if self.program.access is None:
            return ()
        found = self.program.access.get(symbol, ())
        if len(found) != bindings:
            raise BaremetalError(f"the model at the stream phase and the host program disagree about {symbol}: build both again.")
        return found

    def constant(self, data):
        return self.program.constant(data)

    def transient(self, size):
        self.transients.append(size)
        return Buffer("transient", len(self.transients) - 1, size)

    def load(self, name):
        return self.stored.get(name, self.program.globals[name])

    def store(self, op, name, value):
        is_number = not isinstance(value, (Buffer, Slice, Opaque))
        if is_number and not (self.initializes or self.program.places_tensor(name)) and value != self.program.globals[name]:
            self.unsupported(op, f"@{name} is a scalar and changes; only tensors can, so make it one (tensor<i32>, say)")
        self.stored[name] = value

    def read(self, op, buffer, offset, size, type_):
        """The number in a buffer: of a constant it is known; else a `Late`, and a step that reads it."""
        span = self.span(op, buffer, offset, size)
        if span.place.place == "constant":
            start = span.place.index + span.offset
            return int.from_bytes(self.program.constants[start : start + size], "little", signed=type_ != "i1")
        number = sum(isinstance(step, Load) for step in self.steps)
        self.steps.append(Load(span, number, type_))
        return Late("load", type_, (number,))

    def call(self, op, name, arguments):
        body = self.program.functions[name].regions[0]
        if not len(body.blocks):
            self.unsupported(op, f"@{name} is outside the model")
        return self.run(body, arguments)

    # The evaluation itself.

    def run(self, region, arguments):
        """Evaluates the blocks of region and returns what it returns."""
        block, known = region.blocks[0], {}
        while True:
            known.update(zip(block.arguments, arguments))
            for block_op in block.operations:
                op = block_op.operation
                self.count += 1
                if self.count > _LIMIT:
                    self.unsupported(op, "a loop does not end")
                values = [known[operand] for operand in op.operands]
                if op.name == "util.return":
                    return values
                if op.name in ("cf.br", "cf.cond_br"):
                    block, arguments = self.branch(op, values)
                    break
                if op.name not in TABLE:
                    self.unsupported(op)
                known.update(zip(op.results, TABLE[op.name](self, op, values)))

    def branch(self, op, values):
        if op.name == "cf.br":
            return op.successors[0], values
        _, if_true, _ = op.attributes["operandSegmentSizes"]
        (condition,) = self.numbers(op, values[:1])
        if condition:
            return op.successors[0], values[1 : 1 + if_true]
        return op.successors[1], values[1 + if_true :]

    def copy(self, source, target):
        length = min(source.length, target.length)
        self.steps.append(Copy(Span(source.buffer, 0, source.offset, length), Span(target.buffer, 0, target.offset, length)))

    def finish(self, inputs=(), outputs=()):
        """The `Function`, with every buffer's place settled."""

        def place(span):
            return Span(span.place.place, span.place.index, span.offset, span.length)

        local_memory = {kernel.symbol: kernel.local_memory for kernel in self.program.kernels}
        steps = [with_spans(step, place) for step in self.steps]
        function = Function(self.name, list(inputs), list(outputs), steps, self.transients)
        is_streamed = self._stream(function)
        arena.place(function, local_memory.get, self.program.alignment, self.program.proven, is_streamed)
        return function

    def _stream(self, function):
        """Runs the layers of function by rows whose kernels are made for it; whether there are any."""
        slabs, proven = self.program.slabs, self.program.proven or NOTHING
        if not any(isinstance(step, Dispatch) and step.kernel in slabs for step in function.steps):
            return False

        def may_overwrite(step, number):
            return 0 in proven.shifts(step).get((number, len(step.bindings) - 1), ())

        is_pushed = pushing.is_wanted(slabs)
        try:
            steps = pushing.results_last(function.steps, slabs) if is_pushed else function.steps
            function.steps = streaming.stream(steps, slabs, may_overwrite, self.program.alignment)
        except streaming.Refused as reason:
            raise BaremetalError(f"{self.name}: its kernels compute rows, but {reason}. Please report the model.") from reason
        try:
            function.pushed = pushing.of(function, slabs) if is_pushed else None
        except streaming.Refused as reason:
            raise BaremetalError(f"push_rows=1: the input cannot be given row by row: {reason}.") from reason
        return True
