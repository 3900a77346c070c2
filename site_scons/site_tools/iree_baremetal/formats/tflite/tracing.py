"""A .tflite model with its inner tensors as outputs, to find the first operator that is misread."""

from pathlib import Path

import numpy

from ...errors import BaremetalError
from ...plan.model import Function, Tensor
from ...verify.calls import dtype_of
from ..options import parse_dims, parse_shapes
from . import importer, reading, reference
from .shapes import shapes_of

_NO_NUMBERS = ("resource", "variant", "string")


def expose(source, functions, calls, dims, shapes, target, skip=()):
    """Writes the model of the file source to target with all its inner tensors as outputs, but those of skip.

    ([(tensor's name, operator that makes it)] in the operators' order, functions with these outputs, what LiteRT gives
    for them in each call, its name).
    """
    model = reading.read(source)
    entries = importer.entries(model)
    if len(entries) > 1:
        raise BaremetalError(
            f"{source}: trace=1 looks into models of one function; this has {len(entries)}: {', '.join(n for n, _ in entries)}."
        )
    ((_, subgraph),) = entries
    sizes = shapes_of(model, [subgraph], parse_dims(dims), parse_shapes(shapes))
    made = _inner(subgraph, skip)
    content = _with_outputs(Path(source).read_bytes(), subgraph, list(made), sizes)
    Path(target).write_bytes(content)
    tensors = [
        Tensor(name, dtype_of(numpy.dtype(t.dtype)), shape)
        for (t, (name, _)), shape in zip(made.items(), _shapes(content, model, made))
    ]
    exposed = [Function(functions[0].name, functions[0].inputs, tensors, [], [])]
    outputs, engine, words = reference.answers(target, exposed, calls)
    if None in outputs:
        raise BaremetalError(f"{source}: {' '.join(words)}")
    return list(made.values()), exposed, outputs, engine


def _inner(subgraph, skip):
    """{tensor: (its name, which no other has; the operator that makes it)}."""
    made, names = {}, set(skip)
    for operator in subgraph.operators:
        for tensor in operator.outputs:
            name = tensor.name or f"tensor {tensor.index}"
            name = name if name not in names - set(skip) else f"{name} (tensor {tensor.index})"
            if tensor.dtype not in _NO_NUMBERS and name not in skip:
                made[tensor] = name, operator.label
                names.add(name)
    return made


def _with_outputs(content, subgraph, tensors, sizes):
    """The file's bytes with tensors as outputs of subgraph, and the sizes of its inputs fixed."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    whole = schema.ModelT.InitFromPackedBuf(content, 0)
    whole.signatureDefs = None
    found = whole.subgraphs[subgraph.index]
    found.outputs = [t.index for t in tensors]
    for tensor in subgraph.inputs:
        found.tensors[tensor.index].shape = list(sizes[tensor])
        found.tensors[tensor.index].shapeSignature = None
    builder = flatbuffers.Builder(len(content))
    builder.Finish(whole.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _shapes(content, model, tensors):
    """The shape of each of tensors, as LiteRT has it."""
    from ai_edge_litert import interpreter as litert

    interpreter, _ = reference.interpreter(litert, reference.taken(content, model)[0])
    interpreter.allocate_tensors()
    shapes = {details["index"]: details["shape"] for details in interpreter.get_tensor_details()}
    return [tuple(int(n) for n in shapes[t.index]) for t in tensors]
