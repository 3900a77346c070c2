"""Models between two phases of iree-compile: from bytes to a module, and back."""

import io
from contextlib import contextmanager

from iree.compiler import ir

from .errors import BaremetalError


@contextmanager
def parsed(program, phase, allow_unknown=False):
    """The module of program (bytes of MLIR text or bytecode), within a context of its own.

    allow_unknown: whether it may hold operations of dialects that IREE does not know.
    """
    with ir.Context() as context, ir.Location.unknown():
        context.allow_unregistered_dialects = allow_unknown
        try:
            module = ir.Module.parse(program)
        except ir.MLIRError as error:
            raise BaremetalError(f"the model at the {phase} phase cannot be read: {error}") from error
        yield module


def bytecode(module):
    """The module as bytes that iree-compile takes."""
    module.operation.verify()
    result = io.BytesIO()
    module.operation.write_bytecode(result)
    return result.getvalue()


def edited(program, phase, *edits):
    """(program, how many changes each edit made): each is given the module; without a change program is as it was."""
    with parsed(program, phase) as module:
        counts = [edit(module) for edit in edits]
        return (bytecode(module) if any(counts) else program), counts


def edit_globals(module, edit):
    """Gives each global of module the value whose text is edit of that of its own; how many were changed."""
    changed = 0
    for op in operations(module, "util.global"):
        if "initial_value" in op.attributes:
            before = str(op.attributes["initial_value"])
            after = edit(before)
            if after != before:
                op.attributes["initial_value"] = ir.Attribute.parse(after)
                changed += 1
    return changed


def operations(op, *names):
    """The operations called by one of names anywhere within op, in their order."""
    found = []

    def visit(inner):
        if inner.name in names:
            found.append(inner)
        return ir.WalkResult.ADVANCE

    op.operation.walk(visit)
    return found
