"""An ONNX model with its inner tensors as outputs, to find the first node that is misread."""

import numpy
import onnx

from ...plan.model import Function, Tensor
from ...verify.calls import dtype_of
from .graph import inputs_of
from .reading import read
from .reference import run, types_of

_NO_NUMBERS = (onnx.TensorProto.UNDEFINED, onnx.TensorProto.STRING)


def input_names(source):
    """The names of the inputs of the file source, in their order."""
    return [value.name for value in inputs_of(onnx.load(source, load_external_data=False))]


def expose(source, functions, calls, dims, shapes, target, skip=()):
    """Writes the model of the file source to target with all its inner tensors as outputs, but those of skip.

    ([(tensor's name, node that makes it)] in the nodes' order, functions with these outputs, what ONNX Runtime gives
    for them in each call, its name).
    """
    model = read(source, dims, shapes)
    types, made = types_of(model), {}
    for node in model.graph.node:
        label = f"{node.domain + '.' if node.domain else ''}{node.op_type} '{node.name or ', '.join(node.output)}'"
        names = node.output if node.op_type != "Constant" else ()
        made.update({name: label for name in names if types.get(name, 0) not in _NO_NUMBERS and name not in skip})
    given = {value.name: value for value in [*model.graph.output, *inputs_of(model)]}
    del model.graph.output[:]
    model.graph.output.extend(given.get(name) or onnx.helper.make_tensor_value_info(name, types[name], None) for name in made)
    found, engine, _ = run(source, model, functions[0], calls, list(made))
    # Of what shape and, beyond ONNX's, type they are, the engine knows.
    for value, array in zip(model.graph.output, found[0]):
        value.CopyFrom(onnx.helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, numpy.shape(array)))
    onnx.save(model, target)
    tensors = [Tensor(name, dtype_of(array.dtype), array.shape) for name, array in zip(made, map(numpy.asarray, found[0]))]
    outputs = [[_plain(numpy.asarray(array)) for array in arrays] for arrays in found]
    return list(made.items()), [Function(functions[0].name, functions[0].inputs, tensors, [], [])], outputs, engine


def _plain(array):
    """As the plan has it: booleans as bytes, bfloat16 as its bits."""
    if array.dtype.name == "bfloat16":
        return array.view("<u2")
    return array.astype("u1") if array.dtype == bool else array
