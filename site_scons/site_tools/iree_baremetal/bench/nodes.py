"""Which nodes of the model each dispatch computes, read from the model at the flow phase.

iree-compile keeps the locations of what it fuses. Those of an imported .onnx are lines of its MLIR, which has a line for
each node; those of a .tflite are its operators; those of any other model are lines or names, as they stand in it.
"""

import json
import re
from pathlib import Path

from iree.compiler import ir

from ..modules import operations, parsed
from ..plan import places
from . import layers

_ONNX = re.compile(r'torch\.operator "onnx\.(\w+)"')
_TFLITE = re.compile(r"operator (\d+), (\w+)(?: \((.*)\))?$", re.DOTALL)
_OPERATION = re.compile(r'(?:%\S+ = )?"?([\w$]+\.[\w.$]+)"?')


def read(flow, model, names):
    """What `layers.of` needs: {"nodes": {place: [operator, name]}, in the model's order, "dispatches": {dispatch: [place]}, "roots":
    [place]}: of each dispatch what it computes, and what that was begun for.

    flow: the model (bytes) at the flow phase; model: the MLIR file it was made of; names: the .names.json beside that,
    or None.
    """
    with parsed(flow, "flow") as program:
        dispatches = {
            op.attributes["sym_name"].value: _places(op)
            for op in (o.operation for o in program.body)
            if op.name == "flow.executable"
        }
        sites = [places.first(str(op.location)) for op in operations(program, "flow.dispatch")]
    used = [place for found in [sites, *dispatches.values()] for place in found if place]
    known = json.loads(Path(names).read_text()).get("nodes", {}) if names else {}
    return {
        "nodes": _nodes(Path(model), known, used),
        "dispatches": {name: _keys(found) for name, found in dispatches.items()},
        "roots": _keys(sites),
    }


def write(flow, model, names, target):
    Path(target).write_text(json.dumps(read(Path(flow).read_bytes(), model, names), indent=1) + "\n")


def _places(executable):
    """Where what an executable computes comes from; its fills, and the empty tensors and constants are nobody's."""
    found = []

    def visit(op):
        if op.name == "linalg.fill":
            return ir.WalkResult.SKIP
        if op.name.split(".")[0] in ("linalg", "arith", "math", "iree_linalg_ext") and op.name not in (
            "linalg.yield",
            "arith.constant",
        ):
            found.extend(places.places(str(op.location)))
        return ir.WalkResult.ADVANCE

    executable.walk(visit)
    return list(dict.fromkeys(found))


def _nodes(model, known, used):
    """{place: [operator, name]} of those used, and, of an .onnx, all nodes, by the line alone."""
    binary = model.read_bytes()[:4] == b"ML\xefR"
    lines = [] if binary else model.read_text(errors="replace").splitlines()
    nodes, counts = {}, {}
    for number, line in enumerate(lines, 1):
        if found := _ONNX.search(line):
            count = counts[found[1]] = counts.get(found[1], 0) + 1
            names = known.get(found[1], [])
            nodes[_at(model, number)] = [found[1], names[count - 1] if count <= len(names) else ""]
    for place in used:
        if found := _TFLITE.match(place):
            nodes[place] = [found[2], ", ".join(re.findall(r"'(.*?)'(?=, |$)", found[3] or "", re.DOTALL))]
    if nodes:
        return dict(sorted(nodes.items(), key=lambda item: int(_TFLITE.sub(r"\1", item[0])))) if not counts else nodes
    for place in sorted(used, key=layers.line):
        number = layers.line(place)
        operation = (
            _OPERATION.match(lines[number - 1].strip())
            if number and number <= len(lines) and place.startswith(f"{model.name}:")
            else None
        )
        nodes[layers.key(place)] = [operation[1] if operation else "", layers.key(place)]
    return nodes


def _at(model, number):
    return f"{model.name}:{number}"


def _keys(found):
    return list(dict.fromkeys(layers.key(place) for place in found if place))
