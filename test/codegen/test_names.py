"""C names: valid, distinct, and none that the generated code uses itself."""

from pathlib import Path

import pytest
from iree_baremetal.codegen import names, reserved
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.kernels import Kernel
from iree_baremetal.plan.model import Function, Plan, Tensor


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
    for keyword in "int class new true false asm xor bool typeof linux arena bases bindings constants lengths words".split():
        assert names.unique([keyword]) == [f"{keyword}_2"]


def tensor(name, shape=(1,)):
    return Tensor(name, "f32", shape)


def test_parameters():
    assert names.parameters([tensor("INPUT"), tensor("lengths"), tensor("x")]) == ["input", "lengths_2", "x"]
    # What a tensor of dynamic shape brings with it.
    assert names.parameters([tensor("x", (None,)), tensor("x_shape")]) == ["x", "x_shape_2"]


@pytest.mark.parametrize("taken", ["net_weights", "net_f_in", "net_matmul"])
def test_a_tensor_that_would_hide_what_is_generated(taken):
    made = plan("f", kernels=["matmul"])
    made.functions[0].inputs = [tensor(taken)]
    with pytest.raises(
        BaremetalError, match=f"tensor '{taken}' of @f is called as what is made of model 'net'. Give the model another name."
    ):
        names.check(made)


@pytest.mark.parametrize("name", ["string", "math", "Time", "board", "iree_model", "heap", "arm_mve"])
def test_headers_that_a_model_must_not_hide(name):
    assert reserved.owner(name)


def test_every_standard_header_is_known():
    folders = [
        Path("/usr/lib/gcc/arm-none-eabi"),
        Path("/usr/lib/gcc/riscv64-unknown-elf"),
        Path("/usr/include/newlib"),
        Path("/usr/lib/picolibc"),
    ]
    files = [path for folder in folders for path in folder.rglob("*.h") if path.parent.name in ("include", "newlib")]
    found = {path.stem for path in files if "plugin" not in path.parts}
    internal = {n for n in found if n.startswith("_") or n.startswith(("gcov", "stdint-", "stdio-", "newlib-", "unwind-"))}
    assert found and {name for name in found - internal if not reserved.owner(name)} == set()


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
