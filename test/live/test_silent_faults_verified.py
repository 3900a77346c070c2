"""Faults that IREE on this machine shares with the board: each, put back by switching its rule off, makes `verify` fail.

All are verified by one call of scons, which goes on after a failure.
"""

import sys
from pathlib import Path

import numpy
import onnx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "formats" / "onnx" / "rules"))
from test_silent_faults import FAULTS, INPUTS  # noqa: E402

SCONSTRUCT = """
import os
env = Environment(tools=["iree_baremetal"], ENV=os.environ, IREE_REFERENCE="own")
for name, rule in %r:
    one = env.Clone(IREE_IMPORTFLAGS=["--without=" + rule])
    one.IreeVerify(one.IreeModel(f"faults/{name}.onnx"), inputs=f"faults/{name}.npz")
"""
NAMES = {fault: f"fault_{number}" for number, fault in enumerate(FAULTS)}


@pytest.fixture(scope="module")
def said(checkout):
    (checkout.folder / "faults").mkdir()
    for fault, name in NAMES.items():
        onnx.save(FAULTS[fault]({"x": INPUTS[fault]}), checkout.folder / "faults" / f"{name}.onnx")
        numpy.savez(checkout.folder / "faults" / f"{name}.npz", x=INPUTS[fault][None])
    checkout.write("SConstruct.faults", SCONSTRUCT % [(name, fault.split()[0]) for fault, name in NAMES.items()])
    return checkout.scons("-k", "-f", "SConstruct.faults", "verify", code=2)


@pytest.mark.parametrize("fault", NAMES)
def test_verify_fails_without_the_rule(said, fault):
    name = NAMES[fault]
    (line,) = [line for line in said.splitlines() if "***" in line and f"/{name}_harness]" in line]
    assert "board host differs from ONNX Runtime" in line
