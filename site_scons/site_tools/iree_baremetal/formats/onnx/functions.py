"""Operators that ONNX itself defines by others: their bodies in place of what IREE has no lowering for."""

import onnx
import onnx.inliner
from onnx import helper

from .lowerings import LOWERED
from .node import Refused


def expand(graph, node):
    """The values that node's body gives, added to graph; None where IREE has a lowering of its own."""
    if node.domain:
        what = "IREE has no lowering for operators of other domains than ONNX's own"
        raise Refused(f"{what}: export the model with operators of ONNX (opset {graph.opset}), or as a function of the model.")
    if node.op in LOWERED:
        return None
    return inline(graph, node) or _refuse(graph, node)


def inline(graph, node):
    """The values that the body of node's operator gives, in ONNX's own text; None where it has none."""
    function = _body(graph, node)
    if function is None:
        return None
    # As a function of the model, which the inliner binds attributes and absent inputs of.
    call, function.domain = onnx.NodeProto.FromString(node.proto.SerializeToString()), "schema"
    call.domain = "schema"
    schema = onnx.defs.get_schema(node.op, graph.opset)
    given = {attribute.name for attribute in call.attribute}
    call.attribute.extend(a.default_value for a in schema.attributes.values() if a.name not in given and a.default_value.name)
    inputs = [onnx.ValueInfoProto(name=name) for name in filter(None, node.inputs)]
    outputs = [onnx.ValueInfoProto(name=name) for name in filter(None, node.outputs)]
    opsets = [helper.make_opsetid("", graph.opset), helper.make_opsetid("schema", 1)]
    # Bodies are of the opset that they came with; the inliner wants that of the model.
    written = max((o.version for o in function.opset_import if not o.domain), default=graph.opset)
    same = all(_since(inner, written) == _since(inner, graph.opset) for inner in function.node)
    if same:
        del function.opset_import[:]
        function.opset_import.extend(opsets[:1])
    made = helper.make_model(helper.make_graph([call], "body", inputs, outputs), opset_imports=opsets, functions=[function])
    nodes = onnx.inliner.inline_local_functions(made, convert_version=not same).graph.node
    names = graph.imported(nodes, {})
    return [name and names[name] for name in node.outputs]


def _since(node, opset):
    """The version of node's operator at opset."""
    return onnx.defs.get_schema(node.op_type, opset).since_version


def _body(graph, node):
    """The FunctionProto of node's operator, or None."""
    schema, version = onnx.defs.get_schema(node.op, graph.opset), graph.opset
    plain = max((v for v in schema.function_opset_versions if v <= version), default=0)
    bound = max((v for v in schema.context_dependent_function_opset_versions if v <= version), default=0)
    if not plain and not bound:
        return None
    if plain >= bound:
        text = schema.get_function_with_opset_version(plain)
    else:
        types = [(graph.type(name) if name else None) or onnx.TypeProto() for name in node.inputs]
        text = schema.get_context_dependent_function_with_opset_version(
            bound, node.proto.SerializeToString(), [t.SerializeToString() for t in types]
        )
    return onnx.FunctionProto.FromString(text) if text else None


def _refuse(graph, node):
    raise Refused(
        "IREE has no lowering for it, and ONNX no function body. Export the model without it, or compute it before or after the model."
    )
