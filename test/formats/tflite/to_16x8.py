"""A .tflite of int8 as one of 16x8: the same weights, activations of int16 over the same ranges, biases of int64.

python to_16x8.py SOURCE.tflite TARGET.tflite [INPUTS.npz TARGET.npz]    the inputs, int8 as for SOURCE, become int16, too
"""

import sys
from pathlib import Path

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

PRODUCTS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
_NAMES = {number: name for name, number in vars(schema.BuiltinOperator).items()}


def name_of(model, operator):
    """The name of an operator, as in CONV_2D."""
    code = model.operatorCodes[operator.opcodeIndex]
    return _NAMES[max(code.builtinCode, code.deprecatedBuiltinCode)]


def _set(tensor, type_, scales):
    tensor.type = type_
    tensor.quantization.scale = numpy.asarray(scales, "f4").reshape(-1)
    tensor.quantization.zeroPoint = numpy.zeros(len(tensor.quantization.scale), "i8")


def convert(data):
    """(the file of 16x8, {name of an input: (its scale and zero point as int8, its scale as int16)}) of a file of int8; both bytes."""
    model = schema.ModelT.InitFromPackedBuf(data, 0)
    graph, kinds = model.subgraphs[0], schema.TensorType
    softmaxes = {n for o in graph.operators if name_of(model, o) == "SOFTMAX" for n in o.outputs}
    old = {}
    for number, tensor in enumerate(graph.tensors):
        content = model.buffers[tensor.buffer].data
        if tensor.type == kinds.INT8 and (content is None or not len(content)):
            scale, zero = old[number] = float(tensor.quantization.scale[0]), int(tensor.quantization.zeroPoint[0])
            _set(tensor, kinds.INT16, 2**-15 if number in softmaxes else max(128 + zero, 127 - zero) * scale / 32767)
    for operator in graph.operators:
        if name_of(model, operator) in PRODUCTS and len(operator.inputs) > 2 and operator.inputs[2] >= 0:
            x, weights, bias = (graph.tensors[number] for number in operator.inputs[:3])
            scales = weights.quantization.scale.astype("f8")
            values = numpy.frombuffer(bytes(model.buffers[bias.buffer].data), "<i4") * (old[operator.inputs[0]][0] * scales)
            scales = float(x.quantization.scale[0]) * scales
            buffer = schema.BufferT()
            buffer.data = numpy.frombuffer(numpy.round(values / scales).astype("<i8").tobytes(), "u1")
            bias.buffer = len(model.buffers)
            model.buffers.append(buffer)
            _set(bias, kinds.INT64, scales)
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    tensors = {graph.tensors[n].name.decode(): (*old[n], float(graph.tensors[n].quantization.scale[0])) for n in graph.inputs}
    return bytes(builder.Output()), tensors


def _main(source, target, *inputs):
    data, tensors = convert(Path(source).read_bytes())
    Path(target).write_bytes(data)
    for given, made in zip(inputs[::2], inputs[1::2]):
        calls = {}
        for name, array in numpy.load(given).items():
            scale, zero, now = tensors[name]
            calls[name] = numpy.clip(numpy.round((array.astype("f8") - zero) * scale / now), -(2**15), 2**15 - 1).astype("i2")
        numpy.savez(made, **calls)


if __name__ == "__main__":
    _main(*sys.argv[1:])
