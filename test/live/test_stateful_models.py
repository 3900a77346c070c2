"""A model that keeps its state: verified as a sequence of calls, and started anew by <model>_reset()."""

import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "codegen"))
from test_reset import MAIN, MODEL  # noqa: E402

SCONSCRIPT = """
Import("env")
model = env.IreeModel("model.mlir")
env.IreeRun(env.IreeFirmware("main", ["main.c", model]))
env.IreeVerify(model)
"""
GIVEN = MAIN.replace('#include "model.h"', '#include "board.h"\n#include "model.h"').replace(
    "  return 0;\n}", '  board_print("all anew\\n");\n  return 0;\n}'
)
RUNTIME = [("host", "static"), ("qemu-rv32", "emitc")]
NEEDS = pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")
DIRECT = [("host", "direct"), ("mps2-an386", "direct"), ("qemu-rv32", "direct")]


@pytest.mark.parametrize("name, deploy", [*DIRECT, *(pytest.param(*case, marks=NEEDS) for case in RUNTIME)])
def test_it_is_verified_and_reset(checkout, name, deploy):
    for file, text in (("model.mlir", MODEL.format(name="f")), ("main.c", GIVEN), ("SConscript", SCONSCRIPT)):
        checkout.write(f"samples/state/{file}", text)
    text = checkout.scons(f"board={name}", f"deploy={deploy}", "sample=state", "run", "verify")
    assert "all anew" in text
    assert re.search(r"4 calls on \S+ agree with the host, 20 values", text)
