"""What the model's own engine answers: LiteRT's reference kernels.

Its answers differ between releases, and its optimized kernels from its reference kernels. Where weights are quantized and
activations are floats ("hybrid"), its kernels quantize activations as they run, each set of kernels in its own way; on a
board all but the weights is float. So it is given those weights dequantized: a float evaluation of the same graph.
"""

import functools
import re
import struct
from pathlib import Path

import numpy

from ...errors import BaremetalError
from ..options import parse_dims, parse_shapes
from . import importer, quantization, reading
from .flatbuffer import Table
from .shapes import shapes_of

_LACKING = re.compile(r"Didn't find op for builtin opcode '(\w+)'")
STEPS = 0  # integers are equal, bit for bit

_OPERATORS = ("CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "BATCH_MATMUL", "SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM",
              "UNIDIRECTIONAL_SEQUENCE_RNN", "BIDIRECTIONAL_SEQUENCE_LSTM", "LSTM", "RNN", "CONV_3D", "EMBEDDING_LOOKUP")  # fmt: skip


def answers(source, functions, calls, dims="", shapes=""):
    """(outputs, engine, words): what the model of the file source answers to calls, a list of arrays each, in order.

    functions: as of the plan; dims, shapes: as for the import. engine: its name and version; words: what is to be
    told of the answers.
    """
    import ai_edge_litert
    from ai_edge_litert import interpreter as litert

    model = reading.read(source)
    entries = dict(importer.entries(model))
    for function in functions:
        if function.name not in entries:
            raise BaremetalError(f"{source}: the model has no function {function.name}, which was built of it.")
    engine = f"LiteRT {ai_edge_litert.__version__}, reference kernels"
    lacks = _lacks(model)
    if lacks:
        return [None] * len(calls), engine, [f"not compared: {lacks}"]
    content, count = taken(Path(source).read_bytes(), model)
    words = [f"the weights of {count} operators are dequantized for it, as on the board"] if count else []
    sizes = shapes_of(model, list(entries.values()), parse_dims(dims), parse_shapes(shapes))
    try:
        made, lacking = interpreter(litert, content)
        if lacking:
            engine = engine.replace("reference", "default")
            words.append(f"{lacking} is not among LiteRT's reference kernels, so its default kernels answer")
        session = _Session(made, model, entries, sizes)
        results = [session.answer(functions[call.function], call) for call in calls]
    except (ValueError, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise BaremetalError(
            f"{source}: LiteRT cannot run the model: {said} Verify it against IREE alone: reference=iree."
        ) from error
    return results, engine, words


def interpreter(litert, content, **options):
    """(LiteRT's interpreter of the file's bytes content, the operator that its reference kernels lack or "").

    litert: its module. CEIL, ELU and ROUND are not among the reference kernels; where one is in the model, the default
    ones are taken, without delegates.
    """
    make = functools.partial(litert.Interpreter, model_content=content, num_threads=1, **options)
    try:
        return make(experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF), ""
    except ValueError as error:
        lacking = _LACKING.search(str(error))
        if not lacking:
            raise
        return make(experimental_op_resolver_type=litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES), lacking[1]


def _lacks(model):
    """What LiteRT would crash at, in words; ""."""
    for operator in (o for s in model.subgraphs for o in s.operators):
        if (
            operator.name == "SVDF"
            and len(operator.inputs) > 4
            and operator.inputs[4] is not None
            and operator.inputs[4].dtype == "int8"
        ):
            return f"{operator.label} has a state of int8, as TensorFlow Lite Micro takes it; LiteRT's is int16"
    return ""


class _Session:
    """An interpreter, for all calls: variables keep their content. entries: {function's name: subgraph}."""

    def __init__(self, interpreter, model, entries, sizes):
        self.interpreter, self.entries = interpreter, entries
        self.runners = {}
        if len(entries) > 1:
            self.runners = {name: interpreter.get_signature_runner(name) for name in entries}
            return
        (subgraph,) = entries.values()
        for tensor in subgraph.inputs:
            if sizes[tensor] != list(tensor.shape):
                interpreter.resize_tensor_input(tensor.index, sizes[tensor])
        interpreter.allocate_tensors()

    def answer(self, function, call):
        subgraph = self.entries[function.name]
        feeds = [_typed(array, tensor) for array, tensor in zip(call.inputs, subgraph.inputs)]
        if self.runners:
            return self._signature(function, subgraph, feeds)
        for tensor, array in zip(subgraph.inputs, feeds):
            self.interpreter.set_tensor(tensor.index, array.reshape(self._shape(tensor)))
        self.interpreter.invoke()
        return [
            _declared(self.interpreter.get_tensor(t.index), declared) for t, declared in zip(subgraph.outputs, function.outputs)
        ]

    def _shape(self, tensor):
        details = {d["index"]: d for d in self.interpreter.get_input_details()}
        return details[tensor.index]["shape"]

    def _signature(self, function, subgraph, feeds):
        runner = self.runners[function.name]
        names = {d["index"]: name for name, d in runner.get_input_details().items()}
        outputs = {d["index"]: name for name, d in runner.get_output_details().items()}
        found = runner(**{names[t.index]: array for t, array in zip(subgraph.inputs, feeds)})
        return [_declared(found[outputs[t.index]], declared) for t, declared in zip(subgraph.outputs, function.outputs)]


def _typed(array, tensor):
    return array.astype(bool) if tensor.dtype == "bool" else array


def _declared(array, tensor):
    """An output as the plan has it."""
    from ...verify.calls import numpy_dtype

    return numpy.array(array).astype(numpy_dtype(tensor)).reshape(tensor.shape)


def taken(content, model):
    """(the file's bytes as LiteRT takes them and computes what the board does, how many operators have floats as weights for that)."""
    return _dequantized(_accepted(content), model)


def _accepted(content):
    """The file's bytes with quantized dimensions that their tensors have; elsewhere LiteRT takes none of the file.

    Converters up to 2020 wrote those of the weights for the biases, too, as in TensorFlow Lite Micro's person_detect.tflite.
    Of one scale the dimension says nothing, and of a vector there is but one. Fields as in schema.fbs.
    """
    mended = bytearray(content)
    for subgraph in Table.root(content).tables(2):
        for tensor in subgraph.tables(0):
            quantized = tensor.table(4)
            place = quantized and quantized.place(6)
            rank, scales = len(tensor.array(0, "i4")), quantized and len(quantized.array(2, "f4"))
            if place and quantized.number(6, "i") >= max(rank, 1) and (rank == 1 or scales == 1):
                struct.pack_into("<i", mended, place, 0)
    return bytes(mended)


def _dequantized(content, model):
    """(the file's bytes with the weights of hybrid operators as floats, how many operators)."""
    hybrid = {(s.index, o.number): numbers for s in model.subgraphs for o in s.operators if (numbers := _weights(o))}
    if not hybrid:
        return content, 0
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    whole = schema.ModelT.InitFromPackedBuf(content, 0)
    for (index, number), inputs in hybrid.items():
        subgraph, known = whole.subgraphs[index], model.subgraphs[index]
        for place in inputs:
            tensor = known.operators[number].inputs[place]
            array = quantization.dequantized(tensor.data, tensor)
            whole.buffers.append(schema.BufferT())
            whole.buffers[-1].data = numpy.frombuffer(array.tobytes(), "u1")
            new = schema.TensorT()
            new.shape, new.type, new.name = list(tensor.shape), schema.TensorType.FLOAT32, f"{tensor.name} as floats"
            new.buffer = len(whole.buffers) - 1
            subgraph.tensors.append(new)
            places = list(subgraph.operators[number].inputs)
            places[place] = len(subgraph.tensors) - 1
            subgraph.operators[number].inputs = places
    builder = flatbuffers.Builder(len(content))
    builder.Finish(whole.Pack(builder), b"TFL3")
    return bytes(builder.Output()), len(hybrid)


def _weights(operator):
    """The numbers of the inputs that are quantized constants beside float activations."""
    data = 2 if operator.name == "TRANSPOSE_CONV" else 0
    first = operator.inputs[data] if len(operator.inputs) > data else None
    if operator.name not in _OPERATORS or first is None or first.dtype != "float32":
        return []
    return [n for n, t in enumerate(operator.inputs) if t is not None and t.data is not None and t.is_quantized]
