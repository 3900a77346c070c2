"""What kernels do to their bindings, and what they may assume of them: the model at the stream phase.

``iree-compile --compile-to=stream`` leaves the dispatches with the access of each binding, which is
gone when the host program is there. It also tells each kernel how its bindings were aligned by
IREE's own packing of buffers; as we pack anew, it has to be told what holds then.
"""

import math

from iree.compiler import ir

from ..errors import BaremetalError
from ..modules import bytecode, operations, parsed
from . import slabs

# The bits of the attribute resource_accesses.
_READ, _WRITE = 1, 2
_ALIGNMENT = "stream.alignment"


def of_dispatch(op):
    """ "r", "w" or "rw" for each binding of a stream.cmd.dispatch."""
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
    """program, with no kernel assuming more of its bindings than a multiple of alignment.

    Nor more than holds at each of its dispatches: IREE's own annotation overlooks offsets that are computed, those of
    one step of a sequence in the tensor of all.
    """
    with parsed(program, "stream") as module:
        offsets, streamed = _offsets(module), slabs.marks(module)
        for op in operations(module, "func.func"):
            if "arg_attrs" in op.attributes:
                symbol = op.attributes["sym_name"].value
                divisors = _with_rows(offsets.get(symbol, {}), streamed.get(symbol))
                capped = [_capped(a, math.gcd(alignment, divisors.get(n, 0))) for n, a in enumerate(op.attributes["arg_attrs"])]
                op.attributes["arg_attrs"] = ir.ArrayAttr.get(capped)
        return bytecode(module)


def _with_rows(divisors, slab):
    """The divisors of a kernel's offsets, where its slab has it called for each row."""
    if not slab:
        return divisors
    sizes = {number: window.size for number, window in slab.windows.items()} | {max(divisors, default=0): slab.size}
    return {number: math.gcd(divisors.get(number, 0), size) for number, size in sizes.items()}


def _offsets(module):
    """kernel -> {number of its binding: what divides its offsets at all dispatches}."""
    found = {}
    for op in operations(module, "stream.cmd.dispatch"):
        values = _resource_offsets(op)
        for entry in op.attributes["entry_points"]:
            mine = found.setdefault(entry.value[-1], {})
            for number, value in enumerate(values):
                mine[number] = math.gcd(mine.get(number, 0), _divisor(value))
    return found


def _resource_offsets(op):
    """The offsets of a stream.cmd.dispatch: the operands behind workloads, uniform operands, resources and their sizes."""
    counts = [int(count) for count in op.attributes["operandSegmentSizes"]]
    start = sum(counts[:4])
    return list(op.operands)[start : start + counts[4]]


def _divisor(value):
    """A number that divides the index value, whatever it is at run time; 0 divides none but 0."""
    if isinstance(value.owner, ir.Block):
        return 1
    made = value.owner.operation
    name = made.name
    if name == "arith.constant":
        return abs(made.attributes["value"].value)
    if name in ("arith.addi", "arith.subi", "arith.select"):
        return math.gcd(*map(_divisor, list(made.operands)[-2:]))  # of a choice, the two values
    if name == "arith.muli":
        return math.prod(map(_divisor, made.operands))
    # Of places in the arena: we pack them anew, and as it is asked for.
    return 0 if name == "stream.resource.pack" else 1


def _capped(attributes, alignment):
    entries = {item.name: item.attr for item in attributes}
    if _ALIGNMENT in entries:
        assumed = entries[_ALIGNMENT]
        entries[_ALIGNMENT] = ir.IntegerAttr.get(assumed.type, min(assumed.value, alignment))
    return ir.DictAttr.get(entries)
