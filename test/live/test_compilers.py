"""Other versions of the compiler: opt in with IREE_COMPILE_MATRIX, paths of iree-compile with colons between."""

import os
from pathlib import Path

import pytest
from iree_baremetal import compiler
from tools import MODELS

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
