"""Small .tflite files for tests, written with the schema's own object API, which shares nothing with the importer."""

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema

_TYPES = {
    "float32": "FLOAT32", "float16": "FLOAT16", "float64": "FLOAT64", "int8": "INT8", "uint8": "UINT8", "int16": "INT16",
    "uint16": "UINT16", "int32": "INT32", "uint32": "UINT32", "int64": "INT64", "bool": "BOOL",
}  # fmt: skip


def type_code(name):
    """The schema's number of a NumPy type's name."""
    return getattr(schema.TensorType, _TYPES[name])


class Net:
    """A model while it is written: tensors are numbers, as in the file.

    A tensor whose shape is None gets what LiteRT computed: `resolve`.
    """

    def __init__(self):
        self.tensors, self.operators, self.codes = [], [], []
        self.buffers = [schema.BufferT()]  # 0 is the empty one
        self.inputs, self.outputs, self.types, self.subgraphs = [], [], [], []

    def tensor(self, type_, shape=None, scale=None, zero=0, axis=0, name=None, data=None):
        """A tensor of NumPy's type_; scale: a number, or one for each slice along axis."""
        made = schema.TensorT()
        made.shape, made.type = None if shape is None else list(shape), type_code(type_)
        made.name = (f"t{len(self.tensors)}" if name is None else name).encode()
        made.buffer = 0
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = numpy.frombuffer(data, numpy.uint8)
            made.buffer = len(self.buffers)
            self.buffers.append(buffer)
        if scale is not None:
            made.quantization = schema.QuantizationParametersT()
            made.quantization.scale = numpy.atleast_1d(numpy.float32(scale))
            made.quantization.zeroPoint = numpy.broadcast_to(numpy.int64(zero), made.quantization.scale.shape)
            made.quantization.quantizedDimension = axis
        self.tensors.append(made)
        self.types.append(type_)
        return len(self.tensors) - 1

    def input(self, type_, shape, scale=None, zero=0, name=None):
        self.inputs.append(self.tensor(type_, shape, scale, zero, name=name))
        return self.inputs[-1]

    def constant(self, array, scale=None, zero=0, axis=0, name=None):
        array = numpy.asarray(array)
        return self.tensor(array.dtype.name, array.shape, scale, zero, axis, name, array.tobytes())

    def int4(self, array, scale, axis=0):
        """A constant of numbers from -8 to 7, two in a byte."""
        number = self.constant(numpy.asarray(array, "i1"), scale, 0, axis)
        flat = numpy.append(numpy.reshape(array, -1), [0] * (numpy.size(array) % 2)).astype("u1") & 15
        self.tensors[number].type = schema.TensorType.INT4
        self.buffers[self.tensors[number].buffer].data = flat[::2] | flat[1::2] << 4
        return number

    def op(self, operator, inputs, outputs, options=None, version=1, **fields):
        """Adds an operator by its name in the schema; options: its table's name, with values for its fields.

        A fused activation is given by its name. outputs become the model's, where none follows.
        """
        code = getattr(schema.BuiltinOperator, operator), version
        if code not in self.codes:
            self.codes.append(code)
        made = schema.OperatorT()
        made.opcodeIndex = self.codes.index(code)
        made.inputs, made.outputs = list(inputs), list(outputs)
        if options:
            made.builtinOptionsType = getattr(schema.BuiltinOptions, options, 0)
            table = getattr(schema, options + "T")()
            for field, value in fields.items():
                if not hasattr(table, field):
                    raise AttributeError(f"{options} has no field {field}")
                enum = {"fusedActivationFunction": "ActivationFunctionType", "padding": "Padding", "mode": "MirrorPadMode"}.get(
                    field
                )
                if isinstance(value, str) and enum:
                    value = getattr(getattr(schema, enum), value)
                setattr(table, field, value)
            if made.builtinOptionsType:
                made.builtinOptions = table
            else:
                made.builtinOptions2Type, made.builtinOptions2 = getattr(schema.BuiltinOptions2, options), table
        self.operators.append(made)
        self.outputs = list(outputs)
        return outputs[0] if outputs else None

    def resolve(self, shapes):
        """Gives the tensors without shape those of shapes, one for each tensor."""
        for made, shape in zip(self.tensors, shapes):
            if made.shape is None:
                made.shape = list(shape)

    def add(self, other):
        """Adds the net other as a further subgraph, with its tensors' contents and operators."""
        for tensor in other.tensors:
            if tensor.buffer:
                self.buffers.append(other.buffers[tensor.buffer])
                tensor.buffer = len(self.buffers) - 1
        for operator in other.operators:
            code = other.codes[operator.opcodeIndex]
            if code not in self.codes:
                self.codes.append(code)
            operator.opcodeIndex = self.codes.index(code)
        self.subgraphs.append(other._graph(f"subgraph{len(self.subgraphs) + 1}"))

    def _graph(self, name):
        graph = schema.SubGraphT()
        graph.name, graph.tensors, graph.operators = name.encode(), self.tensors, self.operators
        graph.inputs, graph.outputs = self.inputs, self.outputs
        return graph

    def bytes(self):
        """The file."""
        model = schema.ModelT()
        model.version, model.description, model.buffers = 3, b"made by a test", self.buffers
        model.operatorCodes = []
        for code, version in self.codes:
            made = schema.OperatorCodeT()
            made.builtinCode, made.deprecatedBuiltinCode, made.version = code, min(code, 127), version
            model.operatorCodes.append(made)
        model.subgraphs = [self._graph("main"), *self.subgraphs]
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
