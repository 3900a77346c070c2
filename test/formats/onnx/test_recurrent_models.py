"""LSTM, GRU and RNN as a user's model has them, against ONNX Runtime; their turns are a loop of the table."""

import numpy
import onnx_models
import pytest
from iree_baremetal.codegen import constants, source
from onnx.helper import make_node
from onnx_models import model, value

GENERATOR = numpy.random.default_rng(0)
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def uniform(*shape):
    return GENERATOR.uniform(-1, 1, shape).astype("f4")


def recurrent(operator, steps, inputs=3, hidden=4, directions=1, largest=1, **attributes):
    """A model of one node, all its outputs at the border. largest: its weights; large ones of many states make it chaotic."""
    gates = GATES[operator]
    weights = {"W": uniform(directions, gates * hidden, inputs), "R": uniform(directions, gates * hidden, hidden)}
    weights["B"] = uniform(directions, 2 * gates * hidden)
    weights = {name: array * numpy.float32(largest) for name, array in weights.items()}
    names = ["y", "y_h", "y_c"][: 3 if operator == "LSTM" else 2]
    outputs = [value("y", [steps, directions, 1, hidden]), *(value(name, [directions, 1, hidden]) for name in names[1:])]
    node = make_node(operator, ["x", *weights], names, hidden_size=hidden, **attributes)
    return model([node], [value("x", [steps, 1, inputs])], outputs, **weights)


def table(plan):
    """Bytes of the first function's table, and of the constants beside it."""
    steps = source._Routine(plan, plan.functions[0], "f", constants.blocks(plan, False)).steps
    return sum(len(content) for _, content in steps.bytes()) + 4 * len(steps.words)


@pytest.mark.parametrize("operator", GATES)
def test_a_hundred_steps_take_less_than_a_kilobyte(tmp_path, operator):
    # Dead memory is poisoned: the places that turns share hold nothing for one another but what they leave on purpose.
    plan = onnx_models.check(tmp_path, recurrent(operator, 100), defines=["-DIREE_DIRECT_POISON"], count=2)
    assert len(plan.functions[0].steps) >= 200 and table(plan) < 1024


@pytest.mark.parametrize("operator", ["LSTM", "GRU"])
def test_both_directions_of_twenty_steps_take_less_than_a_kilobyte(tmp_path, operator):
    plan = onnx_models.plan_of(tmp_path, recurrent(operator, 20, inputs=6, hidden=12, directions=2, direction="bidirectional"))
    assert table(plan) < 700


@pytest.mark.parametrize("operator", GATES)
def test_the_arena_does_not_grow_with_the_steps_without_end(tmp_path, operator):
    made = recurrent(operator, 150, inputs=5, hidden=40, largest=0.15)
    plan = onnx_models.check(tmp_path, made, defines=["-DIREE_DIRECT_POISON"])
    assert plan.functions[0].arena_size < 2048 and table(plan) < 1024  # the input's products are of 24,000 bytes and more


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_any_number_of_steps(tmp_path, steps):
    onnx_models.check(tmp_path, recurrent("LSTM", steps, hidden=5))


def test_the_table_does_not_grow_with_the_steps(tmp_path):
    found = []
    for steps in (30, 90):
        (tmp_path / str(steps)).mkdir()
        plan = onnx_models.plan_of(tmp_path / str(steps), recurrent("GRU", steps))
        found.append(table(plan))
    assert abs(found[0] - found[1]) < 8  # only longer numbers


def test_a_stack_of_both_directions(tmp_path):
    weights = {"W": uniform(2, 16, 3), "R": uniform(2, 16, 4), "V": uniform(1, 16, 8), "S": uniform(1, 16, 4)}
    nodes = [
        make_node("LSTM", ["x", "W", "R"], ["a"], hidden_size=4, direction="bidirectional"),
        make_node("Transpose", ["a"], ["b"], perm=[0, 2, 1, 3]),
        make_node("Reshape", ["b", "shape"], ["c"]),
        make_node("LSTM", ["c", "V", "S"], ["", "y"], hidden_size=4),
    ]
    made = model(nodes, [value("x", [20, 1, 3])], [value("y", [1, 1, 4])], shape=numpy.array([20, 1, 8]), **weights)
    assert table(onnx_models.check(tmp_path, made)) < 3072
