"""Dead memory is overwritten before each kernel: right plans do not mind, wrong ones are found out."""

from dataclasses import replace

import numpy
import pytest
import tools
from iree_baremetal.codegen import poison
from iree_baremetal.plan import access, kernels
from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Span
from iree_baremetal.verify import calls

POISON = "-DIREE_DIRECT_POISON"

# Two layers, each of a padded product: buffers that are filled, written in part, read and given up.
MODEL = """
func.func @f(%x: tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf32> {
  %one = arith.constant 1.0 : f32
  %zero = arith.constant 0.0 : f32
  %kernel = arith.constant dense<0.125> : tensor<3x3x2x2xf32>
  %empty = tensor.empty() : tensor<1x6x6x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf32>
  %squared = arith.mulf %x, %x : tensor<1x6x6x2xf32>
  %padded = tensor.pad %squared low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%a: index, %b: index, %c: index, %d: index):
      tensor.yield %one : f32
  } : tensor<1x6x6x2xf32> to tensor<1x8x8x2xf32>
  %first = linalg.conv_2d_nhwc_hwcf ins(%padded, %kernel : tensor<1x8x8x2xf32>, tensor<3x3x2x2xf32>)
      outs(%init : tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf32>
  %again = tensor.pad %first low[0, 1, 1, 0] high[0, 1, 1, 0] {
    ^bb0(%a: index, %b: index, %c: index, %d: index):
      tensor.yield %one : f32
  } : tensor<1x6x6x2xf32> to tensor<1x8x8x2xf32>
  %second = linalg.conv_2d_nhwc_hwcf ins(%again, %kernel : tensor<1x8x8x2xf32>, tensor<3x3x2x2xf32>)
      outs(%init : tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf32>
  %sum = arith.addf %second, %squared : tensor<1x6x6x2xf32>
  return %sum : tensor<1x6x6x2xf32>
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poison")
    tools.library(folder, MODEL)
    return folder


def planned(folder, change=lambda accesses: accesses):
    """The plan of MODEL, with its kernels' accesses as change leaves them."""
    accesses = change(access.read((folder / "model.stream.mlirbc").read_bytes()))
    program = (folder / "model.hal.mlirbc").read_bytes()
    return evaluate("model", program, kernels.read(folder / "model_library.o"), accesses, 64)


def answer(folder, plan, *defines):
    fed = [calls.Call(0, [numpy.linspace(-1, 1, 72, dtype="<f4").reshape(1, 6, 6, 2)])]
    (found,) = tools.answers(folder, plan, fed, *defines)
    return found.outputs[0]


def test_a_right_plan_gives_the_same_answer(folder):
    plan = planned(folder)
    assert len(poison.dead(plan.functions[0])) >= len(plan.functions[0].steps) / 2
    right = answer(folder, plan)
    assert numpy.isfinite(right).all() and len(set(right.ravel())) > 30
    assert numpy.array_equal(answer(folder, plan, POISON), right)


def test_a_lifetime_that_ends_too_early_is_found_out(folder):
    plan = planned(folder)
    (function,) = plan.functions
    right, wrong = answer(folder, plan), 0
    for block, (first, last) in enumerate(list(function.lives)):
        if first < last:
            lives, function.lives = function.lives, list(function.lives)
            function.lives[block] = (first, last - 1)
            wrong += not numpy.array_equal(answer(folder, plan, POISON), right)
            function.lives = lives
    assert wrong == sum(first < last for first, last in function.lives) >= 3


def test_an_access_that_hides_a_reader_is_found_out(folder):
    def hide(accesses):
        """Whoever keeps part of what was there claims to write it all."""
        assert any("rw" in found for found in accesses.values())
        return {symbol: tuple("w" if a == "rw" else a for a in found) for symbol, found in accesses.items()}

    plan = planned(folder, hide)  # in itself it is consistent: nothing else can tell
    assert not numpy.array_equal(answer(folder, plan, POISON), answer(folder, planned(folder)))


def test_what_is_dead_before_each_dispatch():
    buffer = [Span("transient", n, 0, 16) for n in range(3)]
    steps = [
        Fill(buffer[0], 0, 1),
        Dispatch("k", (1, 1, 1), (), (buffer[0], buffer[1]), access=("r", "w")),
        Copy(buffer[1], buffer[2]),
        Dispatch("k", (1, 1, 1), (), (buffer[2],), access=("r",)),
    ]
    function = Function("f", [], [], steps, [16] * 3, lives=[(0, 1), (1, 2), (2, 3)], offsets=[0, 16, 0], arena_size=64)
    assert poison.dead(function) == [(0, 16, 64), (1, 16, 64)]


def test_what_is_dead_of_a_buffer_that_is_in_use_all_the_time():
    rows, out = [Span("transient", 0, 16 * n, 16) for n in range(2)], Span("output", 0, 0, 16)
    write, read = (Dispatch("k", (1, 1, 1), (), (out,), access=(access,)) for access in "wr")
    steps = [replace(step, bindings=(rows[n],)) for n, step in enumerate((write, write))]
    steps += [
        replace(read, bindings=(rows[0],)),
        replace(write, bindings=(rows[0],)),
        replace(read, bindings=(Span("transient", 0, 0, 32),)),
    ]
    function = Function("f", [], [], steps, [32], lives=[(0, 4)], offsets=[16], arena_size=48)
    assert poison.dead(function) == [(0, 0, 48), (1, 0, 16), (1, 32, 48), (2, 0, 16), (3, 0, 32), (4, 0, 16)]
