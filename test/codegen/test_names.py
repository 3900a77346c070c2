"""C names: valid, distinct, and none that the generated code uses itself."""

import pytest
from iree_baremetal.codegen import names
from iree_baremetal.plan.kernels import Kernel
from iree_baremetal.plan.model import Function, Plan


def plan(*functions, kernels=()):
    made = [Kernel(symbol, 0, 0, (1, 1, 1), 0) for symbol in kernels]
    return Plan("net", [Function(name, [], [], [], []) for name in functions], made, b"", [])


@pytest.mark.parametrize(
    "text, expected",
    [("image", "image"), ("conv1/out:0", "conv1_out_0"), ("1st", "_1st"), ("größe", "gr_e"), ("//", "x"), ("f$async", "f_async")],
)
def test_any_text_becomes_an_identifier(text, expected):
    assert names.identifier(text) == expected


def test_parameters_are_distinct_and_no_keywords():
    assert names.unique(["x", "x", "x:2", "x_2"]) == ["x", "x_2", "x_2_2", "x_2_3"]
    for keyword in ("int", "class", "new", "lambda", "arena", "bindings", "constants"):
        assert names.unique([keyword]) == [f"{keyword}_2"]


def test_functions_carry_the_models_name():
    assert names.functions(plan("main", "class", "f")) == ["net_main", "net_class", "net_f"]


def test_functions_take_no_name_that_is_generated():
    assert names.functions(plan("arena", "weights", "initialize")) == ["net_arena_2", "net_weights_2", "net_initialize_2"]
    assert names.functions(plan("f", "f_in")) == ["net_f", "net_f_in_2"]  # net_f_in is f with an arena
    assert names.functions(plan("f_in", "f")) == ["net_f_in", "net_f_2"]


def test_kernels_are_distinct_among_models_and_from_functions():
    made = plan("f", "f_dispatch_1", kernels=["f$async_dispatch_0", "f_dispatch_0", "f_dispatch_1"])
    assert names.kernels(made) == {
        "f$async_dispatch_0": "net_f_dispatch_0",
        "f_dispatch_0": "net_f_dispatch_0_2",
        "f_dispatch_1": "net_f_dispatch_1_2",
    }
