"""A float model made ready for ONNX Runtime's quantizer: sizes fixed, constants and batch normalization folded."""

import onnx
import onnx.external_data_helper
import onnxruntime
from onnxruntime.quantization.shape_inference import quant_pre_process

from ....errors import BaremetalError
from .. import reading
from ..reference import session_options

PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN", "Attention", "Einsum")


def prepare(source, target, dims="", shapes=""):
    """Writes the model of source, prepared, to target; the model. A `BaremetalError` where there is nothing to quantize."""
    model = reading.read(source, dims, shapes)
    onnx.external_data_helper.load_external_data_for_model(model, str(source.absolute().parent))
    _refuse_quantized(source, model)
    _fold_constants(model)
    _name_nodes(model)
    onnx.save(model, target)
    # Its symbolic shapes need sympy, and serve dynamic ones; here all are fixed.
    quant_pre_process(str(target), str(target), skip_symbolic_shape=True)
    model = onnx.load(target)
    if not any(node.op_type in PRODUCTS for node in model.graph.node):
        raise BaremetalError(
            f"{source} has no product (convolution, matrix multiplication, …): int8 would save nothing. Build it as it is."
        )
    return model


def _refuse_quantized(source, model):
    for node in model.graph.node:
        if node.op_type in ("QuantizeLinear", "DynamicQuantizeLinear") or node.op_type.startswith("QLinear"):
            raise BaremetalError(
                f"{source}: its activations are quantized already (node {node.name or node.output[0]}, {node.op_type}). "
                "Build it without quantize=, or quantize the float model that it was made of."
            )


def _fold_constants(model):
    """Puts constants in place of nodes that compute them from constants: weights that are quantized alone, for one."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    known, folded = set(constants), []
    for node in model.graph.node:
        if _is_constant(node, known):
            folded.append(node)
            known.update(node.output)
    if not folded:
        return
    outputs = [onnx.ValueInfoProto(name=name) for node in folded for name in node.output if name]
    graph = onnx.helper.make_graph(folded, "constants", [], outputs, list(constants.values()))
    part = onnx.helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    values = onnxruntime.InferenceSession(part.SerializeToString(), session_options()).run(None, {})
    kept = [node for node in model.graph.node if node not in folded]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    for value, array in zip(outputs, values):
        model.graph.initializer.append(onnx.numpy_helper.from_array(array, value.name))
    used = {name for node in kept for name in node.input} | {value.name for value in model.graph.output}
    left = [tensor for tensor in model.graph.initializer if tensor.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(left)


def _is_constant(node, known):
    has_graph = any(a.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS) for a in node.attribute)
    return bool(node.input) and not has_graph and all(name in known or not name for name in node.input)


def _name_nodes(model):
    """Every node gets a name: the quantizer excludes nodes by theirs."""
    taken = {node.name for node in model.graph.node}
    for number, node in enumerate(model.graph.node):
        if not node.name:
            name = f"{node.op_type}_{number}"
            node.name = name if name not in taken else f"{name}_{node.output[0]}"
