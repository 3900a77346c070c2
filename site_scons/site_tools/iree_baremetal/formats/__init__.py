"""Model formats, one package each: how a file is read, what is mended before IREE sees it, and what the
format's own engine answers. Adding a format touches its folder, and the table below.

A package has ``importer.import_model(source, target, iree_compile, dims, shapes, opset)``, which writes
the model as MLIR to target and what it knows of tensors and nodes beside it, in <stem>.names.json:

    {"inputs": [tensor, ...], "outputs": [tensor, ...], "nodes": {operator: [names of its nodes]}}

A tensor has "name", "note" (for people, on the quantization), "unsigned" (MLIR's integers are signless),
"scale" and "zero_point" (numbers, or null; one of each a tensor), and "rounding", which says how the format
rounds a real value in the middle of two elements: "even" (the default) or "away" from zero.
"""

import importlib
from pathlib import Path

from ..errors import BaremetalError

# Suffix -> package. Those that are MLIR already are not imported.
IMPORTED = {".onnx": "onnx"}
MLIR = (".mlir", ".mlirbc")


def of(source):
    """The importer's module for the file source, by its suffix."""
    package = IMPORTED.get(Path(source).suffix)
    if not package:
        raise BaremetalError(f"{source}: import takes {', '.join(IMPORTED)} files.")
    return importlib.import_module(f".{package}.importer", __name__)
