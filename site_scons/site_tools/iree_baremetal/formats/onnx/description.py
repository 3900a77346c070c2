"""What C code and messages want to know of an ONNX model: names, signs and quantization of its tensors."""

import onnx
import onnx.numpy_helper

from ...errors import BaremetalError
from .graph import inputs_of
from .reading import first_line


def _is_unsigned(value):
    return onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).startswith("UINT")


def _quantization(model):
    """tensor name -> "scale …, zero point …" where it is quantized at the model's border."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            constants.update({node.output[0]: a.t for a in node.attribute if a.name == "value"})
    notes = {}
    for node in model.graph.node:
        if node.op_type not in ("DequantizeLinear", "QuantizeLinear"):
            continue
        tensor = node.input[0] if node.op_type == "DequantizeLinear" else node.output[0]
        parameters = [onnx.numpy_helper.to_array(constants[name]) for name in node.input[1:] if name in constants]
        if parameters and all(p.size == 1 for p in parameters):
            zero = int(parameters[1].item()) if len(parameters) > 1 else 0
            notes[tensor] = f"scale {parameters[0].item():.8g}, zero point {zero}"
    return notes


def describe(source, model):
    """What C code wants to know of the model: names, notes and signs of its tensors, names of its nodes."""
    try:
        notes = _quantization(model)
    except (ValueError, TypeError, IndexError) as error:  # of numbers that are not as their type and shape say
        raise BaremetalError(f"{source}: a scale or zero point cannot be read: {first_line(error)}") from error
    tensors = {
        key: [{"name": v.name, "note": notes.get(v.name, ""), "unsigned": _is_unsigned(v)} for v in values]
        for key, values in (("inputs", inputs_of(model)), ("outputs", model.graph.output))
    }
    tensors["nodes"] = {}
    # Unnamed nodes go by what they compute.
    for node in model.graph.node:
        tensors["nodes"].setdefault(node.op_type, []).append(node.name or ", ".join(node.output))
    return tensors
