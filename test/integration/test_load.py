"""A project's work grows with its firmware and no faster: counted, not timed."""

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "reliability"))
import load  # noqa: E402

# Before the project's own: what SCons does from here on. Python's own files are read once, whatever the project.
_COUNT = """
import sys

work = {"files opened": 0, "programs started": 0}

def count(event, arguments):
    if event == "open" and not str(arguments[0]).endswith((".py", ".pyc")):
        work["files opened"] += 1
    elif event in ("subprocess.Popen", "os.posix_spawn"):
        work["programs started"] += 1

sys.addaudithook(count)
"""
_NOTE = """
atexit.register(lambda: json.dump(work, open("work.json", "w")))
"""
SIZES = (2, 4, 6)


def works(folder, kinds):
    """Of a project with each of SIZES models: what reading it takes, and the calls of a run that builds nothing."""
    for models in SIZES:
        project = folder / str(models)
        load.write_project(project, models, ["mps2-an386"], kinds)
        calls = load.calls(project, "-n", "-s")
        sconstruct = project / "SConstruct"
        sconstruct.write_text(_COUNT + sconstruct.read_text() + _NOTE)
        load.scons(project, "-h")
        yield json.loads((project / "work.json").read_text()), calls


def check(folder, kinds):
    (small, some), (medium, more), (large, most) = works(folder, kinds)
    assert small["programs started"] == medium["programs started"] == large["programs started"] > 0
    opened = [read["files opened"] for read in (small, medium, large)]
    assert opened[1] - opened[0] == opened[2] - opened[1] < 20
    assert most - more == pytest.approx(more - some, rel=0.05)


def test_work_is_that_of_each_firmware(tmp_path):
    check(tmp_path, load.deployments(None))


@pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")
def test_the_runtime_is_read_once(tmp_path):
    check(tmp_path, load.deployments(os.environ["IREE_SOURCE_DIR"]))
