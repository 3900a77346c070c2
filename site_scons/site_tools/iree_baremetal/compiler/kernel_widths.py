"""Vectors of another width for some kernels: the call of iree-compile that makes the kernels, in three.

Tiles and vectors of a kernel follow from `native_vector_size` of its target when it is configured, and are fixed then. All
kernels must have one target again before they are linked into one library.
"""

import re
from pathlib import Path

from iree.compiler import ir

from ..errors import BaremetalError
from ..modules import edited, operations
from . import phases, vector_width

_WIDTH = re.compile(r"native_vector_size = (\d+) : i64")
_ASIDE = re.compile(r"--compile-(?:from|to)=.*|--emit-mlir-bytecode")


def compile_kernels(words, widths):
    """Does what words do, iree-compile from the stream to the hal phase, with widths: {kernel's symbol: bytes of its vectors}.

    Names that the program does not have are left alone.
    """
    kept = [word for word in words if not _ASIDE.fullmatch(word)]
    if len(kept) < 4 or kept[-2] != "-o":
        raise BaremetalError("kernels: after -- it takes iree-compile, its flags, the program, -o and the output, in this order.")
    *command, source, _, output = kept
    if not widths:
        Path(output).write_bytes(phases.compile_to(command, "hal", Path(source).read_bytes(), "stream"))
        return
    targets: dict = {}

    def narrow(module):
        for variant in operations(module, "hal.executable.variant"):
            target = targets[_name(variant)] = str(variant.attributes["target"])
            names = {op.attributes["sym_name"].value for op in operations(variant, "hal.executable.export")}
            wanted = [widths[name] for name in names if name in widths]
            if wanted:
                width = max(wanted[0], vector_width.WIDEST if vector_width.has_wide_numbers(variant) else 0)
                changed = _WIDTH.sub(f"native_vector_size = {width} : i64", target)
                variant.attributes["target"] = ir.Attribute.parse(changed)
        return len(targets)

    def back(module):
        for variant in operations(module, "hal.executable.variant"):
            variant.attributes["target"] = ir.Attribute.parse(targets[_name(variant)])
        return len(targets)

    program = phases.compile_to(command, "executable-sources", Path(source).read_bytes(), "stream")
    program, _ = edited(program, "executable-sources", narrow)
    program = phases.compile_to(command, "executable-configurations", program, "executable-sources")
    program, _ = edited(program, "executable-configurations", back)
    Path(output).write_bytes(phases.compile_to(command, "hal", program, "executable-configurations"))


def _name(variant):
    """The executable's and the variant's."""
    return variant.parent.attributes["sym_name"].value, variant.attributes["sym_name"].value
