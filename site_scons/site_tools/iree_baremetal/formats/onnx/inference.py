"""Types and shapes of what a node gives, by onnx, from what is known of its inputs."""

import onnx
import onnx.numpy_helper
from onnx import helper

_SMALL = 1024  # elements: a shape, axes, pads; no weights


def infer(graph, node):
    """{output: TypeProto} of node; of an operator that onnx does not know, what the file says."""
    known = {name: graph.type(name) for name in filter(None, node.outputs)}
    known = {name: type_ for name, type_ in known.items() if type_ is not None}
    try:
        schema = onnx.defs.get_schema(node.op, graph.opsets.get(node.domain, 1), node.domain)
    except onnx.defs.SchemaError:
        return known
    types = {name: graph.type(name) for name in filter(None, node.inputs)}
    data = {}
    for name in filter(None, node.inputs):
        if graph.is_constant(name) and graph.value(name).size <= _SMALL:
            data[name] = onnx.numpy_helper.from_array(graph.value(name), name)
    scope = graph
    while scope and any(a.type == onnx.AttributeProto.GRAPH for a in node.proto.attribute):
        types = {**scope.types, **types}
        scope = scope.outer
    if None in types.values():
        return known
    opsets = [helper.make_opsetid(domain, version) for domain, version in graph.opsets.items()]
    try:
        found = onnx.shape_inference.infer_node_outputs(schema, node.proto, types, data, opset_imports=opsets)
    except (onnx.shape_inference.InferenceError, RuntimeError, KeyError):
        return known
    return {**known, **{name: _better(known.get(name), type_) for name, type_ in found.items() if name}}


def _better(known, found):
    """Of two types of a value, the one that says more of its shape."""

    def unknown(type_):
        tensor = type_.tensor_type
        return 1000 if not tensor.HasField("shape") else sum(d.WhichOneof("value") != "dim_value" for d in tensor.shape.dim)

    if known is None or found.WhichOneof("value") != "tensor_type" or known.WhichOneof("value") != "tensor_type":
        return found
    return known if unknown(known) < unknown(found) else found
