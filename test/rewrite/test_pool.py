"""Means of int8 that a model adds up as floats: a line in integers, where no sum is near a tie."""

import int8_elementwise
import int8_products
import numpy
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import dispatches, pipeline
from iree_baremetal.rewrite.integers import pool
from test_products import executable, flow, said

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations"
)

WITHOUT_TIES = [name for name in int8_elementwise.MEANS if name != "mean_of_ties"]


def expected(x, scale, step, zero=-128, **_):
    """What ONNX says of rows x, in float32, one addition after another."""
    total = numpy.zeros(len(x), numpy.float32)
    for column in x.T:
        total += (column - zero).astype(numpy.float32) * numpy.float32(scale)
    real = total / numpy.float32(x.shape[1]) / numpy.float32(step)
    return numpy.clip(numpy.rint(real) + zero, -128, 127).astype(int)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    texts = [int8_elementwise.mean(name, **numbers) for name, numbers in int8_elementwise.MEANS.items()]
    return flow(tmp_path_factory.mktemp("means"), int8_products.module(texts), "mps3-an547")


def _line(program, name):
    with modules.parsed(program, "flow") as module:
        (found,) = [d for d in dispatches.find(module) if d.name.startswith(f"{name}_")]
        return pool._line(pool._find(found))


@pytest.mark.parametrize("name", WITHOUT_TIES)
def test_a_line_is_right(program, name):
    numbers = int8_elementwise.MEANS[name]
    made, least, greatest = _line(program, name)
    random = numpy.random.default_rng(1)
    low, high = numpy.sort(random.integers(-128, 128, (2, 30000)), axis=0)
    x = random.integers(low, high + 1, (numbers["count"], 30000)).T
    sums = x.sum(1)
    assert len(numpy.unique(expected(x, **numbers))) > 200
    assert numpy.array_equal(numpy.clip(made(sums), least, greatest), expected(x, **numbers))


def test_where_ties_can_be_floats_stay(program):
    """Of a tie the order of the additions decides: that is iree-compile's, here and on the board."""
    after, notes = pipeline.rewrite(program, ["pool"])
    for name in WITHOUT_TIES:
        assert said(notes, name)["pool"] == "int8 sum"
        text = executable(after, name)
        assert "linalg.generic" not in text and "arith.addf" not in text
    assert said(notes, "mean_of_ties")["pool"].startswith("no: some of its sums lie so close to a tie")
    assert executable(after, "mean_of_ties") == executable(program, "mean_of_ties")


def test_what_it_leaves(tmp_path):
    narrow = int8_elementwise.mean("narrow", 4, 27, 0.08, 0.0014)  # its steps are larger than one
    ties = int8_elementwise.mean("ties", 4, 1000, 0.08, 0.08)  # floats of so many numbers are too far from the true sum
    program = flow(tmp_path, int8_products.module([narrow, ties, int8_products.OTHERS["floats"]]), "mps3-an547")
    after, notes = pipeline.rewrite(program, ["pool"])
    assert after == program
    assert said(notes, "floats")["pool"] == "no: no sum of int8 as floats"
    assert all(said(notes, name)["pool"].startswith("no: ") for name in ("narrow", "ties"))


WAYS = {"mps3-an547": "vector.reduction", "mps2-an386": "llvm.arm.smlad", "qemu-rv32": "arith.extsi", "microbit": "arith.extsi"}


@pytest.mark.parametrize("on", WAYS)
def test_each_core_has_its_way(tmp_path, on):
    text = int8_elementwise.mean("mean_odd", **int8_elementwise.MEANS["mean_odd"])
    after, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), on), ["pool"])
    assert said(notes, "mean_odd")["pool"] == "int8 sum"
    text = executable(after, "mean_odd")
    assert WAYS[on] in text and "arith.addf" not in text
    assert all(way not in text for way in {*WAYS.values()} - {WAYS[on], "arith.extsi"})


def test_a_core_with_vectors_of_its_own_keeps_floats(tmp_path):
    text = int8_elementwise.mean("mean_odd", **int8_elementwise.MEANS["mean_odd"])
    _, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), "qemu-rv32-vector"), ["pool"])
    assert said(notes, "mean_odd")["pool"] == "no: the core has vectors"
