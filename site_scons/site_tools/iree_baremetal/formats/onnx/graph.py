"""What a graph holds, by ONNX's own terms."""


def inputs_of(model):
    """The inputs that a caller gives: those without an initializer."""
    constants = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in constants]
