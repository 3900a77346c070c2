"""Reads an .onnx file, and refuses what is none or cannot be on a board."""

import math

import onnx

from ...errors import BaremetalError
from ..options import parse_dims, parse_shapes
from .classes import answerable
from .dimensions import fix_dimensions
from .graph import inputs_of


def read(source, dims="", shapes=""):
    """The ONNX model of the file source, its inputs of the sizes given; `BaremetalError` unless it is one."""
    try:
        model = onnx.load(source)  # weights beside the file, too
        if not model.ByteSize():
            raise ValueError("it is empty")
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf's DecodeError, the checker's ValidationError, OSError
        raise BaremetalError(f"{source} is not a valid ONNX model: {first_line(error)}") from error
    answerable(model)
    _check_model(source, model)
    fix_dimensions(source, model, parse_dims(dims), parse_shapes(shapes))
    # Shapes of inner values and outputs were those of the dynamic model: infer them again.
    del model.graph.value_info[:]
    for output in model.graph.output:
        for extent in output.type.tensor_type.shape.dim:
            if extent.WhichOneof("value") != "dim_value":
                extent.Clear()
    return model


def first_line(error):
    """The first line that says something: some messages begin with a blank one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _check_model(source, model):
    """A `BaremetalError` for an opset that onnx does not know, weights of a wrong size,
    and for an input or output that C cannot have.
    """
    newest = onnx.defs.onnx_opset_version()
    for opset in model.opset_import:
        if opset.domain in ("", "ai.onnx") and not 0 < opset.version <= newest:
            raise BaremetalError(f"{source}: the model is of opset {opset.version}; onnx {onnx.__version__} knows 1 to {newest}.")
    for tensor in model.graph.initializer:
        try:
            size = math.prod(tensor.dims) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        except (KeyError, ValueError, TypeError):
            raise BaremetalError(
                f"{source}: tensor {tensor.name} has elements of type number {tensor.data_type}, which is none."
            ) from None
        if len(tensor.raw_data) > size and tensor.data_type != onnx.TensorProto.STRING:
            raise BaremetalError(f"{source}: tensor {tensor.name} has more data than its shape, {list(tensor.dims)}, holds.")
    if not model.graph.output:
        raise BaremetalError(f"{source}: the model has no output.")
    for kind, values in (("input", inputs_of(model)), ("output", model.graph.output)):
        for value in values:
            what = f"{source}: {kind} {value.name}"
            if value.type.WhichOneof("value") != "tensor_type":
                raise BaremetalError(f"{what} is no tensor; only tensors can be passed to a board.")
            dtype, names = value.type.tensor_type.elem_type, onnx.TensorProto.DataType
            if dtype not in names.values() or names.Name(dtype) in ("UNDEFINED", "STRING"):
                known = names.Name(dtype) if dtype in names.values() else f"number {dtype}"
                raise BaremetalError(f"{what} has elements of type {known}; a board takes and gives numbers.")
