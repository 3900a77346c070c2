"""What the importer knows of a model's tensors (.names.json), put into its plan."""

import json
from dataclasses import replace
from pathlib import Path


def named(plan, names_file):
    """plan with the names, signs and quantization of names_file, where there is one function that has such tensors."""
    if names_file and len(plan.functions) == 1:
        known = json.loads(Path(names_file).read_text())
        function = plan.functions[0]
        for key in ("inputs", "outputs"):
            tensors = getattr(function, key)
            if len(known[key]) == len(tensors):
                setattr(function, key, [described(t, k) for t, k in zip(tensors, known[key])])
    return plan


def described(tensor, known):
    """The tensor with what one entry of .names.json says of it."""
    # MLIR's integers are signless: the importer remembers which were unsigned.
    dtype = f"u{tensor.dtype}" if known["unsigned"] and tensor.dtype in ("i8", "i16", "i32", "i64") else tensor.dtype
    optional = {key: known[key] for key in ("scale", "zero_point", "rounding") if known.get(key) is not None}
    return replace(tensor, name=known["name"], note=known["note"], dtype=dtype, **optional)
