"""Gives the dynamic dimensions of an ONNX model their sizes."""

from ...errors import BaremetalError
from .graph import inputs_of


def fix_dimensions(path, model, dims, shapes):
    """Gives every dynamic dimension of model's inputs its size, but for those that stay dynamic; an error names one without."""
    inputs = inputs_of(model)
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
            if not shape and dims.get(name, dims.get("*", 0)) is None:
                extent.ClearField("dim_value")
                continue
            size = shape[position] if shape else dims.get(name, dims.get("*"))
            if size is None:
                named = f" ('{name}')" if name else ""
                mend = f"dims={name}=1, or " if name else ""
                if extent.WhichOneof("value") == "dim_value":
                    raise BaremetalError(
                        f"{path}: input {value.name}, dimension {position} is of size {extent.dim_value}: it would hold nothing. "
                        f"Where that stands for any size, fix it: shapes={value.name}=1x…."
                    )
                raise BaremetalError(
                    f"{path}: input {value.name}, dimension {position}{named} is dynamic. Fix it: {mend}shapes={value.name}=1x…. "
                    f"On IREE's runtime it may stay so: dims={name or '*'}=? (docs/runtime.md)."
                )
            extent.dim_value = size
    for name in dims:
        if name not in found and name != "*":
            known = f"Dynamic dimensions: {', '.join(sorted(found))}." if found else "It has no dynamic dimension."
            raise BaremetalError(f"{path}: dims={name}=…: the model has no such dimension. {known}")
