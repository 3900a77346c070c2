"""A quantized model whose caller passes integers: the nodes that convert at its border taken out."""

from ..graph import inputs_of

# What only moves elements, one tensor to one: quantizing before or after is the same.
_MOVES = ("Reshape", "Transpose", "Flatten", "Squeeze", "Unsqueeze", "Identity")


def to_integers(model):
    """Makes inputs and outputs of model that are quantized at once integers; the names of the others."""
    left = []
    for value in inputs_of(model):
        node = _quantizer(model.graph, value.name)
        if node is None:
            left.append(value.name)
            continue
        _rename(model.graph, node.output[0], node.input[0])
        value.type.tensor_type.elem_type = _type_of(model.graph, node.input[2])
        model.graph.node.remove(node)
    for value in model.graph.output:
        node = _producer(model.graph, value.name)
        while node is not None and node.op_type in _MOVES:
            node = _producer(model.graph, node.input[0])
        if node is None or node.op_type != "DequantizeLinear":
            left.append(value.name)
            continue
        value.type.tensor_type.elem_type = _type_of(model.graph, node.input[2])
        if node.output[0] == value.name:
            before = _producer(model.graph, node.input[0])
            _rename(model.graph, before.output[0], value.name)
            before.output[0] = value.name
        else:
            _rename(model.graph, node.output[0], node.input[0])
        model.graph.node.remove(node)
    del model.graph.value_info[:]  # of the types that were
    return left


def _quantizer(graph, name):
    """The QuantizeLinear that is all that becomes of the tensor, by way of nodes that move elements; or None."""
    users = [node for node in graph.node if name in node.input]
    if len(users) != 1:
        return None
    if users[0].op_type == "QuantizeLinear":
        return users[0]
    return _quantizer(graph, users[0].output[0]) if users[0].op_type in _MOVES and users[0].input[0] == name else None


def _producer(graph, name):
    return next((node for node in graph.node if name in node.output), None)


def _rename(graph, old, new):
    for node in graph.node:
        for position, name in enumerate(node.input):
            if name == old:
                node.input[position] = new


def _type_of(graph, zero_point):
    return next(tensor.data_type for tensor in graph.initializer if tensor.name == zero_point)
