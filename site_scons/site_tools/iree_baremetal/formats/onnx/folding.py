"""What a node of constants computes, by onnx's reference evaluator."""

import numpy as np
import onnx
import onnx.reference
from onnx import AttributeProto, helper

_SMALL = 1024  # elements
RANDOM = ("RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial")
# What IREE folds itself, or holds in less than its value takes.
_LEFT = ("DequantizeLinear", "Dropout", *RANDOM)


def fold(graph, node):
    """The arrays that node gives, where its inputs are constants; None where it is to be kept."""
    if node.op == "Constant" and not node.domain:
        return [_constant(node)] if "sparse_value" not in node.attributes else None
    if node.op in ("Shape", "Size") and not node.domain and graph.shape(node.input(0)) is not None:
        return [_shape(graph.shape(node.input(0)), node)]
    inputs = [name for name in node.inputs if name]
    if node.domain or node.op in _LEFT or not inputs or not all(map(graph.is_constant, inputs)):
        return None
    if any(a.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS) for a in node.proto.attribute):
        return None
    values = {name: graph.value(name) for name in inputs}
    if node.op == "Cast" and max(v.dtype.itemsize * v.size for v in values.values()) > _SMALL and _widens(graph, node):
        return None
    room = max(_SMALL, sum(v.size for v in values.values()))
    from . import inference

    types = inference.infer(graph, node)
    sizes = [np.prod([d.dim_value for d in t.tensor_type.shape.dim]) for t in types.values() if t.tensor_type.HasField("shape")]
    if any(size > room for size in sizes):
        return None
    results = evaluate(graph, node, values)
    return results if results is not None and all(isinstance(r, np.ndarray) and r.size <= room for r in results) else None


def _widens(graph, node):
    """Whether a Cast's result takes more than what it is of: weights of half precision stay so in flash."""
    to, given = (helper.tensor_dtype_to_np_dtype(dtype) for dtype in (node.get("to"), graph.dtype(node.input(0))))
    return to.itemsize > given.itemsize


def evaluate(graph, node, values):
    """What onnx's reference makes of node; None where it has no answer."""
    made = onnx.NodeProto.FromString(node.proto.SerializeToString())
    outputs = [name for name in node.outputs if name]
    inputs = [helper.make_value_info(name, graph.type(name)) for name in values]
    body = helper.make_graph([made], "folded", inputs, [onnx.ValueInfoProto(name=name) for name in outputs])
    opsets = [helper.make_opsetid("", graph.opset)]
    try:
        with np.errstate(all="ignore"):
            found = onnx.reference.ReferenceEvaluator(helper.make_model(body, opset_imports=opsets)).run(None, dict(values))
    except Exception:  # noqa: BLE001 - whatever a reference implementation stumbles over: IREE may not
        return None
    found = dict(zip(outputs, found))
    return [np.asarray(found[name]) if name else None for name in node.outputs] if len(outputs) == len(node.outputs) else None


def _shape(extents, node):
    if node.op == "Size":
        return np.array(np.prod(extents, dtype=np.int64), np.int64)
    return np.array(extents[node.get("start", 0) : node.get("end", None)], np.int64)


def _constant(node):
    (name, value), *_ = node.attributes.items()
    if name == "value":
        return onnx.numpy_helper.to_array(value)
    kinds = {"value_float": np.float32, "value_floats": np.float32, "value_int": np.int64, "value_ints": np.int64}
    return np.array(value, kinds.get(name, object))
