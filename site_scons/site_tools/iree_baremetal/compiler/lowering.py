"""From a model to its buffers: iree-compile phase by phase, and what we change between phases.

===================  =======================================================================
after the phase      change
===================  =======================================================================
global-optimization  `declaration`: types of inputs that nothing uses
                     `rewrite.barriers`, `rewrite.padding`: barriers, kept where the arena gets smaller by them
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
from . import declaration, extremes, model_check, phases, placeholder, vector_width

# A binding of its own for each buffer that a kernel uses: only then can the buffers be placed anew.
_TO_STREAM = ("--iree-scheduling-optimize-bindings=false",)
# Ways to change a module at the global-optimization phase. Each edit gives the number of its
# changes; the last is what the way is for, and has to change something.
_NARROW = {"narrow": (barriers.add,)}
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


def lower(model, command, alignment, rewrites=(), is_narrow=True, overlapped=None):
    """The model, a file, `Lowered`.

    command: iree-compile with the flags of the target, which the later call for the host program
    must repeat. rewrites: names for `rewrite.pipeline`. is_narrow: whether to try barriers.
    overlapped: gives the arena of a program (bytes) at the stream phase with outputs over inputs.
    """
    start = phases.compile_to(command, "global-optimization", model)
    model_check.check(start, model)
    start = declaration.complete(start, model)
    measure = overlapped or (lambda stream: commands.arena_size(stream, alignment))
    ways = (_NARROW if is_narrow else {}) | (_OVERLAPPED if overlapped else {})
    best, least, notes = _finish(command, start, alignment, rewrites), None, []
    for name, edits in ways.items():
        changed, counts = edited(start, "global-optimization", *edits)
        if not counts[-1]:
            continue
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
    flow, notes = phases.compile_to(command, "flow", program, "global-optimization"), []
    flow, _ = edited(flow, "flow", barriers.remove, placeholder.add)
    rewritten = flow
    if rewrites:
        from ..rewrite import pipeline

        rewritten, notes = pipeline.rewrite(flow, rewrites)
    stream = phases.compile_to([*command, *_TO_STREAM], "stream", rewritten, "flow")
    with parsed(access.align(stream, alignment), "stream") as module:
        vector_width.widen(module)
        extremes.by_differences(module)
        addresses.settle(module)
        return Lowered(flow, bytecode(module), notes)


def compile_mended(model, output, command):
    """The model, a file, to output in one go, as iree-compile does it, but with right `extremes`."""
    stream, _ = edited(phases.compile_to(command, "stream", model), "stream", extremes.by_differences)
    phases.finish(command, stream, "stream", output)
