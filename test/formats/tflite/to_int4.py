"""A .tflite of int8 as one whose convolutions and fully connected layers have weights of int4, rounded: for what it costs.

python to_int4.py SOURCE.tflite TARGET.tflite
"""

import sys
from pathlib import Path

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema
from to_16x8 import name_of

STEP = numpy.float32(18)  # of int8 in one of int4


def convert(data):
    """The file of int4 of a file of int8; both bytes."""
    model = schema.ModelT.InitFromPackedBuf(data, 0)
    graph = model.subgraphs[0]
    for operator in graph.operators:
        if name_of(model, operator) not in ("CONV_2D", "FULLY_CONNECTED"):
            continue
        weights, bias = (graph.tensors[number] for number in operator.inputs[1:3])
        values = numpy.frombuffer(bytes(model.buffers[weights.buffer].data), "i1")
        values = numpy.clip(numpy.round(values / STEP), -8, 7).astype("i1").view("u1") & 15
        values = numpy.append(values, numpy.zeros(len(values) % 2, "u1"))
        model.buffers[weights.buffer].data = values[::2] | values[1::2] << 4
        weights.type = schema.TensorType.INT4
        biases = numpy.frombuffer(bytes(model.buffers[bias.buffer].data), "<i4")
        model.buffers[bias.buffer].data = numpy.frombuffer(numpy.round(biases / STEP).astype("<i4").tobytes(), "u1")
        for tensor in (weights, bias):
            tensor.quantization.scale = tensor.quantization.scale * STEP
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(convert(Path(sys.argv[1]).read_bytes()))
