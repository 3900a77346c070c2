"""Model formats, one package each: how a file is read, what is mended before IREE sees it, and what the
format's own engine answers. Adding a format touches its folder, and the table below.

A package has ``importer.import_model(source, target, iree_compile, dims, shapes, opset)``, which writes
the model as MLIR to target and what it knows of tensors and nodes beside it (.names.json).
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
