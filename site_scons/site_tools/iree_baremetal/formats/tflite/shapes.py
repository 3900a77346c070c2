"""The shapes of a model's inputs: those of the file, with sizes for dynamic dimensions."""

from ...errors import BaremetalError


def shapes_of(model, subgraphs, dims, shapes):
    """{input: its shape} of subgraphs. A dynamic dimension that neither dims ({"*": size}) nor shapes
    ({input: sizes}) gives a size keeps that of the file, which converters write as 1."""
    inputs = [t for subgraph in subgraphs for t in subgraph.inputs]
    names = {t.name or f"input{n}": t for subgraph in subgraphs for n, t in enumerate(subgraph.inputs)}
    for name in shapes:
        if name not in names:
            raise BaremetalError(f"{model.source}: shapes={name}=…: no such input. Inputs: {', '.join(names)}.")
    for name in dims:
        if name != "*":
            raise BaremetalError(
                f"{model.source}: dims={name}=…: dimensions of a .tflite file have no names; dims=*=SIZE is for all that are dynamic."
            )
    named = {tensor: name for name, tensor in names.items()}
    return {t: _shape(model, t, named.get(t, t.name), dims, shapes) for t in inputs}


def _shape(model, tensor, name, dims, shapes):
    wanted = shapes.get(name)
    if wanted and len(wanted) != len(tensor.shape):
        raise BaremetalError(f"{model.source}: shapes={name}=… has {len(wanted)} dimensions, the input {len(tensor.shape)}.")
    result = []
    for position, (extent, declared) in enumerate(zip(tensor.shape, tensor.signature)):
        if declared >= 0:
            if wanted and wanted[position] != declared:
                raise BaremetalError(
                    f"{model.source}: input {name}, dimension {position} is {declared} in the model, {wanted[position]} in shapes=."
                )
            result.append(declared)
            continue
        result.append(wanted[position] if wanted else dims.get("*", extent))
        if not result[-1]:
            raise BaremetalError(
                f"{model.source}: input {name}, dimension {position} is dynamic. Fix it: dims=*=1, or shapes={name}=1x…."
            )
    return result
