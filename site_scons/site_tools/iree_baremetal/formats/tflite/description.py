"""What C code and messages want to know of a model: names, signs and quantization of its tensors."""


def describe(functions):
    """The content of .names.json for functions, [(name, subgraph)]."""
    nodes = {}
    for operator in (o for _, subgraph in functions for o in subgraph.operators):
        outputs = ", ".join(t.name or str(t.index) for t in operator.outputs)
        nodes.setdefault(operator.name, []).append(outputs)
    tensors = {name: _tensors(subgraph) for name, subgraph in functions}
    several = {"functions": tensors} if len(functions) > 1 else {}
    return {**tensors[functions[0][0]], "nodes": nodes, **several}


def _tensors(subgraph):
    sides = (("inputs", subgraph.inputs), ("outputs", subgraph.outputs))
    return {key: [_tensor(t, f"{key[:-1]}{n}") for n, t in enumerate(values)] for key, values in sides}


def _tensor(tensor, name):
    known = tensor.is_quantized and tensor.scale is not None
    return {
        "name": tensor.name or name,
        "note": f"scale {tensor.scale:.8g}, zero point {tensor.zero}" if known else "",
        "unsigned": tensor.dtype.startswith("uint"),
        "scale": tensor.scale if known else None,
        "zero_point": tensor.zero if known else None,
        "rounding": "away",
    }
