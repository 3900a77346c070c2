"""What a header says of quantized tensors: scale and zero point, and functions from real values and back."""

import re

from ..plan.model import C_TYPES
from . import names

_HALF = {"even": "IREE_HALF_TO_EVEN", "away": "IREE_HALF_AWAY"}


def text(plan, parameter_names):
    """(macros, functions) as lines of C; both empty where no tensor is quantized.

    parameter_names: gives the C names of a function's inputs and outputs. A tensor goes by the model's
    name and its own; where the model has several functions, the function's is between them.
    """
    found = []
    for function, c_name in zip(plan.functions, names.functions(plan)):
        owner = plan.name if len(plan.functions) == 1 else c_name
        inputs, outputs = parameter_names(function)
        found += [(f"{owner}_{n}", t) for t, n in zip(function.inputs + function.outputs, [*inputs, *outputs]) if t.is_quantized]
    macros, functions, owned = [], [], {n + suffix for n in names.functions(plan) for suffix in ("", "_in")}
    # Macros are distinct in upper case, too; functions also from the model's own.
    distinct = names.unique([n.lower() for n, _ in found], owned, ("_quantize", "_dequantize"))
    for (name, tensor), other in zip(found, distinct):
        label = name if name.lower() == other else other
        macro = label.upper()
        macros += [f"#define {macro}_SCALE {_float(tensor.scale)}", f"#define {macro}_ZERO_POINT ({tensor.zero_point or 0})"]
        functions += ["", *_functions(label, macro, tensor)]
    return macros, functions


def _functions(label, macro, tensor):
    c_type = C_TYPES[tensor.dtype][0]
    bits = int(re.sub(r"\D", "", c_type))
    least, most = (0, 2**bits - 1) if c_type.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    arguments = f"{macro}_SCALE, {macro}_ZERO_POINT"
    return [
        f"static inline {c_type} {label}_quantize(float real) {{",
        f"  return ({c_type})iree_quantize(real, {arguments}, {least}, {most}, {_HALF[tensor.rounding]});",
        "}",
        f"static inline float {label}_dequantize({c_type} element) {{",
        f"  return iree_dequantize(element, {arguments});",
        "}",
    ]


def _float(value):
    """A literal of C's float, of the fewest digits that give the same number."""
    import numpy  # here: a null build has no use for it

    digits = str(numpy.float32(value))
    return (digits if re.search(r"[.e]", digits) else f"{digits}.0") + "f"
