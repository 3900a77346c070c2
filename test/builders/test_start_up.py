"""What a start of scons loads: a null build is little else."""

import re
import subprocess
import sys

import documents

# They take longer to load than all of the tool, and no build needs them before it runs a tool.
LEFT = {"numpy", "onnx", "onnxruntime", "iree", "capstone", "unicorn", "urllib.request", "distributed", "asyncio"}


def test_a_null_build_loads_no_large_packages():
    command = [sys.executable, "-X", "importtime", "-m", "SCons", "-Q", "-h", "board=stm32f4"]
    done = subprocess.run(command, cwd=documents.ROOT, capture_output=True, text=True)
    loaded = set(re.findall(r"\|\s+([\w.]+)$", done.stderr, re.MULTILINE))
    assert done.returncode == 0 and "iree_baremetal.builders.model" in loaded
    assert loaded & LEFT == set()
