"""What the importer knows of a model's tensors (.names.json), put into its plan."""

import json
from dataclasses import replace
from pathlib import Path


def named(plan, names_file):
    """plan with the names, signs and quantization of names_file, for each function that has such tensors."""
    if not names_file:
        return plan
    known = json.loads(Path(names_file).read_text())
    functions = known.get("functions") or {f.name: known for f in plan.functions if len(plan.functions) == 1}
    for function in plan.functions:
        for key in ("inputs", "outputs"):
            tensors, words = getattr(function, key), functions.get(function.name, {}).get(key, [])
            if len(words) == len(tensors):
                setattr(function, key, [described(t, k) for t, k in zip(tensors, words)])
    return plan


def described(tensor, known):
    """The tensor with what one entry of .names.json says of it."""
    # MLIR's integers are signless: the importer remembers which were unsigned.
    dtype = f"u{tensor.dtype}" if known["unsigned"] and tensor.dtype in ("i8", "i16", "i32", "i64") else tensor.dtype
    optional = {key: known[key] for key in ("scale", "zero_point", "rounding") if known.get(key) is not None}
    return replace(tensor, name=known["name"], note=known["note"], dtype=dtype, **optional)
