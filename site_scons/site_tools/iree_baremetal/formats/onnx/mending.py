"""An ONNX model as IREE answers it rightly: opset, functions, then the rules of `rules/`, node by node."""

import re
import sys

import onnx
import onnx.inliner
import onnx.version_converter

from ...errors import BaremetalError
from . import rules
from .graph import inputs_of
from .reading import first_line
from .rewriter import Graph

# What iree-import-onnx has lowerings for begins at different opsets, the last of them here.
OLDEST = 17
_FIRST_SCAN = 9  # of Scan as it is since then; onnx raises the older one wrongly


def mend(source, model, opset=0, without=()):
    """model rewritten, without the rules named; a `BaremetalError` names a node that cannot be built.

    opset: the opset to raise the model to; 0: to `OLDEST` where it is older.
    """
    unknown = set(without) - set(rules.names())
    if unknown:
        raise BaremetalError(f"--without: no rule {', '.join(sorted(unknown))}. Rules: {', '.join(rules.names())}.")
    model = onnx.ModelProto.FromString(model.SerializeToString())
    if model.functions:
        model = onnx.inliner.inline_local_functions(model)
    model = raised(source, model, opset)
    # Before version 4 every constant was an input, too.
    model.ir_version = max(model.ir_version, 8)
    free = inputs_of(model)
    del model.graph.input[:]
    model.graph.input.extend(free)
    try:
        model = onnx.shape_inference.infer_shapes(model, data_prop=True)
    except (onnx.shape_inference.InferenceError, RuntimeError, ValueError) as error:
        raise BaremetalError(f"{source}: its shapes do not fit together: {first_line(error)}") from error
    if not any(o.domain in ("", "ai.onnx") for o in model.opset_import):
        model.opset_import.append(onnx.helper.make_opsetid("", OLDEST))  # of what rules make of other domains' operators
    opsets = {"" if o.domain == "ai.onnx" else o.domain: o.version for o in model.opset_import}
    graph = Graph(source, opsets, rules.table(without)).rewrite(model.graph)
    model.graph.CopyFrom(graph)
    prune(model.graph)
    name = re.sub(r"\W", "_", model.graph.name, flags=re.ASCII)
    model.graph.name = name if name.isidentifier() else "main"  # a function's
    return model


def raised(source, model, opset=0):
    """model at opset, where it is older."""
    now = max((o.version for o in model.opset_import if o.domain in ("", "ai.onnx")), default=OLDEST)
    wanted = opset or OLDEST
    if now >= wanted:
        return model
    scans = [node for node in model.graph.node if node.op_type == "Scan" and now < _FIRST_SCAN]
    if scans:
        raise BaremetalError(
            f"{source}: node '{scans[0].name or scans[0].output[0]}', operator Scan: before opset {_FIRST_SCAN} it has a batch and "
            f"lengths of sequences; this model is of opset {now}. Export it with opset {_FIRST_SCAN} or later."
        )
    try:
        made = onnx.version_converter.convert_version(model, wanted)
    except Exception as error:  # of what the converter has no adapter for
        print(f"{source}: opset {now} stays, since onnx cannot raise it to {wanted}: {first_line(error)}", file=sys.stderr)
        return model
    if not opset:
        print(f"{source}: raised from opset {now} to {wanted}, which IREE's importer takes.", file=sys.stderr)
    return made


def prune(graph):
    """Removes nodes and constants that no output depends on."""
    needed, kept = {value.name for value in graph.output}, []
    for node in reversed(graph.node):
        if any(name in needed for name in node.output):
            kept.append(node)
            needed.update(_read(node))
    kept.reverse()
    del graph.node[:]
    graph.node.extend(kept)
    for constants in (graph.initializer, graph.value_info):
        left = [item for item in constants if item.name in needed]
        del constants[:]
        constants.extend(left)


def _read(node):
    """The values that a node reads, those of the bodies in it among them."""
    names = set(node.input)
    for attribute in node.attribute:
        if attribute.type == onnx.AttributeProto.GRAPH:
            for inner in attribute.g.node:
                names |= _read(inner)
            names |= {value.name for value in attribute.g.output}
    return names
