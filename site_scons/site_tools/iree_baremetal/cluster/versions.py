"""Which versions of a command's tools there are: results are the same bytes only by the same tools."""

import functools
import os
import subprocess

_LIMIT = 60  # seconds
_PACKAGES = (
    "scons iree-base-compiler iree-base-runtime onnx onnxruntime tflite ai-edge-litert numpy pyelftools capstone unicorn".split()
)
# What a Python knows: of itself, and of the packages on which results depend.
_ASK = """
import importlib.metadata, sys
print("Python " + ".".join(map(str, sys.version_info[:2])))
for name in sys.argv[1:]:
    try:
        print(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        print(name, "is not there")
"""


def is_python(program):
    return os.path.basename(program).startswith("python")


@functools.cache
def of(program):
    """What the program at a path says of its version; "" where it says nothing."""
    words = [program, "-c", _ASK, *_PACKAGES] if is_python(program) else [program, "--version"]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=_LIMIT)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.replace(program, os.path.basename(program)).strip() if done.returncode == 0 else ""


def difference(program, here, there):
    """What to say where the program's version there, on a worker, is not that here; "" where it is."""
    if here == there:
        return ""
    name, lines = os.path.basename(program), list(zip(*(text.splitlines() or ["no answer"] for text in (here, there))))
    mine, theirs = next(((a, b) for a, b in lines if a != b), (here, there))
    return f"{name}: {theirs.strip()}, here {mine.strip()}"
