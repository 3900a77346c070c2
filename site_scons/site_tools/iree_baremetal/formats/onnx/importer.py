"""ONNX to MLIR, by iree-import-onnx."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

import onnx

from ... import compiler
from ...errors import BaremetalError
from ..options import parse_opset
from .description import describe, nodes_of
from .mending import mend
from .reading import read

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit): ")


def import_model(source, target, iree_compile, dims="", shapes="", opset="0", without=()):
    """Writes source (.onnx) as MLIR to target, and the names of its tensors beside it (.names.json).

    without: names of rules (`rules`) that are switched off.
    """
    model, opset, newest = read(source, dims, shapes), parse_opset(opset), onnx.defs.onnx_opset_version()
    if opset > newest:
        raise BaremetalError(f"opset={opset}: the newest that onnx {onnx.__version__} knows is {newest}.")
    names = describe(source, model)
    model = mend(source, model, opset, without)
    names["nodes"] = nodes_of(model)
    tool = compiler.find("iree-import-onnx", str(Path(iree_compile).parent))
    with tempfile.TemporaryDirectory() as folder:
        fixed = Path(folder) / Path(source).name
        onnx.save(model, fixed)
        done = subprocess.run([tool, str(fixed), "-o", str(target)], capture_output=True, text=True, errors="replace")
    if done.returncode:
        Path(target).unlink(missing_ok=True)
        raise BaremetalError(f"{source}: iree-import-onnx failed: {_reason(done.stderr or done.stdout)}")
    Path(target).with_suffix(".names.json").write_text(json.dumps(names, indent=1) + "\n")


def _reason(text):
    """The exception at the end of what a Python program said, without where in it."""
    lines = text.strip().splitlines() or ["it said nothing"]
    last = max((n for n, line in enumerate(lines) if _EXCEPTION.match(line)), default=-5)
    return "\n".join(lines[last:][:5])
