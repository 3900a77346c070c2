"""Other versions of the compiler: opt in with IREE_COMPILE_MATRIX, paths of iree-compile with colons between."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from iree_baremetal import compiler
from tools import MODELS

VERDICT = Path(__file__).resolve().parents[1] / "formats" / "tflite" / "verdict.py"
TOOLS = [path for path in os.environ.get("IREE_COMPILE_MATRIX", "").split(":") if path]


@pytest.mark.skipif(not TOOLS, reason="IREE_COMPILE_MATRIX names no other compilers")
@pytest.mark.parametrize("tool", TOOLS or [None], ids=compiler.version if TOOLS else None)
@pytest.mark.parametrize("name", ["host", "mps2-an386", "qemu-rv32"])
def test_another_compiler_gives_the_same_answers(checkout, tool, name):
    path = os.pathsep.join([str(Path(tool).parent), os.environ["PATH"]])
    build = [f"board={name}", "verify"]
    assert "agree with the host" in checkout.scons(*build, "sample=digits", PATH=path)
    header = (checkout.folder / f"build/{name}/digits/iree_digits/include/digits.h").read_text()
    assert f"iree-base-compiler {compiler.version(tool)}" in header
    assert "agree with the host" in checkout.scons(*build, f"model={MODELS / 'operators.mlir'}", PATH=path)


@pytest.mark.skipif(not TOOLS, reason="IREE_COMPILE_MATRIX names no other compilers")
@pytest.mark.parametrize("tool", TOOLS or [None], ids=compiler.version if TOOLS else None)
def test_another_compiler_gets_the_operators_of_tflite_right(tool):
    python, path = str(Path(tool).parent / "python3"), os.pathsep.join([str(Path(tool).parent), os.environ["PATH"]])
    if subprocess.run([python, "-c", "import ai_edge_litert, tflite"], capture_output=True).returncode:
        pytest.skip("LiteRT is not installed there")
    cases = ["CONV_2D-*", "AVERAGE_POOL_2D-*", "SOFTMAX-*", "RESIZE_BILINEAR-*", "SVDF-*"]
    said = subprocess.run([python, VERDICT, *cases], capture_output=True, text=True, env=os.environ | {"PATH": path}).stdout
    assert re.fullmatch(r"\d+ right", said.strip()), said
