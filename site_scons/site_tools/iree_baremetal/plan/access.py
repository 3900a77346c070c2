"""What kernels do to their bindings, and what they may assume of them: the model at the stream phase.

``iree-compile --compile-to=stream`` leaves the dispatches with the access of each binding, which is
gone when the host program is there. It also tells each kernel how its bindings were aligned by
IREE's own packing of buffers; as we pack anew, it has to be told what holds then.
"""

import io

from iree.compiler import ir

from ..errors import BaremetalError

# The bits of the attribute resource_accesses.
_READ, _WRITE = 1, 2
_ALIGNMENT = "stream.alignment"


def parse(module):
    """The module (bytes of MLIR text or bytecode) in a context of its own."""
    try:
        return ir.Module.parse(module, ir.Context())
    except ir.MLIRError as error:
        raise BaremetalError(f"the model at the stream phase cannot be read: {error}") from error


def _operations(op, name):
    """The operations called name beneath op."""
    found = []

    def visit(inner):
        if inner.name == name:
            found.append(inner)
        return ir.WalkResult.ADVANCE

    op.walk(visit)
    return found


def read(module):
    """symbol of each kernel -> "r", "w" or "rw" for each of its bindings.

    Where several dispatches share a kernel, a binding has all that any of them does.
    """
    found = {}
    for op in _operations(module.operation, "stream.cmd.dispatch"):
        accesses = [access.value & (_READ | _WRITE) for access in op.attributes["resource_accesses"]]
        for entry in op.attributes["entry_points"]:
            symbol = entry.value[-1]
            known = found.setdefault(symbol, [0] * len(accesses))
            if len(known) != len(accesses):
                raise BaremetalError(f"kernel {symbol} is dispatched with {len(known)} bindings and with {len(accesses)}.")
            found[symbol] = [one | other for one, other in zip(known, accesses)]
    return {symbol: tuple(_text(access) for access in accesses) for symbol, accesses in found.items()}


def _text(access):
    return ("r" if access & _READ else "") + ("w" if access & _WRITE else "")


def align(module, alignment):
    """Lets no kernel assume more of its bindings than a multiple of alignment; the module's bytecode."""
    with module.context:
        for op in _operations(module.operation, "func.func"):
            if "arg_attrs" in op.attributes:
                op.attributes["arg_attrs"] = ir.ArrayAttr.get([_capped(a, alignment) for a in op.attributes["arg_attrs"]])
    result = io.BytesIO()
    module.operation.write_bytecode(result)
    return result.getvalue()


def _capped(attributes, alignment):
    entries = {item.name: item.attr for item in attributes}
    if _ALIGNMENT in entries:
        assumed = entries[_ALIGNMENT]
        entries[_ALIGNMENT] = ir.IntegerAttr.get(assumed.type, min(assumed.value, alignment))
    return ir.DictAttr.get(entries)
