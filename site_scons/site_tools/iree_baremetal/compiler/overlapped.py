"""The arena that a program takes with outputs over inputs: its kernels are compiled and traced for it."""

import hashlib
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from .. import compiler
from ..errors import ToolError
from ..modules import operations, parsed
from ..plan import access, kernels, overlap, slabs, trace
from ..plan.evaluate import evaluate

_LIBRARY = "--iree-llvmcpu-static-library-output-path="


class Arena:
    """size(program) is the arena in bytes.

    command: as for `lowering.lower`; link: the C compiler and its flags that link kernels to be
    traced; alignment: of the buffers.
    """

    def __init__(self, command, link, alignment):
        trace.unicorn()  # before anything is compiled
        self.command, self.link, self.alignment = command, link, alignment
        (library,) = [word.removeprefix(_LIBRARY) for word in command if word.startswith(_LIBRARY)]
        self.library = Path(library)
        self.known = {}  # what traces have shown, of all kernels of the same code

    def size(self, stream):
        """Of a program (bytes) at the stream phase; its library is not left behind."""
        try:
            host_program = _run([*self.command, *compiler.HOST_PROGRAM_FLAGS, "-", "-o", "-"], stream)
            program = "model", host_program, kernels.read(self.library), access.read(stream), self.alignment
            with linked(self.link, self.library) as traced:
                plan, code = evaluate(*program, slabs=slabs.read(stream)), _code(stream)
                name = lambda step: overlap.key(replace(step, kernel=code[step.kernel]))  # noqa: E731
                proven = overlap.expected(plan, traced, self.alignment, self.known, name)
            return evaluate(*program, proven, slabs.read(stream)).arena_size
        finally:
            for path in (self.library, self.library.with_suffix(".h")):
                path.unlink(missing_ok=True)


def _code(stream):
    """{symbol of a kernel: a digest of its code, whatever its name} of a program at the stream phase."""
    with parsed(stream, "stream") as module:
        functions = {op.attributes["sym_name"].value: str(op) for op in operations(module, "func.func")}
    return {name: hashlib.sha256(text.replace(name, "").encode()).hexdigest() for name, text in functions.items()}


@contextmanager
def linked(link, library):
    """The kernels of library, linked by the command link, as `trace.Kernels`; `BaremetalError` where they cannot be."""
    trace.unicorn()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "trace.elf")
        _run([*link, "-o", str(program), str(library), "-lm"])
        yield trace.Kernels(program)


def _run(words, given=b""):
    try:
        done = subprocess.run(words, input=given, capture_output=True)
    except OSError as error:
        raise ToolError(f"{words[0]}: {error}") from error
    if done.returncode:
        raise ToolError(compiler.diagnostics(done.stderr.decode(errors="replace")))
    return done.stdout
