"""From a model to its buffers: iree-compile phase by phase, and what we change between phases.

===================  =======================================================================
after the phase      change
===================  =======================================================================
global-optimization  `declaration`: types of inputs that nothing uses
                     `rewrite.barriers`, `rewrite.padding`: barriers, kept where the arena gets smaller by them
                     `rewrite.padding`: a padded tensor is one of its own, unless a rewritten kernel pads it itself
flow                 the barriers go; `placeholder`: a kernel where there is none; `rewrite.pipeline`: the rewrites asked for
stream               `plan.access`: kernels learn how buffers in the arena are aligned
                     `rewrite.addresses`: where assembly has the address of a buffer, it is that of the binding
                     `vector_width`: vectors are at least as wide as the numbers
                     `extremes`: those of small integers by differences, on RISC-V, where LLVM has them wrong
===================  =======================================================================
"""

from dataclasses import dataclass

from ..modules import bytecode, edited, parsed
from ..plan import access, commands
from ..rewrite import addresses, barriers, padding
from . import declaration, extremes, model_check, narrowed, phases, placeholder, vector_width

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


@dataclass
class Lowered:
    """The model (bytes) at the flow phase, before rewrites, and at the stream phase.

    notes: a line for each thing that was done, or not, and why.
    """

    flow: bytes
    stream: bytes
    notes: list


def lower(model, command, alignment, rewrites=(), is_narrow=True, is_in_place=False, overlapped=None):
    """The model, a file, `Lowered`.

    command: iree-compile with the flags of the target, which the later call for the host program
    must repeat. rewrites: names for `rewrite.pipeline`. is_narrow: whether to try barriers.
    is_in_place: whether outputs may lie over inputs. overlapped: gives the arena of a program (bytes) at the stream phase with outputs over inputs.
    """
    start = phases.compile_to(command, "global-optimization", model)
    model_check.check(start, model)
    start = declaration.complete(start, model)
    measure = overlapped or (lambda stream: commands.arena_size(stream, alignment, is_in_place))
    ways = (_NARROW if is_narrow else {}) | (_OVERLAPPED if overlapped else {})
    best, least, notes, tried = _finish(command, start, alignment, rewrites), None, [], {start}
    for name, edits in ways.items():
        changed, counts = edited(start, "global-optimization", *edits)
        if not counts[-1] or changed in tried:
            continue
        tried.add(changed)
        least = measure(best.stream) if least is None else least
        other = _finish(command, changed, alignment, rewrites)
        size = measure(other.stream)
        better = None not in (least, size) and size < least
        kept = "kept" if better else "not kept"
        notes.append(f"{name}: {sum(counts)} barriers, arena {least} without them, {size} with them: {kept}")
        best, least = (other, size) if better else (best, least)
    best.notes[:0] = notes
    return best


def _finish(command, program, alignment, rewrites):
    """`Lowered` from the global-optimization phase."""
    flow, rewritten, notes = _rewritten(command, program, rewrites)
    stream = phases.compile_to([*command, *_TO_STREAM], "stream", rewritten, "flow")
    with parsed(access.align(stream, alignment), "stream") as module:
        vector_width.widen(module)
        extremes.by_differences(module)
        addresses.settle(module)
        return Lowered(flow, bytecode(module), notes)


def _rewritten(command, program, rewrites):
    """(program at the flow phase, the same rewritten, notes)"""
    if not rewrites:
        flow = _flow(command, program)
        return flow, flow, []
    from ..rewrite import pipeline

    with parsed(program, "global-optimization") as module:
        paddings = padding.of_products(module, pipeline.padded(module, rewrites))
    for _ in range(2 if paddings else 0):
        apart, _ = edited(program, "global-optimization", lambda module: padding.separate(module, paddings))
        flow = _flow([*command, *_IN_KERNELS], apart)
        rewritten, notes = pipeline.rewrite(flow, rewrites)
        with parsed(rewritten, "flow") as module:
            left = padding.places(module)
        if not left:
            return flow, rewritten, notes
        paddings -= left
    flow = _flow(command, program)
    return flow, *pipeline.rewrite(flow, rewrites)


def _flow(command, program):
    """program at the flow phase, from the global-optimization phase."""
    flow = phases.compile_to(command, "flow", program, "global-optimization")
    return edited(flow, "flow", barriers.remove, placeholder.add)[0]


def compile_mended(model, output, command):
    """The model, a file, to output in one go, as iree-compile does it, but with right `extremes` and constants `narrowed`."""
    stream, _ = edited(phases.compile_to(command, "stream", model), "stream", extremes.by_differences, narrowed.constants)
    phases.finish(command, stream, "stream", output)
