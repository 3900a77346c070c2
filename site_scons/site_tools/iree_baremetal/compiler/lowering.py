"""From a model to its buffers: iree-compile phase by phase, and what we change between phases.

===================  =======================================================================
after the phase      change
===================  =======================================================================
global-optimization  `declaration`: types of inputs that nothing uses
                     `rewrite.layout.barriers`, `rewrite.layout.padding`: barriers, kept where the arena gets smaller by them
                     `rewrite.layout.nhwc`: int8 maps between convolutions, where the core gains by it
                     `rewrite.layout.channels_last`, `rewrite.layout.sums`: for layers by rows, where the arena gets smaller by it
                     `rewrite.layout.padding`: a padded tensor is one of its own, unless a rewritten kernel pads it itself
flow                 the barriers go; `placeholder`: a kernel where there is none; `rewrite.layout.separation`: a kernel for each
                     layer of 16x8; `streamed`: kernels of layers that shall run
                     by rows compute one; `rewrite.pipeline`: the rewrites asked for
stream               `plan.access`: kernels learn how buffers in the arena are aligned
                     `rewrite.addresses`: where assembly has the address of a buffer, it is that of the binding
                     `vector_width`: vectors are at least as wide as the numbers
                     `extremes`: those of small integers by differences, on RISC-V, where LLVM has them wrong
===================  =======================================================================
"""

import math
import sys
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import BaremetalError
from ..modules import bytecode, edited, operations, parsed
from ..plan import access, commands, pushing, slabs
from ..rewrite import addresses, pipeline
from ..rewrite.forms import Forms
from ..rewrite.layout import barriers, channels_last, interleaved, nhwc, padding, separation, sums
from . import declaration, extremes, library_place, model_check, narrowed, phases, placeholder, streamed, vector_width

# A binding of its own for each buffer that a kernel uses: only then can the buffers be placed anew.
_TO_STREAM = ("--iree-scheduling-optimize-bindings=false",)
# A kernel that reads a padded tensor pads it itself, without one in memory, if it is rewritten (`rewrite.border`); others
# would have it on the stack.
_IN_KERNELS = ("--iree-dispatch-creation-enable-fuse-padding-into-linalg-consumer-ops",)
# Ways to change a module at the global-optimization phase. Each edit gives the number of its
# changes; the last is what the way is for, and has to change something.
_NARROW = {"narrow": (barriers.add,), "narrow but for sums": (barriers.add_but_last,)}
# Those that only pay where outputs lie over inputs.
_OVERLAPPED = {"hoisted padding": (barriers.add_but_last, padding.hoist), "padding by copies": (barriers.add, padding.bar)}


_SURE = 96  # per cent of what is left for the arena: its size is estimated before kernels are compiled


@dataclass
class Lowered:
    """The model (bytes) at the flow phase, before rewrites, and at the stream phase.

    notes: a line for each thing that was done, or not, and why. forms: those that its kernels have, and could have.
    """

    flow: bytes
    stream: bytes
    notes: list
    forms: Forms


@dataclass
class _Way:
    """How programs are finished: as for `lower`."""

    command: list
    alignment: int
    rewrites: tuple
    is_in_place: bool
    by_rows: bool
    limit: int | None = None  # bytes of the arena that are few enough
    is_pushed: bool = False  # whether the input is given row by row
    refusals: list = field(default_factory=list)  # why that cannot be, of each program that was tried
    forms: dict = field(default_factory=dict)  # {kernel: form asked for}
    whole: dict = field(default_factory=dict)  # {program: `Lowered`} of those in which no layers run by rows though they may


def lower(
    model,
    command,
    alignment,
    rewrites=(),
    is_narrow=True,
    is_in_place=False,
    overlapped=None,
    by_rows=False,
    ram=None,
    is_pushed=False,
    forms=None,
):
    """The model, a file, `Lowered`.

    command: iree-compile with the flags of the target, which the later call for the host program
    must repeat. rewrites: names for `rewrite.pipeline`. is_narrow: whether to try barriers.
    is_in_place: whether outputs may lie over inputs. overlapped: gives the arena of a program (bytes) at the stream phase with
    outputs over inputs. by_rows: whether layers may run by rows, where that takes less memory. ram: bytes that the arena may
    take together with inputs and outputs: what is faster is kept then, as long as it fits. is_pushed: whether the model's first
    input is given row by row: the shortest chain of layers by rows that allows it is kept, or, with by_rows, what takes least memory.
    forms: {kernel: text of its form (`rewrite.forms`), where it is not that of its own}.
    """
    start = phases.compile_to(command, "global-optimization", model)
    model_check.check(start, model)
    start = declaration.complete(start, model)
    way = _Way(command, alignment, rewrites, is_in_place, by_rows, forms=forms or {})
    narrow = _NARROW if is_narrow else {}
    estimate = lambda stream: commands.arena_size(stream, alignment, is_in_place)  # noqa: E731
    if is_pushed:
        limit = None if by_rows else sys.maxsize
        return _pushed(way, start, narrow, estimate, limit, ram)
    fast, (count,) = edited(start, "global-optimization", nhwc.apply) if pipeline.NHWC in rewrites else (start, [0])
    if ram is not None:
        best = _within(way, start, fast, narrow, estimate, ram)
    else:
        best = _fastest(way, start, fast, narrow, overlapped, estimate)
    best.notes[:0] = [f"{pipeline.NHWC}: {count} tensors with channels last"] if count else []
    return best


def _fastest(way, start, fast, narrow, overlapped, estimate):
    """As `lower`, without ram. fast: start as it is quickest."""
    if way.by_rows:
        best = _least(way, _starts(start) | {"": fast}, narrow, estimate)
        if not overlapped or slabs.read(best.stream):  # of those a trace shows little that the estimate does not
            return best
        way.by_rows = False
    return _least(way, {"": fast}, narrow | (_OVERLAPPED if overlapped else {}), overlapped or estimate)


def formed(flow, command, alignment, rewrites, forms):
    """(`Lowered.flow` of an earlier call at the stream phase, `Forms`), with forms {kernel: text} asked for."""
    way = _Way(command, alignment, rewrites, False, False, forms=forms)
    flow, _ = edited(flow, "flow", lambda module: library_place.follow(module, command))
    rewritten, _, found = _by_rewrites(way, flow)
    return _settled(way, rewritten), found


def _within(way, start, fast, narrow, estimate, ram):
    """The fastest `Lowered` whose arena takes what ram leaves, about; where there is none, that with the least.

    fast: start as it is quickest.
    """
    limit = _limit(ram, start, way)
    way.by_rows, way.limit = False, limit
    best = _least(way, {"": fast}, narrow, estimate)
    size = estimate(best.stream)
    if size is not None and size > limit:
        way.by_rows = True
        *_, (name, changed) = (_starts(start) | {"": fast}).items()
        by_rows = _least(way, {name: changed}, narrow, estimate)
        least = estimate(by_rows.stream)
        best, size = (by_rows, least) if least is not None and least < size else (best, size)
    best.notes.insert(0, f"ram: arena {size}, about, of {limit} that are left for it")
    return best


def _pushed(way, start, narrow, estimate, limit, ram):
    """The `Lowered` of which the caller gives the input row by row; a `BaremetalError` where no program allows it."""
    way.by_rows, way.is_pushed = True, True
    way.limit = limit if ram is None else _limit(ram, start, way)
    measure = lambda stream: estimate(stream) if pushing.is_wanted(slabs.read(stream)) else None  # noqa: E731
    starts = _starts(start)
    *_, (name, changed) = starts.items()
    apart, count = edited(changed, "global-optimization", interleaved.apply)
    best = _least(way, starts | ({f"{name}rows interleaved, ": apart} if any(count) else {}), narrow, measure)
    if measure(best.stream) is None:
        why = (way.refusals or ["without rewrites, as on this machine or with rewrites=none, no layer runs by rows"])[-1]
        raise BaremetalError(f"push_rows=1: the input cannot be given row by row: {why}. docs/memory.md tells what it takes.")
    return best


def _limit(ram, start, way):
    """Bytes for the arena of those that the firmware may take, without the caller's tensors."""
    return (ram - _given(start, way.is_pushed)) * _SURE // 100


def _given(program, is_pushed):
    """Bytes of inputs and outputs of all functions, but for one that is pushed, the first."""
    with parsed(program, "global-optimization") as module:
        tensors = [op.results[0].type for op in operations(module, "hal.tensor.import")][is_pushed:]
        tensors += [op.operands[0].type for op in operations(module, "hal.tensor.export")]
        sizes = [(list(type_.shape), type_.element_type) for type_ in tensors]
        return sum(math.prod(extent for extent in shape if extent > 0) * -(-element.width // 8) for shape, element in sizes)


def _starts(start):
    """{name: program to begin with} where layers may run by rows."""
    changed, counts = edited(start, "global-optimization", channels_last.apply, sums.bar)
    return {"": start} | ({"channels last, ": changed} if any(counts) else {})


def _least(way, starts, ways, measure):
    """The `Lowered` that measure finds the smallest arena for, of all starts {name: program} by all ways {name: edits}."""
    best: Any = None  # until the first is finished
    least, notes, tried = None, [], set()
    for name, edits, start, prefix in [(n, e, s, p) for p, s in starts.items() for n, e in ({"": ()} | ways).items()]:
        changed, counts = edited(start, "global-optimization", *edits)
        if edits and not counts[-1] or changed in tried:
            continue
        tried.add(changed)
        if best is None:
            best = _finish(way, changed)
            continue
        least = measure(best.stream) if least is None else least
        other = _finish(way, changed)
        size = measure(other.stream)
        better = size is not None and (least is None or _cost(way, other, size) < _cost(way, best, least))
        kept = "kept" if better else "not kept"
        what = f"{prefix}{name}: {sum(counts)} barriers" if name else prefix.removesuffix(", ")
        notes.append(f"{what}, arena {least} without them, {size} with them: {kept}")
        best, least = (other, size) if better else (best, least)
    best.notes[:0] = notes
    return best


def _cost(way, lowered, size):
    """What is to be small: the arena or, where it is small enough, how many kernels are called for each row."""
    if way.limit is None or size > way.limit:
        return 1, size, 0
    return 0, len(slabs.read(lowered.stream)), size


def _finish(way, program):
    """`Lowered` from the global-optimization phase."""
    if program not in way.whole:
        flow, rewritten, notes, forms = _rewritten(way, program)
        lowered = Lowered(flow, _settled(way, rewritten), notes, forms)
        if not way.by_rows or slabs.read(lowered.stream):
            return lowered
        way.whole[program] = lowered
    return replace(way.whole[program], notes=list(way.whole[program].notes))


def _settled(way, rewritten):
    """The rewritten program at the stream phase, with what changes there."""
    with parsed(access.align(_to_stream(way, rewritten), way.alignment), "stream") as module:
        vector_width.widen(module)
        extremes.by_differences(module)
        addresses.settle(module)
        return bytecode(module)


def _to_stream(way, flow):
    return phases.compile_to([*way.command, *_TO_STREAM], "stream", flow, "flow")


def _rewritten(way, program):
    """(program at the flow phase, the same rewritten, notes, `Forms`)"""
    if not way.rewrites:
        flow = _flow(way.command, program)
        return flow, flow, [], Forms()
    found = _padded_in_kernels(way, program, way.by_rows) if way.by_rows else None
    found = found or _padded_in_kernels(way, program, False)
    if found:
        return found
    flow = _flow(way.command, program, separation.of_16x8_products)
    return flow, *_by_rewrites(way, flow)


def _by_rewrites(way, flow):
    """(flow rewritten, notes, `Forms`)"""
    forms = Forms(way.forms)
    return *pipeline.rewrite(flow, way.rewrites, forms), forms


def _padded_in_kernels(way, program, by_rows):
    """As `_rewritten`, with padding in the kernels that can; None where there are none, or where by_rows changes nothing."""
    with parsed(program, "global-optimization") as module:
        paddings = padding.of_products(module, pipeline.padded(module, way.rewrites), with_inputs=by_rows)
    single = set()  # kernels that can compute one row at a time only
    for _ in range(4 if paddings or by_rows else 0):
        apart, _ = edited(program, "global-optimization", lambda module: padding.separate(module, paddings))
        flow = whole = _flow([*way.command, *_IN_KERNELS], apart, separation.of_16x8_products)
        notes = []
        if by_rows:
            to_stream = lambda flow: _to_stream(way, flow)  # noqa: E731
            flow, notes = streamed.apply(whole, to_stream, way.alignment, way.is_in_place, way.limit, way.is_pushed, single)
            way.refusals += [n.removeprefix(streamed.PUSHED_NO) for n in notes if n.startswith(streamed.PUSHED_NO)]
            if flow == whole:
                return None
        rewritten, more, forms = _by_rewrites(way, flow)
        with parsed(rewritten, "flow") as module:
            left, uncounted = padding.places(module), slabs.uncounted(module)
        if not left and not uncounted:
            return whole, rewritten, [*notes, *more], forms
        paddings -= left
        single |= uncounted
    return None


def _flow(command, program, *edits):
    """program at the flow phase, from the global-optimization phase, with edits."""
    flow = phases.compile_to(command, "flow", program, "global-optimization")
    return edited(flow, "flow", barriers.remove, placeholder.add, *edits)[0]


def compile_mended(model, output, command):
    """The model, a file, to output in one go, as iree-compile does it, but with right `extremes` and constants `narrowed`."""
    stream, _ = edited(phases.compile_to(command, "stream", model), "stream", extremes.by_differences, narrowed.constants)
    phases.finish(command, stream, "stream", output)
