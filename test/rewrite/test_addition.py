"""Sums of two int8 tensors: a plane stands for the float arithmetic, right for every pair, or nothing does."""

import int8_elementwise
import int8_products
import numpy
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import dispatches, pipeline
from iree_baremetal.rewrite.integers import addition
from test_products import executable, flow, said

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations"
)
PLANES = ["sum_limited", "sum_whole"]


def expected(first, second, step, zeros=(-128, 4, -128), relu=True):
    """What ONNX says, [x][y], in float32, one operation after another."""
    numbers = numpy.arange(-128, 128)
    x, y = ((numbers - zero).astype(numpy.float32) * numpy.float32(scale) for zero, scale in zip(zeros, (first, second)))
    total = x[:, None] + y[None]
    total = numpy.maximum(total, 0) if relu else total
    return numpy.clip(numpy.rint(total / numpy.float32(step)) + zeros[2], -128, 127).astype(int)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    texts = [int8_elementwise.addition(name, **numbers) for name, numbers in int8_elementwise.ADDITIONS.items()]
    return flow(tmp_path_factory.mktemp("sums"), int8_products.module(texts))


@pytest.mark.parametrize("name", PLANES)
def test_a_plane_is_right_for_every_pair(program, name):
    with modules.parsed(program, "flow") as module:
        (found,) = [d for d in dispatches.find(module) if d.name.startswith(name)]
        (op,) = [op for op in dispatches.operations(found.function) if op.name == "linalg.generic"]
        a, b, c, shift, low, high = addition._plane(op)
    numbers = numpy.arange(-128, 128)
    plane = numpy.clip((a * numbers[:, None] + b * numbers[None] + c) >> shift, low, high)
    assert numpy.array_equal(plane, expected(**int8_elementwise.ADDITIONS[name]))


def test_what_becomes_of_sums(program):
    after, notes = pipeline.rewrite(program, ["addition"])
    for name in PLANES:
        assert said(notes, name)["addition"] == "1 sums of two int8"
        assert "f32" not in executable(after, name)
    assert said(notes, "sum_of_ties")["addition"] == "no: no plane is its sum for every pair"
    assert "roundeven" in executable(after, "sum_of_ties")


def test_other_functions_stay(tmp_path):
    text = int8_products.module(
        [int8_products.OTHERS["floats"], int8_elementwise.QUANTIZE.replace("module {", "").rsplit("}", 1)[0]]
    )
    program = flow(tmp_path, text)
    after, notes = pipeline.rewrite(program, ["addition"])
    assert after == program and said(notes, "floats")["addition"] == "no: no function of two int8"


@pytest.mark.parametrize("name", PLANES)
def test_a_plane_in_integers_is_read_as_it_is(program, name):
    after, _ = pipeline.rewrite(program, ["addition"])
    found = []
    for text in (program, after):
        with modules.parsed(text, "flow") as module:
            (dispatch,) = [d for d in dispatches.find(module) if d.name.startswith(name)]
            (op,) = [op for op in dispatches.operations(dispatch.function) if op.name == "linalg.generic"]
            found.append(addition._plane(op))
    assert found[0] == found[1]
