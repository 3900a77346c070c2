"""ONNX to MLIR: fixes dynamic dimensions, then lets iree-import-onnx do the work.

Needs the package ``onnx``.
"""

import json
import math
import re
import subprocess
import tempfile
from pathlib import Path

from .. import compiler
from ..errors import BaremetalError

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit): ")

_LARGEST = 2**31 - 1  # what a dimension can be on a 32-bit board


def parse_dims(text):
    """{"batch": 1} from "batch=1"; several are separated by commas, and "*" stands for all others."""
    named = _named("dims", text, f"NAME=SIZE with a size from 1 to {_LARGEST}")
    return {name: extents[0] for name, extents in named.items()}


def parse_shapes(text):
    """{"image": (1, 8, 8)} from "image=1x8x8"; several are separated by commas."""
    return _named("shapes", text, f"NAME=AxBxC with sizes from 1 to {_LARGEST}", "x")


def _named(option, text, form, separator=None):
    """{name: sizes} of an option's text; an error says which part is not of the form."""
    result = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        name, sizes = name.strip(), value.split(separator) if separator else [value]
        # int() takes what is no size of anything: 1_0, a sign.
        if not name or not all(size.strip().isdecimal() and 0 < int(size) <= _LARGEST for size in sizes):
            raise BaremetalError(f"{option}={text}: '{part}' is not {form}.")
        if name in result:
            raise BaremetalError(f"{option}={text}: '{name}' is given twice.")
        result[name] = tuple(map(int, sizes))
    return result


def parse_opset(text):
    """The number of an opset from text; 0 for none."""
    if not str(text).isdecimal():
        raise BaremetalError(f"opset={text}: not the number of an opset, as in 17, or 0 to leave the model's.")
    return int(text)


def _inputs(model):
    constants = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in constants]


def fix_dimensions(path, model, dims, shapes):
    """Gives every dynamic dimension of model's inputs its size; an error names one that has none."""
    inputs = _inputs(model)
    for name in shapes:
        if name not in [value.name for value in inputs]:
            raise BaremetalError(f"{path}: shapes={name}=…: no such input. Inputs: {', '.join(v.name for v in inputs)}.")
    found = set()
    for value in inputs:
        shape = shapes.get(value.name)
        extents = value.type.tensor_type.shape.dim
        if shape and len(shape) != len(extents):
            raise BaremetalError(f"{path}: shapes={value.name}=… has {len(shape)} dimensions, the input {len(extents)}.")
        for position, extent in enumerate(extents):
            if extent.dim_value > 0:
                if shape and shape[position] != extent.dim_value:
                    raise BaremetalError(
                        f"{path}: input {value.name}, dimension {position} is {extent.dim_value} in the model, "
                        f"{shape[position]} in shapes=."
                    )
                continue
            name = extent.dim_param
            found.add(name)
            size = shape[position] if shape else dims.get(name, dims.get("*"))
            if size is None:
                named = f" ('{name}')" if name else ""
                mend = f"dims={name}=1, or " if name else ""
                raise BaremetalError(
                    f"{path}: input {value.name}, dimension {position}{named} is dynamic. Fix it: {mend}shapes={value.name}=1x…."
                )
            extent.dim_value = size
    for name in dims:
        if name not in found and name != "*":
            known = f"Dynamic dimensions: {', '.join(sorted(found))}." if found else "It has no dynamic dimension."
            raise BaremetalError(f"{path}: dims={name}=…: the model has no such dimension. {known}")


def _is_unsigned(value):
    import onnx

    return onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type).startswith("UINT")


def _quantization(model):
    """tensor name -> "scale …, zero point …" where it is quantized at the model's border."""
    import onnx.numpy_helper

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


def read(source, dims="", shapes=""):
    """The ONNX model of the file source, its inputs of the sizes given; `BaremetalError` unless it is one."""
    import onnx

    try:
        model = onnx.load(source, load_external_data=False)
        if not model.ByteSize():
            raise ValueError("it is empty")
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf's DecodeError, the checker's ValidationError, OSError
        raise BaremetalError(f"{source} is not a valid ONNX model: {_first_line(error)}") from error
    _check_model(source, model)
    fix_dimensions(source, model, parse_dims(dims), parse_shapes(shapes))
    # Shapes of inner values and outputs were those of the dynamic model: infer them again.
    del model.graph.value_info[:]
    for output in model.graph.output:
        for extent in output.type.tensor_type.shape.dim:
            if extent.WhichOneof("value") != "dim_value":
                extent.Clear()
    return model


def _first_line(error):
    """The first line that says something: some messages begin with a blank one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _check_model(source, model):
    """A `BaremetalError` for an opset that onnx does not know, weights of a wrong size,
    and for an input or output that C cannot have.
    """
    import onnx

    newest = onnx.defs.onnx_opset_version()
    for opset in model.opset_import:
        if opset.domain in ("", "ai.onnx") and not 0 < opset.version <= newest:
            raise BaremetalError(f"{source}: the model is of opset {opset.version}; onnx {onnx.__version__} knows 1 to {newest}.")
    for tensor in model.graph.initializer:
        try:
            size = math.prod(tensor.dims) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        except (KeyError, ValueError, TypeError):
            raise BaremetalError(f"{source}: tensor {tensor.name} has elements of type number {tensor.data_type}, which is none.") from None
        if len(tensor.raw_data) > size and tensor.data_type != onnx.TensorProto.STRING:
            raise BaremetalError(f"{source}: tensor {tensor.name} has more data than its shape, {list(tensor.dims)}, holds.")
    if not model.graph.output:
        raise BaremetalError(f"{source}: the model has no output.")
    for kind, values in (("input", _inputs(model)), ("output", model.graph.output)):
        for value in values:
            what = f"{source}: {kind} {value.name}"
            if value.type.WhichOneof("value") != "tensor_type":
                raise BaremetalError(f"{what} is no tensor; only tensors can be passed to a board.")
            dtype, names = value.type.tensor_type.elem_type, onnx.TensorProto.DataType
            if dtype not in names.values() or names.Name(dtype) in ("UNDEFINED", "STRING"):
                known = names.Name(dtype) if dtype in names.values() else f"number {dtype}"
                raise BaremetalError(f"{what} has elements of type {known}; a board takes and gives numbers.")


def import_onnx(source, target, iree_compile, dims="", shapes="", opset="0"):
    """Writes source (.onnx) as MLIR to target, and the names of its tensors beside it (.names.json)."""
    import onnx

    model, opset, newest = read(source, dims, shapes), parse_opset(opset), onnx.defs.onnx_opset_version()
    if opset > newest:
        raise BaremetalError(f"opset={opset}: the newest that onnx {onnx.__version__} knows is {newest}.")
    names = json.dumps(describe(source, model), indent=1) + "\n"
    tool = compiler.find("iree-import-onnx", str(Path(iree_compile).parent))
    with tempfile.TemporaryDirectory() as folder:
        fixed = Path(folder) / Path(source).name
        onnx.save(model, fixed)
        command = [tool, str(fixed), "-o", str(target), "--data-dir", str(Path(source).absolute().parent)]
        if opset:
            command += ["--opset-version", str(opset)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        Path(target).unlink(missing_ok=True)
        raise BaremetalError(f"{source}: iree-import-onnx failed: {_reason(done.stderr or done.stdout)}")
    Path(target).with_suffix(".names.json").write_text(names)


def _reason(text):
    """The exception at the end of what a Python program said, without where in it."""
    lines = text.strip().splitlines() or ["it said nothing"]
    last = max((n for n, line in enumerate(lines) if _EXCEPTION.match(line)), default=-5)
    return "\n".join(lines[last:][:5])


def describe(source, model):
    """What C code wants to know of the model: names, notes and signs of its tensors, names of its nodes."""
    try:
        notes = _quantization(model)
    except (ValueError, TypeError, IndexError) as error:  # of numbers that are not as their type and shape say
        raise BaremetalError(f"{source}: a scale or zero point cannot be read: {_first_line(error)}") from error
    tensors = {
        key: [{"name": v.name, "note": notes.get(v.name, ""), "unsigned": _is_unsigned(v)} for v in values]
        for key, values in (("inputs", _inputs(model)), ("outputs", model.graph.output))
    }
    tensors["nodes"] = {}
    # Unnamed nodes go by what they compute.
    for node in model.graph.node:
        tensors["nodes"].setdefault(node.op_type, []).append(node.name or ", ".join(node.output))
    return tensors
