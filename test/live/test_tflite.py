"""A .tflite straight in: built, run, and held against LiteRT, with its state."""

import importlib.util
from pathlib import Path

import numpy
import pytest

pytest.importorskip("ai_edge_litert")
FORMAT = Path(__file__).resolve().parents[1] / "formats" / "tflite"


@pytest.fixture(scope="module")
def counter(checkout):
    """y = x * 2 + y of the call before, int8; the sum is a variable, which starts as 4."""
    spec = importlib.util.spec_from_file_location("tflite_net", FORMAT / "net.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net, first = module.Net(), module.Net()
    net.op("CALL_ONCE", [], [], "CallOnceOptions", initSubgraphIndex=1)
    for made in (net, first):
        handle = made.tensor("int32", (), name="handle")
        made.tensors[handle].type = module.schema.TensorType.RESOURCE
        made.op("VAR_HANDLE", [], [handle], "VarHandleOptions", container="", sharedName="sum")
    first.op("ASSIGN_VARIABLE", [0, first.constant(numpy.full((1, 3), 4, "i1"), 0.25)], [], "AssignVariableOptions")
    first.outputs, handle = [], 0
    x = net.input("int8", (1, 3), 0.5, 0, name="x")
    old, new = (net.tensor("int8", (1, 3), 0.25, 0, name=name) for name in ("old", "y"))
    net.op("READ_VARIABLE", [handle], [old], "ReadVariableOptions")
    net.op("ADD", [x, old], [new], "AddOptions")
    net.op("ASSIGN_VARIABLE", [handle, new], [], "AssignVariableOptions")
    net.outputs = [new]
    net.add(first)
    path = checkout.folder / "counter.tflite"
    path.write_bytes(net.bytes())
    numpy.savez(checkout.folder / "steps.npz", x=numpy.array([[[1, 2, 3]], [[10, 20, 30]], [[-100, 100, 0]]], "i1"))
    return path


def test_runs_with_its_state_and_is_right_by_litert(checkout, counter):
    output = checkout.scons("board=mps2-an386", f"model={counter}", "inputs=steps.npz", "run", "verify")
    assert "call 0, invoke, y: [ 6  8 10]" in output
    assert "call 1, invoke, y: [26 48 70]" in output
    assert "call 2, invoke, y: [-128  127   70]" in output
    assert "3 calls on mps2-an386 agree with LiteRT 2.3.0, reference kernels, 9 values, all bitwise equal" in output


def test_run_takes_and_prints_real_values(checkout, counter):
    """x has steps of 0.5, y of 0.25; 1e9 is beyond int8."""
    numpy.savez(checkout.folder / "reals.npz", x=numpy.array([[[0.5, 1.0, 1.5]], [[5.1, 9.9, 1e9]]]))
    output = checkout.scons("board=mps2-an386", f"model={counter}", "inputs=reals.npz", "run")
    assert "call 0, invoke, y: [ 6  8 10]\n  real values: [1.5 2.  2.5]" in output
    assert "call 1, invoke, y: [ 26  48 127]\n  real values: [ 6.5  12.   31.75]" in output


def test_a_file_that_is_cut_off_builds_nothing(checkout, counter):
    cut = checkout.folder / "cut.tflite"
    cut.write_bytes(counter.read_bytes()[:300])
    output = checkout.scons("board=mps2-an386", f"model={cut}", code=2)
    assert "cut.tflite is not a valid .tflite file: bytes" in output and "Traceback" not in output
    assert not list(checkout.folder.glob("build/mps2-an386/own_model/**/cut.mlirbc"))
