"""From the host program that iree-compile prints to a `model.Plan`.

The program (``--compile-to=hal --iree-hal-memoization=false
--iree-hal-indirect-command-buffers=false``) is evaluated once. For a static-shape model every
branch, size and offset in it is then known, and what remains is a list of steps.
"""

import re
from pathlib import Path

from iree.compiler import ir

from ..errors import BaremetalError
from . import arena, operations
from .model import Copy, Fill, Function, Plan, Span, Tensor, Word, aligned, spans
from .values import NULL, Argument, Buffer, Opaque, ScalarBits, Slice, View

_LIMIT = 1_000_000  # operations of one function: more is a loop that only run time can end


class Program:
    """What all functions of a model share: constants, global variables, kernels."""

    def __init__(self, module, kernels):
        self.module = module  # its operations live as long as it does
        self.kernels = kernels
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
                self.globals[name] = initial.value if hasattr(initial, "value") else NULL
                if "is_mutable" in op.attributes:
                    self.mutable.add(name)

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

    def __init__(self, program, name):
        self.program, self.name = program, name
        self.steps, self.transients, self.stored = [], [], {}
        self.count = 0

    # What operations ask for.

    def unsupported(self, op, why=""):
        raise BaremetalError(
            f"deploy=direct cannot express {op.name} in @{self.name} at {self.location(op)}{why and ': ' + why}. "
            "It needs a model of static shapes whose steps are known at build time; use deploy=static for others."
        )

    def location(self, op):
        """file:line:column of op in the model."""
        found = re.search(r'"([^"]*)":(\d+):(\d+)', str(op.location))
        return ":".join((Path(found[1]).name, *found.groups()[1:])) if found else "an unknown place"

    def numbers(self, op, values):
        for value in values:
            if not isinstance(value, int):
                self.unsupported(op, "its operands are known only at run time")
        return values

    def word(self, op, value):
        if isinstance(value, ScalarBits):
            return Word(value.argument, value.offset)
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
        kernel = self.program.kernels[entry] if isinstance(entry, int) else self.program.by_name.get(entry)
        if kernel is None or (kernel.constant_count, kernel.binding_count) != (constants, bindings):
            raise BaremetalError(f"the kernels' object and the host program disagree about {entry}: build both again.")
        return kernel.symbol

    def constant(self, data):
        return self.program.constant(data)

    def transient(self, size):
        self.transients.append(size)
        return Buffer("transient", len(self.transients) - 1, size)

    def load(self, name, op):
        value = self.stored.get(name, self.program.globals[name])
        if isinstance(value, int) and name in self.program.mutable and self.name != "initializer":
            self.unsupported(op, f"@{name} is a scalar that changes at run time")
        return value

    def store(self, name, value):
        self.stored[name] = value

    def call(self, name, arguments):
        return self.run(self.program.functions[name].regions[0], arguments)

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
                if op.name not in operations.TABLE:
                    self.unsupported(op)
                known.update(zip(op.results, operations.TABLE[op.name](self, op, values)))

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

        def settle(step):
            changes = {}
            for key, value in vars(step).items():
                if isinstance(value, Span):
                    changes[key] = place(value)
                elif key == "bindings":
                    changes[key] = tuple(place(span) for span in value)
            return type(step)(**{**vars(step), **changes})

        def place(span):
            return Span(span.place.place, span.place.index, span.offset, span.length)

        local_memory = {kernel.symbol: kernel.local_memory for kernel in self.program.kernels}
        steps = [settle(step) for step in self.steps]
        function = Function(self.name, list(inputs), list(outputs), steps, self.transients)
        arena.place(function, local_memory.get)
        return function


def _initialize(program):
    """Runs the initializers; gives mutable globals and kept buffers their place in RAM."""
    routine = Routine(program, "initializer")
    for op in program.initializers:
        routine.run(op.regions[0], [])
    owned = set()
    for name, value in routine.stored.items():
        if isinstance(value, (Buffer, Slice)):
            whole = routine.slice(value)
            mutable = name in program.mutable
            if whole.buffer.place == "transient" and whole.length == whole.buffer.size:
                kept = program.state(whole.buffer.size)
                whole.buffer.place, whole.buffer.index = kept.place, kept.index
            elif mutable and (whole.buffer.place == "constant" or whole.buffer in owned):
                value = program.state(whole.length)
                routine.copy(whole, routine.slice(value))
            if mutable:
                owned.add(routine.slice(value).buffer)
        program.globals[name] = value
    _drop_zeroing(routine)
    return routine.finish() if routine.steps else None


def _drop_zeroing(routine):
    """Takes out fills that leave a kept buffer as the start-up code made it: zero."""
    kept, touched = [], set()
    for step in routine.steps:
        zeroes = isinstance(step, Fill) and step.pattern == 0 and step.target.place.place == "state"
        if not (zeroes and step.target.place not in touched):
            kept.append(step)
            touched.update(span.place for span in spans(step))
    routine.steps = kept


def _store_globals(routine):
    """Copies what the function left in mutable globals to their places in RAM."""
    program, copies = routine.program, []
    for name, value in routine.stored.items():
        home = program.globals[name]
        if isinstance(value, (Buffer, Slice)):
            if not isinstance(home, (Buffer, Slice)):
                raise BaremetalError(f"global @{name} has no value before @{routine.name} stores one: initialize it.")
            source, target = routine.slice(value), routine.slice(home)
            if source != target:
                copies.append((source, target))
        elif isinstance(value, (int, ScalarBits)) and value != home:
            raise BaremetalError(
                f"@{routine.name} changes the scalar global @{name}; deploy=direct keeps tensors only. "
                "Make it a tensor (tensor<i32>, say) or use deploy=static."
            )
    staged = []
    for source, target in copies:
        if source.buffer.place == "state":  # another copy may overwrite it first
            kept = routine.slice(routine.transient(source.length))
            routine.copy(source, kept)
            source = kept
        staged.append((source, target))
    for source, target in staged:
        routine.copy(source, target)


def _arguments(op):
    result = []
    for index, value in enumerate(op.regions[0].blocks[0].arguments):
        type_ = str(value.type)
        if type_ == "!hal.buffer_view":
            result.append(Argument(index, Buffer("input", index, None)))
        else:
            dtype = operations.dtype_of(type_)
            result.append(ScalarBits(index, dtype))
    return result


def _function(program, name, op):
    """Evaluates one exported function."""
    routine = Routine(program, name)
    arguments = _arguments(op)
    results = routine.run(op.regions[0], arguments)
    declared = _declaration(op)
    inputs = []
    for argument in arguments:
        label = f"input{argument.index if isinstance(argument, Argument) else argument.argument}"
        if isinstance(argument, ScalarBits):
            inputs.append(Tensor(label, argument.dtype, None))
            continue
        if argument.shape is None:  # unused, or only handed through: nothing asserted it
            argument.dtype, argument.shape = declared.get(label, ("", None))
            if argument.shape is None:
                raise BaremetalError(f"@{name}: the type of input {argument.index} is not known: it is unused.")
        inputs.append(Tensor(label, argument.dtype, argument.shape))
        argument.buffer.size = inputs[-1].size
    outputs, taken = [], set()
    for index, value in enumerate(results):
        if isinstance(value, Argument):
            value = View(Slice(value.buffer, 0, value.buffer.size), value.dtype, value.shape)
        if not isinstance(value, View):
            raise BaremetalError(f"@{name}: result {index} is a scalar; return a tensor (tensor<f32>, say).")
        outputs.append(Tensor(f"output{index}", value.dtype, value.shape))
        _return(routine, value.slice, Buffer("output", index, outputs[-1].size), taken)
    _store_globals(routine)
    return routine.finish(inputs, outputs)


def _return(routine, result, output, taken):
    """Lets the caller's buffer stand for the transient one, or copies the result to it."""
    buffer = result.buffer
    touched = [s for step in routine.steps for s in spans(step) if s.place is buffer]
    fits = all(span.offset + span.length <= output.size for span in touched)
    if buffer.place == "transient" and result.offset == 0 and fits and buffer not in taken:
        taken.add(buffer)
        buffer.place, buffer.index = output.place, output.index
    else:
        routine.copy(result, Slice(output, 0, output.size))


def _declaration(op):
    """name -> (dtype, shape) from the ABI declaration that iree-compile attaches."""
    if "iree.reflection" not in op.attributes:
        return {}
    text = str(op.attributes["iree.reflection"])
    found = {}
    for label, inner in re.findall(r"%(\w+): tensor<([^>]*)>", text):
        *shape, dtype = inner.split("x")
        if all(extent.isdigit() for extent in shape):
            found[label] = operations.dtype_of(dtype), tuple(map(int, shape))
    return found


def _is_exported(op):
    private = "sym_visibility" in op.attributes and op.attributes["sym_visibility"].value == "private"
    return not private and "iree.abi.model" not in op.attributes  # the latter: an asynchronous twin


def evaluate(name, module, kernels):
    """The `Plan` of the host program module (bytes of MLIR text or bytecode).

    kernels: what `kernels.read` found in the object made by the same call of iree-compile.
    """
    with ir.Context() as context:
        try:
            program = Program(ir.Module.parse(module, context), kernels)
        except ir.MLIRError as error:
            raise BaremetalError(f"{name}: the host program cannot be read: {error}") from error
        initializer = _initialize(program)
        functions = [
            _function(program, function, op)
            for function, op in program.functions.items()
            if _is_exported(op)
        ]
    if not functions:
        raise BaremetalError(f"{name}: the model exports no function.")
    return Plan(name, functions, list(kernels), bytes(program.constants), program.states, initializer)
