""".tflite to MLIR, with the bindings of the installed compiler."""

import json
import re
from pathlib import Path

from iree.compiler import ir

from ... import modules
from ...errors import BaremetalError
from ..options import parse_dims, parse_opset, parse_shapes
from . import lowering
from .description import describe
from .reading import read
from .shapes import shapes_of


def import_model(source, target, iree_compile, dims="", shapes="", opset="0"):
    """Writes source (.tflite) as MLIR's bytecode to target, and the names of its tensors beside it (.names.json).

    iree_compile and opset are for other formats: nothing here depends on them.
    """
    parse_opset(opset)
    model = read(source)
    functions = entries(model)
    sizes = shapes_of(model, [subgraph for _, subgraph in functions], parse_dims(dims), parse_shapes(shapes))
    program = build(model, functions, sizes)
    Path(target).write_bytes(program)
    Path(target).with_suffix(".names.json").write_text(json.dumps(describe(functions), indent=1) + "\n")


def entries(model):
    """[(name, `Subgraph`)] of the functions that an application calls: one for each signature that has a subgraph of
    its own; where there is only one, it is called invoke, as by TensorFlow Lite's interpreter."""
    found = {}
    for key, subgraph in model.signatures.items():
        found.setdefault(subgraph.index, key)
    if len(found) < 2:
        subgraph = model.subgraphs[next(iter(found), 0)]
        return [("invoke", subgraph)]
    return [(key, model.subgraphs[index]) for index, key in sorted(found.items())]


def build(model, functions, sizes):
    """The module of functions [(name, subgraph)] as bytes; sizes: {input: its shape}."""
    for _, subgraph in functions:
        if not subgraph.outputs:
            raise BaremetalError(f"{model.source}: the model has no output.")
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.create()
        whole = lowering.Lowering(model, module)
        for name, subgraph in functions:
            whole.function(name, subgraph, sizes)
        whole.finish()
        try:
            return modules.bytecode(module)
        except ir.MLIRError as error:  # whose locations are operators
            found = re.search(r'error: "(.*?)": (.*)', str(error))
            where, what = found.groups() if found else ("an operator", str(error).splitlines()[0])
            raise BaremetalError(f"{model.source}: {where}: its inputs and options do not fit each other ({what}).") from error
