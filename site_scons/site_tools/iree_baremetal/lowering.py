"""From a model to its buffers: iree-compile phase by phase, and what we change between phases.

===================  =======================================================================
after the phase      change
===================  =======================================================================
global-optimization  `rewrite.narrow`: barriers, kept where the arena gets smaller by them
flow                 the barriers go; `rewrite.pipeline`: the rewrites asked for
stream               `plan.access`: kernels learn how buffers in the arena are aligned
===================  =======================================================================
"""

import subprocess
import sys
from dataclasses import dataclass

from .compiler import diagnostics
from .errors import ToolError
from .modules import bytecode, parsed
from .plan import access, commands
from .rewrite import narrow

# A binding of its own for each buffer that a kernel uses: only then can the buffers be placed anew.
_TO_STREAM = ("--iree-scheduling-optimize-bindings=false",)


@dataclass
class Lowered:
    """The model (bytes) at the flow phase, before rewrites, and at the stream phase.

    notes: a line for each thing that was done, or not, and why.
    """

    flow: bytes
    stream: bytes
    notes: list


def lower(model, command, alignment, rewrites=(), is_narrow=True):
    """The model, a file, `Lowered`.

    command: iree-compile with the flags of the target, which the later call for the host program
    must repeat. rewrites: names for `rewrite.pipeline`. is_narrow: whether to try barriers.
    """
    start = _compile(command, "global-optimization", model)
    plain = _finish(command, start, alignment, rewrites)
    barred, count = _barred(start) if is_narrow else (start, 0)
    if not count:
        return plain
    other = _finish(command, barred, alignment, rewrites)
    sizes = [commands.arena_size(lowered.stream, alignment) for lowered in (plain, other)]
    better = None not in sizes and sizes[1] < sizes[0]
    note = f"narrow: {count} barriers, arena {sizes[0]} without them, {sizes[1]} with them: {'kept' if better else 'not kept'}"
    chosen = other if better else plain
    chosen.notes.insert(0, note)
    return chosen


def _barred(program):
    with parsed(program, "global-optimization") as module:
        count = narrow.add(module)
        return bytecode(module), count


def _finish(command, program, alignment, rewrites):
    """`Lowered` from the global-optimization phase."""
    flow, notes = _compile(command, "flow", program, "global-optimization"), []
    with parsed(flow, "flow") as module:
        if narrow.remove(module):
            flow = bytecode(module)
    rewritten = flow
    if rewrites:
        from .rewrite import pipeline

        rewritten, notes = pipeline.rewrite(flow, rewrites)
    stream = _compile([*command, *_TO_STREAM], "stream", rewritten, "flow")
    return Lowered(flow, access.align(stream, alignment), notes)


def _compile(command, phase, program, start=None):
    """program (bytes at the phase start, or a file) at a later phase, as bytecode."""
    source = "-" if start else str(program)
    begin = [f"--compile-from={start}"] if start else []
    words = [*command, *begin, f"--compile-to={phase}", "--emit-mlir-bytecode", source, "-o", "-"]
    done = subprocess.run(words, input=program if start else b"", capture_output=True)
    messages = diagnostics(done.stderr.decode(errors="replace"))
    if done.returncode:
        raise ToolError(messages)
    if messages:
        print(messages, file=sys.stderr)
    return done.stdout
