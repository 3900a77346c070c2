"""A node of an ONNX graph, read by name; and why one cannot be built."""

import onnx


class Refused(Exception):
    """A node that IREE would answer wrongly or cannot take: the message is the reason, and what to do."""


class Node:
    """A NodeProto: op, domain, name (or what it computes), inputs and outputs ("" where one is absent), attributes."""

    def __init__(self, proto):
        self.proto = proto
        self.op, self.domain = proto.op_type, "" if proto.domain == "ai.onnx" else proto.domain
        self.inputs, self.outputs = list(proto.input), list(proto.output)
        self.name = proto.name or ", ".join(filter(None, proto.output))
        self.attributes = {a.name: onnx.helper.get_attribute_value(a) for a in proto.attribute}

    def input(self, position):
        """The input at position, "" where it is absent."""
        return self.inputs[position] if position < len(self.inputs) else ""

    def wants(self, position):
        """Whether there is an output at position."""
        return position < len(self.outputs) and self.outputs[position] != ""

    def get(self, name, default=None):
        """An attribute: numbers, text (as str), a tensor, or a list of such."""
        value = self.attributes.get(name, default)
        if isinstance(value, bytes):
            return value.decode(errors="replace")
        if isinstance(value, list):
            return [v.decode(errors="replace") if isinstance(v, bytes) else v for v in value]
        return value
