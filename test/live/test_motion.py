"""A network of another kind, with convolutions along time and attention, in float and int8."""

import json
import re

import pytest

BENCH = "build/mps2-an386/own_model/iree_motion_int8/motion_int8_harness/motion_int8_bench.json"


def test_it_runs_and_agrees_with_the_host(checkout):
    text = checkout.scons("board=mps2-an386", "sample=motion", "-j2", "run", "verify")
    assert int(re.search(r"(\d+) of 48 right", text)[1]) >= 46
    for kind in ("fp32", "int8"):
        assert re.search(rf"motion_{kind}_harness\S*: 48 calls on mps2-an386 agree with the host, 288 values", text)


@pytest.mark.parametrize("name", ["mps3-an547", "qemu-rv32"])
def test_other_cores_give_the_int8_answers_bit_by_bit(checkout, name):
    given = ["model=samples/motion/motion_int8.onnx", "inputs=samples/motion/recordings.npz"]
    text = checkout.scons(f"board={name}", *given, "-j2", "verify")
    assert re.search(rf"48 calls on {name} agree with the host, 288 values, all bitwise equal", text)


def test_optimize_pays(checkout):
    """A quarter of the instructions of iree-compile's own int8 code, and less flash."""
    found = []
    for options in (["optimize=default", "rewrites=none"], ["optimize=speed"]):
        checkout.scons("board=mps2-an386", "model=samples/motion/motion_int8.onnx", *options, "bench")
        found.append(json.loads((checkout.folder / BENCH).read_text()))
    counts = [bench["records"][0]["count"] for bench in found]
    kernels = [bench["memory"]["regions"]["FLASH"]["categories"]["kernels"] for bench in found]
    assert counts[1] < counts[0] / 3 and kernels[1] < kernels[0]
