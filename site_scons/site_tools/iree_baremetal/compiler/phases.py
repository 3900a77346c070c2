"""One call of iree-compile from a phase, or a file, to a phase, or a file."""

import subprocess
import sys

from ..errors import ToolError
from . import crash, diagnostics

_BYTECODE = b"ML\xefR"  # how MLIR's begins


def compile_to(command, phase, program, start=None):
    """program (bytes at the phase start, or a file) at a later phase, as bytecode.

    command: iree-compile with its flags. `ToolError` where it fails.
    """
    written = _run([*command, f"--compile-to={phase}", "--emit-mlir-bytecode"], program, "-", start)
    if not written.startswith(_BYTECODE):
        raise ToolError(f"{command[0]} wrote no model at the {phase} phase: is it iree-compile?")
    return written


def finish(command, program, start, output):
    """Writes program (bytes at the phase start), compiled, to the file output."""
    _run(command, program, output, start)


def _run(command, program, output, start):
    source = "-" if start else str(program)
    begin = [f"--compile-from={start}"] if start else []
    words = [*command, *begin, source, "-o", str(output)]
    done = subprocess.run(words, input=program if start else b"", capture_output=True)
    messages = diagnostics(done.stderr.decode(errors="replace"))
    if done.returncode:
        raise ToolError(
            crash(words[0], done.returncode, messages)
            or messages
            or f"{words[0]} ended with exit code {done.returncode} and no message."
        )
    if messages:
        print(messages, file=sys.stderr)
    return done.stdout
