"""The host reference: IREE's own runtime gives what the model means."""

import os
import sys
import tempfile

import numpy
import pytest
import tools
from iree_baremetal import compiler
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.verify import calls, reference

MODEL = """
func.func @mixed(%b: tensor<2x3xi8>, %n: i32, %t: tensor<i64>) -> (tensor<2x3xi8>, tensor<i64>) {
  %n8 = arith.trunci %n : i32 to i8
  %r = linalg.map ins(%b : tensor<2x3xi8>) outs(%b : tensor<2x3xi8>) (%x: i8, %u: i8) { %s = arith.addi %x, %n8 : i8 linalg.yield %s : i8 }
  return %r, %t : tensor<2x3xi8>, tensor<i64>
}
func.func @flags(%x: tensor<4xi1>, %h: tensor<2xf16>) -> (tensor<4xi1>, tensor<2xf16>) {
  %true = arith.constant dense<true> : tensor<4xi1>
  %not = arith.xori %x, %true : tensor<4xi1>
  %twice = arith.addf %h, %h : tensor<2xf16>
  return %not, %twice : tensor<4xi1>, tensor<2xf16>
}
func.func @wide(%d: tensor<2xf64>, %h: tensor<2xbf16>) -> (tensor<2xf64>, tensor<2xbf16>) {
  %square = arith.mulf %d, %d : tensor<2xf64>
  %twice = arith.addf %h, %h : tensor<2xbf16>
  return %square, %twice : tensor<2xf64>, tensor<2xbf16>
}
"""
MIXED = Function(
    "mixed",
    [Tensor("b", "ui8", (2, 3)), Tensor("n", "i32", None), Tensor("t", "i64", ())],
    [Tensor("r", "ui8", (2, 3)), Tensor("t", "i64", ())],
    [],
    [],
)
HALVES, FLAGS = Tensor("h", "f16", (2,)), Tensor("x", "i1", (4,))


@pytest.fixture(scope="module")
def vmfb(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    (folder / "mixed.mlir").write_text(MODEL)
    flags = [*compiler.GUIDE_FLAGS, *compiler.target_flags(tools.HOST)]
    tools.run(compiler.find(), *flags, "mixed.mlir", "-o", "mixed.vmfb", cwd=folder)
    return folder / "mixed.vmfb"


@pytest.mark.parametrize("given", [True, False])
def test_nothing_stays_in_the_folder_for_temporary_files(vmfb, tmp_path, monkeypatch, given):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path)) if given else monkeypatch.delenv("TMPDIR", raising=False)
    scalars = [Tensor("h", "f64", (2,)), Tensor("h", "bf16", (2,))]
    with reference.loaded(vmfb) as module:
        assert "wide" in module.vm_module.function_names and os.listdir(tmp_path)
    reference.run(vmfb, [Function("wide", scalars, scalars, [], [])], [calls.Call(0, [numpy.ones(2), numpy.ones(2, "<u2")])])
    assert not os.listdir(tmp_path) and os.environ.get("TMPDIR") == (str(tmp_path) if given else None)
    with pytest.raises(RuntimeError), reference.loaded(vmfb):
        raise RuntimeError
    assert not os.listdir(tmp_path) and os.environ.get("TMPDIR") == (str(tmp_path) if given else None)


def test_every_type_goes_in_and_out(vmfb):
    functions = [MIXED, Function("flags", [FLAGS, HALVES], [FLAGS, HALVES], [], [])]
    fed = [
        calls.Call(0, [numpy.array([[250, 1, 2], [3, 4, 5]], "u1"), numpy.array(10, "<i4"), numpy.array(2**40, "<i8")]),
        calls.Call(1, [numpy.array([1, 0, 0, 1], "u1"), numpy.array([1.5, -2.0], "<f2")]),
    ]
    (sums, same), (inverted, twice) = reference.run(vmfb, functions, fed)
    assert sums.dtype == "u1" and sums.tolist() == [[4, 11, 12], [13, 14, 15]]
    assert same.shape == () and same == 2**40
    assert inverted.dtype == "u1" and inverted.tolist() == [0, 1, 1, 0]
    assert twice.tolist() == [3.0, -4.0]


def test_doubles_stay_double_and_bfloat16_goes_as_its_bits(vmfb):
    types = [Tensor("d", "f64", (2,)), Tensor("h", "bf16", (2,))]
    given = numpy.array([1 + 2.0**-30, -3]), numpy.array([0x3FC0, 0xC000], "<u2")  # 1.5, -2
    ((square, twice),) = reference.run(vmfb, [Function("wide", types, types, [], [])], [calls.Call(0, list(given))])
    assert square.dtype == "f8" and square.tolist() == [(1 + 2.0**-30) ** 2, 9]
    assert twice.dtype == "u2" and [hex(bits) for bits in twice] == ["0x4040", "0xc080"]  # 3, -4


def test_what_is_saved_is_loaded(tmp_path):
    results = [[numpy.arange(3, dtype="<i2"), numpy.array(1.5, "<f4")], [numpy.zeros((2, 0), "<f4")]]
    functions = [
        Function("f", [], [Tensor("a", "i16", (3,)), Tensor("b", "f32", ())], [], []),
        Function("g", [], [Tensor("c", "f32", (2, 0))], [], []),
    ]
    fed = [calls.Call(0, []), calls.Call(1, []), calls.Call(0, [])]
    reference.save(tmp_path / "reference.npz", reference.Reference([*results, None], "Engine 1.2", ["a word"], 1))
    loaded = reference.load(tmp_path / "reference.npz", functions, fed)
    assert (loaded.engine, loaded.words, loaded.steps) == ("Engine 1.2", ["a word"], 1)
    assert loaded.outputs[2] is None  # it says nothing of that call
    for mine, theirs in zip(results, loaded.outputs):
        assert [(a.dtype, a.shape, a.tobytes()) for a in mine] == [(a.dtype, a.shape, a.tobytes()) for a in theirs]


def test_without_the_runtime_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "iree.runtime", None)
    with pytest.raises(BaremetalError, match="pip install iree-base-runtime"):
        reference.run("model.vmfb", [], [])
