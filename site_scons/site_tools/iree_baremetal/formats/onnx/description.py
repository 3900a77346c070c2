"""What C code and messages want to know of an ONNX model: names, signs and quantization of its tensors."""

import onnx
import onnx.numpy_helper

from ...errors import BaremetalError
from .classes import said_of
from .graph import inputs_of
from .reading import first_line

# Operators whose output has elements of their (first) input, as they are.
_MOVES = (
    "Identity",
    "Reshape",
    "Transpose",
    "Squeeze",
    "Unsqueeze",
    "Flatten",
    "Slice",
    "Split",
    "Gather",
    "DepthToSpace",
    "SpaceToDepth",
    "MaxPool",
)


def _is_unsigned(value):
    return onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).startswith("UINT")


def _quantization(model):
    """tensor name -> (scale, zero point) where it is quantized, with one of each."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            constants.update({node.output[0]: a.t for a in node.attribute if a.name == "value"})
    found = {}
    for node in model.graph.node:
        for tensor, names, zero in _quantized_by(node):
            parameters = [onnx.numpy_helper.to_array(constants[name]) for name in names if name in constants]
            if parameters and len(parameters) == len(names) and all(p.size == 1 for p in parameters):
                found[tensor] = float(parameters[0].item()), int(parameters[1].item()) if len(parameters) > 1 else zero
    moves = [node for node in model.graph.node if node.op_type in _MOVES and node.input and node.output]
    for node in reversed(moves):
        _share(found, node.output[0], node.input[0])
    for node in moves:
        _share(found, node.input[0], node.output[0])
    return found


def _share(found, known, other):
    if known in found:
        found.setdefault(other, found[known])


def _quantized_by(node):
    """(tensor, names of its scale and, where there is one, zero point, else its zero point) for what node says of its tensors.

    Real values that were dequantized have a scale, in steps of which they differ, and no zero point.
    """
    inputs = list(node.input)
    if node.op_type in ("DequantizeLinear", "QuantizeLinear"):
        tensor = inputs[0] if node.op_type == "DequantizeLinear" else node.output[0]
        reals = [(node.output[0], inputs[1:2], None)] if node.op_type == "DequantizeLinear" else []
        return [(tensor, [name for name in inputs[1:3] if name], 0), *reals]
    if node.op_type in ("QLinearConv", "QLinearMatMul"):
        return [(inputs[0], inputs[1:3], 0), (inputs[3], inputs[4:6], 0), (node.output[0], inputs[6:8], 0)]
    return []


def _described(quantization, said):
    """What .names.json says of a tensor's quantization, (scale, zero point) or None; said: a note of it elsewise."""
    scale, zero = quantization or (None, None)
    return {"note": said if zero is None else f"scale {scale:.8g}, zero point {zero}", "scale": scale, "zero_point": zero}


def describe(source, model):
    """What C code wants to know of the model: names, notes and signs of its tensors."""
    try:
        found = _quantization(model)
    except (ValueError, TypeError, IndexError) as error:  # of numbers that are not as their type and shape say
        raise BaremetalError(f"{source}: a scale or zero point cannot be read: {first_line(error)}") from error
    return {
        key: [{"name": v.name, "unsigned": _is_unsigned(v), **_described(found.get(v.name), said_of(v))} for v in values]
        for key, values in (("inputs", inputs_of(model)), ("outputs", model.graph.output))
    }


def nodes_of(model):
    """{operator: the names of its nodes}, to name what a compiler stumbles over."""
    nodes = {}
    # Unnamed nodes go by what they compute.
    for node in model.graph.node:
        nodes.setdefault(node.op_type, []).append(node.name or ", ".join(node.output))
    return nodes
