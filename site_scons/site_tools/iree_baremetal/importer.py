"""ONNX to MLIR: fixes dynamic dimensions, then lets iree-import-onnx do the work.

Needs the package ``onnx``.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from . import compiler
from .errors import BaremetalError


def parse_dims(text):
    """{"batch": 1} from "batch=1"; several are separated by commas, and "*" stands for all others."""
    result = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        if not value.strip().isdigit() or int(value) < 1:
            raise BaremetalError(f"dims={text}: '{part}' is not NAME=SIZE with a size of at least 1.")
        result[name.strip()] = int(value)
    return result


def parse_shapes(text):
    """{"image": (1, 8, 8)} from "image=1x8x8"; several are separated by commas."""
    result = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        extents = value.strip().split("x")
        if not all(e.isdigit() and int(e) > 0 for e in extents):
            raise BaremetalError(f"shapes={text}: '{part}' is not NAME=AxBxC with sizes of at least 1.")
        result[name.strip()] = tuple(map(int, extents))
    return result


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


def import_onnx(source, target, iree_compile, dims="", shapes="", opset=0):
    """Writes source (.onnx) as MLIR to target, and the names of its tensors beside it (.names.json)."""
    import onnx

    try:
        model = onnx.load(source, load_external_data=False)
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf's DecodeError, the checker's ValidationError, OSError
        raise BaremetalError(f"{source} is not a valid ONNX model: {str(error).strip().splitlines()[0]}") from error
    fix_dimensions(source, model, parse_dims(dims), parse_shapes(shapes))
    # Shapes of inner values and outputs were those of the dynamic model: infer them again.
    del model.graph.value_info[:]
    for output in model.graph.output:
        for extent in output.type.tensor_type.shape.dim:
            if extent.WhichOneof("value") != "dim_value":
                extent.Clear()
    tool = compiler.find("iree-import-onnx", str(Path(iree_compile).parent))
    with tempfile.TemporaryDirectory() as folder:
        fixed = Path(folder) / Path(source).name
        onnx.save(model, fixed)
        command = [tool, str(fixed), "-o", str(target), "--data-dir", str(Path(source).absolute().parent)]
        if opset:
            command += ["--opset-version", str(opset)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        Path(target).unlink(missing_ok=True)
        lines = (done.stderr or done.stdout).strip().splitlines()
        crashed = any(line.startswith("Traceback ") for line in lines)  # then the last line says why
        raise BaremetalError(f"{source}: iree-import-onnx failed: " + "\n".join(lines[-1 if crashed else -5 :]))
    notes = _quantization(model)
    tensors = {
        key: [{"name": v.name, "note": notes.get(v.name, ""), "unsigned": _is_unsigned(v)} for v in values]
        for key, values in (("inputs", _inputs(model)), ("outputs", model.graph.output))
    }
    tensors["nodes"] = {}
    # Unnamed nodes go by what they compute.
    for node in model.graph.node:
        tensors["nodes"].setdefault(node.op_type, []).append(node.name or ", ".join(node.output))
    Path(target).with_suffix(".names.json").write_text(json.dumps(tensors, indent=1) + "\n")
