"""The operations of a host program on devices, buffers, commands and globals."""

from ..errors import BaremetalError
from .constants import to_bytes
from .model import C_TYPES, Copy, Dispatch, Fill
from .table import operation
from .values import NULL, OPAQUE, Argument, CommandBuffer, Constant, Slice, View


def dtype_of(type_):
    """An MLIR element type as a key of `C_TYPES`; signless and signed are one."""
    text = str(type_)
    return text[1:] if text.startswith("si") else text


@operation(
    "hal.device.queue.dealloca", "hal.buffer.assert", "hal.command_buffer.execution_barrier",
    "hal.command_buffer.finalize", "hal.command_buffer.begin_debug_group", "hal.command_buffer.end_debug_group",
    "hal.device.queue.flush", "hal.device.queue.barrier", "util.assume.int", "util.optimization_barrier", "hal.fence.signal",
)  # fmt: skip
def nothing(routine, op, values):
    return values[: len(op.results)]


@operation(
    "hal.devices.get", "hal.device.allocator", "hal.executable.create", "hal.fence.create", "hal.fence.join",
    "hal.encoding_type", "hal.memory_type", "hal.buffer_usage",
)  # fmt: skip
def opaque(routine, op, values):
    return [OPAQUE]


@operation("util.null")
def null(routine, op, values):
    return [NULL]


@operation("hal.devices.count")
def device_count(routine, op, values):
    return [1]


@operation("hal.device.query")
def device_query(routine, op, values):
    # Asked: is it a local device, does it take this executable format. It does: it is us.
    return [1, 1]


@operation("hal.fence.await")
def fence_await(routine, op, values):
    return [0]


@operation("util.status.check_ok")
def check_ok(routine, op, values):
    if values[0] != 0:
        raise BaremetalError(f"the host program fails while starting: {op.attributes['message']}")
    return []


# Globals.


@operation("util.global.load")
def load(routine, op, values):
    return [routine.load(op.attributes["global"].value)]


@operation("util.global.store")
def store(routine, op, values):
    routine.store(op, op.attributes["global"].value, values[0])
    return []


# Buffers.


@operation("util.buffer.constant")
def buffer_constant(routine, op, values):
    return [Constant(to_bytes(op.attributes["value"]))]


@operation("hal.allocator.import")
def allocator_import(routine, op, values):
    source, offset, length = values[-3:]
    return [1, routine.constant(source.data[offset : offset + length])]


@operation("hal.ex.file.from_memory")
def file_from_memory(routine, op, values):
    source, offset, length = values[2:5]
    return [Constant(source.data[offset : offset + length])]


@operation("hal.allocator.allocate", "hal.device.queue.alloca")
def allocate(routine, op, values):
    (size,) = routine.numbers(op, values[-1:])
    return [routine.transient(size)]


@operation("hal.buffer.subspan")
def subspan(routine, op, values):
    offset, length = routine.numbers(op, values[1:3])
    whole = routine.slice(values[0])
    return [Slice(whole.buffer, whole.offset + offset, length)]


@operation("hal.buffer.load")
def buffer_load(routine, op, values):
    type_ = str(op.results[0].type)
    size = 8 if type_ == "index" else C_TYPES[dtype_of(type_)][1]
    return [routine.read(op, *values, size, type_)]


@operation("hal.buffer.length")
def buffer_length(routine, op, values):
    return [routine.slice(values[0]).length]


# Buffer views.


@operation("hal.element_type")
def element_type(routine, op, values):
    return [dtype_of(op.attributes["type"].value)]


@operation("hal.buffer_view.assert")
def view_assert(routine, op, values):
    view, dtype, _, *shape = values
    if isinstance(view, Argument):
        if dtype not in C_TYPES:
            raise BaremetalError(f"input {view.index} of @{routine.name} has element type {dtype}, which C lacks.")
        view.dtype, view.shape = dtype, tuple(routine.numbers(op, shape))
        view.buffer.size = C_TYPES[dtype][1]
        for extent in view.shape:
            view.buffer.size *= extent
    return []


@operation("hal.buffer_view.dim", "hal.buffer_view.rank")
def view_dim(routine, op, values):
    dimension = f"dimension {op.attributes['index'].value}" if "index" in op.attributes else "the rank"
    index = values[0].index if isinstance(values[0], Argument) else "?"
    raise BaremetalError(
        f"@{routine.name}: {dimension} of input {index} is dynamic. "
        "deploy=direct needs static shapes: fix it in the model, or with dims= where it is an .onnx."
    )


@operation("hal.buffer_view.buffer")
def view_buffer(routine, op, values):
    view = values[0]
    return [view.buffer if isinstance(view, Argument) else view.slice]


@operation("hal.buffer_view.create")
def view_create(routine, op, values):
    buffer, offset, length, dtype, _, *shape = values
    whole = routine.slice(buffer)
    if dtype not in C_TYPES:
        raise BaremetalError(f"an output of @{routine.name} has element type {dtype}, which C lacks.")
    offset, length, *shape = routine.numbers(op, [offset, length, *shape])
    return [View(Slice(whole.buffer, whole.offset + offset, length), dtype, tuple(shape))]


# Commands.


@operation("hal.command_buffer.create")
def command_buffer_create(routine, op, values):
    return [CommandBuffer()]


@operation("hal.executable.lookup.function")
def lookup_function(routine, op, values):
    return [op.attributes["entry_point"].value[-1]]  # the nested symbol's last part


@operation("hal.command_buffer.dispatch")
def dispatch(routine, op, values):
    *counts, constants, buffers, offsets, lengths = op.attributes["operandSegmentSizes"]
    commands, _, entry, *rest = values
    workgroups, rest = tuple(routine.numbers(op, rest[:3])), rest[3:]
    words, rest = rest[:constants], rest[constants:]
    buffers, offsets, lengths = rest[:buffers], rest[buffers : 2 * buffers], rest[2 * buffers :]
    kernel = routine.kernel(entry, len(words), len(buffers))
    commands.steps.append(
        Dispatch(
            kernel=kernel,
            workgroups=workgroups,
            constants=tuple(routine.word(op, word) for word in words),
            bindings=tuple(routine.span(op, *binding) for binding in zip(buffers, offsets, lengths)),
            location=routine.location(op),
            access=routine.access(kernel, len(buffers)),
        )
    )
    return []


def _fill(routine, op, target, offset, length, pattern):
    width = C_TYPES[dtype_of(op.operands[-1].type)][1]
    (pattern,) = routine.numbers(op, [pattern])
    return Fill(routine.span(op, target, offset, length), pattern & (1 << 8 * width) - 1, width)


@operation("hal.command_buffer.fill_buffer")
def fill_buffer(routine, op, values):
    commands, target, offset, length, pattern = values
    commands.steps.append(_fill(routine, op, target, offset, length, pattern))
    return []


@operation("hal.device.queue.fill")
def queue_fill(routine, op, values):
    routine.steps.append(_fill(routine, op, *values[4:8]))
    return []


def _copy(routine, op, source, source_offset, target, target_offset, length):
    return Copy(routine.span(op, source, source_offset, length), routine.span(op, target, target_offset, length))


@operation("hal.command_buffer.copy_buffer")
def copy_buffer(routine, op, values):
    values[0].steps.append(_copy(routine, op, *values[1:6]))
    return []


@operation("hal.device.queue.copy")
def queue_copy(routine, op, values):
    routine.steps.append(_copy(routine, op, *values[4:9]))
    return []


@operation("hal.device.queue.read")
def queue_read(routine, op, values):
    # From a file, which is a constant: it is in flash.
    file, *rest = values[4:9]
    routine.steps.append(_copy(routine, op, routine.constant(file.data), *rest))
    return []


@operation("hal.device.queue.execute")
def execute(routine, op, values):
    for value in values:
        if isinstance(value, CommandBuffer):
            routine.steps.extend(value.steps)
    return []


@operation("util.call")
def call(routine, op, values):
    return routine.call(op, op.attributes["callee"].value, values)
