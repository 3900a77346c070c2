"""What kernels do to their bindings, and what they may assume of them: the model at the stream phase.

``iree-compile --compile-to=stream`` leaves the dispatches with the access of each binding, which is
gone when the host program is there. It also tells each kernel how its bindings were aligned by
IREE's own packing of buffers; as we pack anew, it has to be told what holds then.
"""

from iree.compiler import ir

from ..errors import BaremetalError
from ..modules import bytecode, operations, parsed

# The bits of the attribute resource_accesses.
_READ, _WRITE = 1, 2
_ALIGNMENT = "stream.alignment"


def of_dispatch(op):
    """"r", "w" or "rw" for each binding of a stream.cmd.dispatch."""
    return [("r" if a.value & _READ else "") + ("w" if a.value & _WRITE else "") for a in op.attributes["resource_accesses"]]


def read(program):
    """symbol of each kernel -> "r", "w" or "rw" for each of its bindings.

    program: the model (bytes) at the stream phase. Where several dispatches share a kernel, a
    binding has all that any of them does.
    """
    found = {}
    with parsed(program, "stream") as module:
        for op in operations(module, "stream.cmd.dispatch"):
            accesses = of_dispatch(op)
            for entry in op.attributes["entry_points"]:
                symbol = entry.value[-1]
                known = found.setdefault(symbol, accesses)
                if len(known) != len(accesses):
                    raise BaremetalError(f"kernel {symbol} is dispatched with {len(known)} bindings and with {len(accesses)}.")
                found[symbol] = ["".join(sorted({*one, *other})) for one, other in zip(known, accesses)]
    return {symbol: tuple(accesses) for symbol, accesses in found.items()}


def align(program, alignment):
    """program, with no kernel assuming more of its bindings than a multiple of alignment."""
    with parsed(program, "stream") as module:
        for op in operations(module, "func.func"):
            if "arg_attrs" in op.attributes:
                op.attributes["arg_attrs"] = ir.ArrayAttr.get([_capped(a, alignment) for a in op.attributes["arg_attrs"]])
        return bytecode(module)


def _capped(attributes, alignment):
    entries = {item.name: item.attr for item in attributes}
    if _ALIGNMENT in entries:
        assumed = entries[_ALIGNMENT]
        entries[_ALIGNMENT] = ir.IntegerAttr.get(assumed.type, min(assumed.value, alignment))
    return ir.DictAttr.get(entries)
