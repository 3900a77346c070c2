"""Operators along a time axis: ReverseSequence, and loops that IREE's importer takes only as Scan."""

import numpy as np
import onnx
from onnx import TensorProto

from . import rule


@rule("ReverseSequence")
def reverse_sequence(graph, node):
    """GatherElements: of each sequence, what stands as far from its end."""
    x, lengths, shape = node.input(0), node.input(1), graph.shape(node.input(0))
    if shape is None:
        return None
    batch, time = node.get("batch_axis", 1), node.get("time_axis", 0)
    length = graph.add("Reshape", lengths, graph.ints(*[-1 if n == batch else 1 for n in range(len(shape))]))
    steps = graph.constant(np.arange(shape[time]).reshape([-1 if n == time else 1 for n in range(len(shape))]), np.int64)
    turned = graph.add("Sub", graph.add("Sub", length, graph.constant(1, np.int64)), steps)
    places = graph.add("Where", graph.add("Less", steps, length), turned, steps)
    return graph.add("GatherElements", x, graph.add("Expand", places, graph.ints(*shape)), axis=time)


@rule("Loop")
def counted_loop(graph, node):
    """A loop of a known number of turns as a Scan over their numbers."""
    count, going, body = graph.value(node.input(0)), node.input(1), node.proto.attribute[0].g
    if count is None or (going and graph.value(going) is None) or (going and not graph.value(going).all()):
        return None
    if not _goes_on(graph, body):
        return None
    carried = len(node.inputs) - 2
    made = onnx.GraphProto.FromString(body.SerializeToString())
    turn, again, *states = made.input
    condition = onnx.helper.make_tensor(again.name, TensorProto.BOOL, [], [True])
    turn.type.tensor_type.elem_type = TensorProto.INT64
    del made.input[:], made.output[:]
    made.input.extend([*states, turn])
    made.output.extend(body.output[1:])
    made.initializer.append(condition)
    turns = graph.constant(np.arange(int(count.item())), np.int64)
    return (
        graph.add("Scan", *node.inputs[2:], turns, outputs=len(node.outputs), body=made, num_scan_inputs=1) if carried else None
    )


def _goes_on(graph, body):
    """Whether the condition that body gives is always true: a constant, or what it was given."""
    name, constants = body.output[0].name, {t.name: onnx.numpy_helper.to_array(t) for t in body.initializer}
    makers = {output: node for node in body.node for output in node.output}
    while name in makers and makers[name].op_type == "Identity":
        name = makers[name].input[0]
    if name in makers and makers[name].op_type == "Constant":
        return bool(onnx.numpy_helper.to_array(makers[name].attribute[0].t).all())
    known = constants.get(name, graph.value(name) if name not in makers else None)
    return name == body.input[1].name or known is not None and bool(known.all())
