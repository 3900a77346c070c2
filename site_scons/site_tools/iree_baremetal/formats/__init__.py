"""Model formats, one package each: how a file is read, what is mended before IREE sees it, and what the
format's own engine answers. Adding a format touches its folder, and the table below.

A package has ``importer.import_model(source, target, iree_compile, dims, shapes, opset)``, which writes
the model as MLIR to target and what it knows of tensors and nodes beside it, in <stem>.names.json:

    {"inputs": [tensor, ...], "outputs": [tensor, ...], "nodes": {operator: [names of its nodes]}}

A model of several functions has "functions", too: {function's name: {"inputs": ..., "outputs": ...}}.

A tensor has "name", "note" (for people, on the quantization), "unsigned" (MLIR's integers are signless),
"scale" and "zero_point" (numbers, or null; one of each a tensor), and "rounding", which says how the format
rounds a real value in the middle of two elements: "even" (the default) or "away" from zero.

And it has ``reference.py``, the format's own engine, run in a process of its own:

    answers(source, functions, calls, dims, shapes)  (outputs, engine, words): for each call, in their order, the list
        of output arrays, of the types and shapes that functions[call.function].outputs declares, or None where the
        format does not say what they are; the engine's name and version; what is to be told of its answers. A model
        with state answers all calls of one list in one session. An engine that is not installed is an ImportError.
    STEPS  how many elements a quantized output may be off
    flushed_answers  if there is one: answers, of the same arguments, with denormal numbers taken as zero

For ``verify trace=1`` a format may have ``tracing.py``:

    expose(source, functions, calls, dims, shapes, target, skip)  writes the model to target with all its inner tensors as
        outputs, but those named in skip: ([(tensor's name, node that makes it)] in their order, functions with these
        outputs, the engine's answers)

A format whose engine may round an inner value to either of two integers has ``roundings.py``:

    tensors(source, dims, shapes)  the names of its tensors where reals are rounded to integers
    follow(source, functions, calls, dims, shapes, taken)  answers, with these tensors as taken has them (name -> array of
        each call); an error where one is nothing that the engine's value may be rounded to

``functions`` are `plan.model.Function`s, ``calls`` `verify.calls.Call`s.
"""

import importlib
import importlib.util
from pathlib import Path

from ..errors import BaremetalError

# Suffix -> package. Those that are MLIR already are not imported.
IMPORTED = {".onnx": "onnx", ".tflite": "tflite"}
MLIR = (".mlir", ".mlirbc")
WRITTEN = {".onnx": ".mlir", ".tflite": ".mlirbc"}  # text, or bytecode


# Module of a format's own engine -> the extra of the wheel that brings it.
EXTRAS = {"onnxruntime": "onnx", "ai_edge_litert": "tflite", "tflite": "tflite"}


def of(source):
    """The importer's module for the file source, by its suffix."""
    return _module(source, "importer", "import")


def reference_of(source):
    """The module of the format's own engine for the file source, by its suffix."""
    return _module(source, "reference", "reference --own")


def tracing_of(source):
    """The module that makes inner tensors of the file source outputs, by its suffix."""
    try:
        return _module(source, "tracing", "trace=1")
    except ModuleNotFoundError as error:
        if not (error.name or "").endswith(".tracing"):
            raise
        raise BaremetalError(
            f"{source}: the inner tensors of such a file cannot be looked at; verify it without trace=1."
        ) from None


def roundings_of(source):
    """The module of what the format's own engine may round to either side, for the file source, by its suffix."""
    return _module(source, "roundings", "roundings")


def has_roundings(source):
    """Whether the format of the file source has such a module."""
    package = IMPORTED.get(Path(source).suffix)
    return bool(package) and importlib.util.find_spec(f".{package}.roundings", __name__) is not None


def has_reference(source):
    """Whether the format of the file source has an engine of its own."""
    return Path(source).suffix in IMPORTED


def _module(source, name, command):
    package = IMPORTED.get(Path(source).suffix)
    if not package:
        raise BaremetalError(f"{source}: {command} takes {', '.join(IMPORTED)} files.")
    return importlib.import_module(f".{package}.{name}", __name__)
