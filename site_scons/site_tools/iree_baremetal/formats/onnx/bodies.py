"""The bodies of Scan, Loop and If: of what types their arguments are, and how their values are renamed."""

from onnx import AttributeProto, TensorProto, TypeProto


def bodies(node):
    """The GraphProtos in a NodeProto."""
    return [attribute.g for attribute in node.attribute if attribute.type == AttributeProto.GRAPH]


def type_arguments(graph, node):
    """Gives the arguments of a Scan's or Loop's body the types of what node hands over."""
    given = []
    if node.op == "Scan":
        carried = len(node.inputs) - node.get("num_scan_inputs")
        axes = node.get("scan_input_axes") or [0] * (len(node.inputs) - carried)
        given = [graph.type(name) for name in node.inputs[:carried]]
        given += [_slice(graph.type(name), axis) for name, axis in zip(node.inputs[carried:], axes)]
    elif node.op == "Loop":
        given = [_scalar(TensorProto.INT64), _scalar(TensorProto.BOOL), *(graph.type(name) for name in node.inputs[2:])]
    for body in bodies(node.proto):
        for value, type_ in zip(body.input, given):
            if type_ is not None:
                value.type.CopyFrom(type_)


def _scalar(dtype):
    type_ = TypeProto()
    type_.tensor_type.elem_type = dtype
    type_.tensor_type.shape.SetInParent()
    return type_


def _slice(type_, axis):
    """The type of an element along axis."""
    if type_ is None or not type_.tensor_type.HasField("shape"):
        return None
    made = TypeProto()
    made.CopyFrom(type_)
    del made.tensor_type.shape.dim[axis]
    return made


def rename(graph, names):
    """Renames, by names, what a body takes of the graph around it."""
    own = {v.name for v in graph.input} | {t.name for t in graph.initializer}
    own |= {name for node in graph.node for name in node.output}
    outer = {old: new for old, new in names.items() if old not in own}
    for node in graph.node:
        node.input[:] = [outer.get(name, name) for name in node.input]
        for body in bodies(node):
            rename(body, outer)
    for value in graph.output:
        value.name = outer.get(value.name, value.name)
