"""From the host program that iree-compile prints to a `model.Plan`.

The program (``--compile-to=hal --iree-hal-memoization=false
--iree-hal-indirect-command-buffers=false``) is evaluated once. For a static-shape model every
branch, size and offset in it is then known, and what remains is a list of steps.
"""

import re

from iree.compiler import ir

from ..errors import BaremetalError
from . import operations, state
from .model import ALIGNMENT, Plan, Tensor, accesses, spans
from .routine import Program, Routine
from .values import Argument, Buffer, ScalarBits, Slice, View

_LARGEST = 2**30  # bytes of one tensor


def _initializer(program):
    """Evaluates the initializers: what is to run before the first call, or None."""
    routine = Routine(program, "initializer", initializes=True)
    for op in program.initializers:
        routine.run(op.regions[0], [])
    state.keep(routine)
    return routine.finish() if routine.steps else None


def _arguments(op):
    result: list = []
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
        inputs.append(_sized(name, Tensor(label, argument.dtype, argument.shape)))
        argument.buffer.size = inputs[-1].size
    outputs, taken = [], set()
    for index, value in enumerate(results):
        if isinstance(value, Argument):
            value = View(Slice(value.buffer, 0, value.buffer.size), value.dtype, value.shape)
        if not isinstance(value, View):
            raise BaremetalError(f"@{name}: result {index} is a scalar; return a tensor (tensor<f32>, say).")
        outputs.append(_sized(name, Tensor(f"output{index}", value.dtype, value.shape)))
        _return(routine, value.slice, Buffer("output", index, outputs[-1].size), taken)
    state.store(routine)
    return routine.finish(inputs, outputs)


def _sized(name, tensor):
    """tensor; a `BaremetalError` if it holds nothing, or if no board could hold it."""
    if not tensor.elements:
        extents = "x".join(map(str, tensor.shape))
        raise BaremetalError(
            f"@{name}: {tensor.name} is {extents} {tensor.dtype}: a dimension of size 0 leaves no element, and C has no such array."
        )
    if tensor.size >= _LARGEST:
        raise BaremetalError(f"@{name}: {tensor.name} takes {tensor.size:,} bytes, more than any board has.")
    return tensor


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


def evaluate(name, module, kernels, access=None, alignment=ALIGNMENT, proven=None, slabs=None):
    """The `Plan` of the host program module (bytes of MLIR text or bytecode).

    kernels: what `kernels.read` found in the object made by the same call of iree-compile.
    access: what `access.read` found in the module which that call started from; None: not known.
    alignment: of buffers in the arena. proven: which of them may overlap, as from `overlap.prove`.
    slabs: of kernels that compute a row at a time, as from `slabs.read`.
    """
    with ir.Context() as context:
        try:
            program = Program(ir.Module.parse(module, context), kernels, access, alignment, proven, slabs)
        except ir.MLIRError as error:
            raise BaremetalError(f"{name}: the host program cannot be read: {error}") from error
        initializer = _initializer(program)
        functions = [_function(program, function, op) for function, op in program.functions.items() if _is_exported(op)]
    if not functions:
        raise BaremetalError(f"{name}: the model exports no function.")
    return Plan(name, functions, list(kernels), bytes(program.constants), program.states, initializer, _keep_state(functions))


def _keep_state(functions):
    touched = (found for function in functions for step in function.steps for found in accesses(step))
    return any(span.place == "state" and "w" in access for span, access in touched)
