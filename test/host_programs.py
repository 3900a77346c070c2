"""Host programs as text, as short as a test wants them: what iree-compile prints, without its ballast."""

from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.plan.kernels import Kernel
from iree_baremetal.plan.model import Span

X = "x_view: !hal.buffer_view"  # the arguments of a function of one tensor

# What every body may use. %cmd is a command buffer.
_PROLOGUE = """
    %zero = arith.constant 0 : i64
    %fence = util.null : !hal.fence
    %device = util.null : !hal.device
    %executable = util.null : !hal.executable
    %memory = hal.memory_type<"DeviceVisible|DeviceLocal"> : i32
    %usage = hal.buffer_usage<"Transfer|DispatchStorage"> : i32
    %f32 = hal.element_type<f32> : i32
    %dense = hal.encoding_type<dense_row_major> : i32
    %cmd = hal.command_buffer.create device(%device : !hal.device) mode(OneShot) categories("Transfer|Dispatch")
        affinity(%zero) : !hal.command_buffer
"""
_QUEUE = "%device : !hal.device> affinity(%zero) wait(%fence) signal(%fence)"
SIZES = (0, 1, 2, 3, 4, 8, 16, 32, 64, 128)


def _constants():
    return _PROLOGUE + "".join(f"    %c{n} = arith.constant {n} : index\n" for n in SIZES)


def kernel(symbol="k", constants=0, bindings=2, local_memory=0):
    return Kernel(symbol, constants, bindings, (1, 1, 1), local_memory)


def argument(name, elements, dtype="f32"):
    """Declares buffer %<name> of argument %<name>_view: a tensor of that many elements."""
    return f"""
    %{name}_type = hal.element_type<{dtype}> : i32
    hal.buffer_view.assert<%{name}_view : !hal.buffer_view> message("{name}") shape([%c{elements}])
        type(%{name}_type) encoding(%dense)
    %{name} = hal.buffer_view.buffer<%{name}_view : !hal.buffer_view> : !hal.buffer
"""


def alloca(name, size):
    return f"""
    %{name} = hal.device.queue.alloca<{_QUEUE} pool(%zero) type(%memory) usage(%usage) flags("None")
        : !hal.buffer{{%c{size}}}
"""


def dispatch(symbol, *bindings, constants="", workgroups=(1, 1, 1)):
    """bindings: (buffer, offset, length)."""
    listed = ", ".join(f"(%{b} : !hal.buffer)[%c{o}, %c{n}]" for b, o, n in bindings)
    counts = ", ".join(f"%c{n}" for n in workgroups)
    return f"""
    %id_{symbol} = hal.executable.lookup.function target(%executable : !hal.executable)
        function(@library::@static::@{symbol}) : i64
    hal.command_buffer.dispatch<%cmd : !hal.command_buffer> target(%executable : !hal.executable)[%id_{symbol}]
        workgroups([{counts}]) {f"constants([{constants}])" if constants else ""} bindings([{listed}]) flags("None")
"""


def fill(target, offset, length, pattern, dtype="i32"):
    return f"""
    %pattern_{target}_{offset} = arith.constant {pattern} : {dtype}
    hal.command_buffer.fill_buffer<%cmd : !hal.command_buffer> target(%{target} : !hal.buffer)[%c{offset}, %c{length}]
        pattern(%pattern_{target}_{offset} : {dtype}) flags("None")
"""


def copy(source, source_offset, target, target_offset, length):
    return f"""
    hal.command_buffer.copy_buffer<%cmd : !hal.command_buffer> source(%{source} : !hal.buffer)[%c{source_offset}]
        target(%{target} : !hal.buffer)[%c{target_offset}] length(%c{length}) flags("None")
"""


def queue_copy(source, target, length):
    return f"""
    hal.device.queue.copy<{_QUEUE} source(%{source} : !hal.buffer)[%c0] target(%{target} : !hal.buffer)[%c0]
        length(%c{length}) flags("None")
"""


def queue_fill(target, length, pattern):
    return f"""
    %queue_pattern_{target} = arith.constant {pattern} : i8
    hal.device.queue.fill<{_QUEUE} target(%{target} : !hal.buffer)[%c0] length(%c{length})
        pattern(%queue_pattern_{target} : i8) flags("None")
"""


def execute():
    return f'\n    hal.device.queue.execute<{_QUEUE} commands(%cmd) flags("None")\n'


def view(name, buffer, offset, length, elements):
    return f"""
    %{name} = hal.buffer_view.create buffer(%{buffer} : !hal.buffer)[%c{offset}, %c{length}] shape([%c{elements}])
        type(%f32) encoding(%dense) : !hal.buffer_view
"""


def constant(name, data):
    """A buffer %<name> in flash with this content: bytes whose number is one of `SIZES`."""
    listed = ", ".join(map(str, data))
    return f"""
    %{name}_data = util.buffer.constant <alignment = 64> : !util.buffer = dense<[{listed}]> : vector<{len(data)}xi8>
    %{name}_allocator = hal.device.allocator<%device : !hal.device> : !hal.allocator
    %{name}_done, %{name} = hal.allocator.import<%{name}_allocator : !hal.allocator>
        source(%{name}_data : !util.buffer)[%c0, %c{len(data)}] affinity(%zero) type(%memory) usage(%usage) : i1, !hal.buffer
"""


def load(name, of, type_="!hal.buffer"):
    return f"\n    %{name} = util.global.load @{of} : {type_}\n"


def store(name, to, type_="!hal.buffer"):
    return f"\n    util.global.store %{name}, @{to} : {type_}\n"


def returns(*names):
    types = ", ".join(["!hal.buffer_view"] * len(names))
    return f"\n    util.return {', '.join('%' + n for n in names)}{' : ' + types if types else ''}\n"


def a_global(name, mutable=True):
    return f"\nutil.global private {'mutable ' if mutable else ''}@{name} : !hal.buffer\n"


def initializer(*body):
    return "\nutil.initializer {\n" + _constants() + "".join(body) + "    util.return\n}\n"


def function(name, arguments, results, *body, declaration=""):
    """arguments: "x_view: !hal.buffer_view, n: i32"; results: how many views it returns."""
    listed = ", ".join(f"%{a.strip()}" for a in arguments.split(",") if a.strip())
    types = ", ".join(["!hal.buffer_view"] * results)
    reflection = f'attributes {{iree.reflection = {{iree.abi.declaration = "{declaration}"}}}}' if declaration else ""
    head = f"\nutil.func public @{name}({listed}) -> ({types}) {reflection} {{\n"
    return head + _constants() + "".join(body) + "}\n"


def plan(*parts, kernels=(kernel(),)):
    """The plan of the host program that parts make up."""
    return evaluate("model", "".join(parts), list(kernels))


def steps(plan, name=None):
    """The steps of plan's function of that name, or of its first."""
    return next(f for f in plan.functions if name in (None, f.name)).steps


def span(place, length=16, index=0, offset=0):
    return Span(place, index, offset, length)
