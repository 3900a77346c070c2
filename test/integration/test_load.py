"""A project's work grows with its firmware and no faster: counted in files opened and programs started, not in time."""

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


def works(folder, kinds, *runs):
    """For each run, the work that it was with one, two and three models."""
    found = []
    for models in (1, 2, 3):
        project = folder / str(models)
        load.write_project(project, models, ["mps2-an386"], kinds)
        sconstruct = project / "SConstruct"
        sconstruct.write_text(_COUNT + sconstruct.read_text() + _NOTE)
        found.append([])
        for arguments in runs:
            load.scons(project, *arguments)
            found[-1].append(json.loads((project / "work.json").read_text()))
    return zip(*found)


def grows_evenly(one, two, three):
    return all(three[what] - two[what] == two[what] - one[what] for what in one)


def test_work_is_that_of_each_firmware(tmp_path):
    reading, clean, null = works(tmp_path, {"direct": {}}, ["-h"], ["-s", "-j2"], ["-q"])
    assert grows_evenly(*reading) and grows_evenly(*clean) and grows_evenly(*null)
    one, two, _ = reading
    assert one["programs started"] == two["programs started"] > 0
    assert clean[1]["programs started"] - clean[0]["programs started"] >= 8  # it does count what is run for a firmware
    assert [work["programs started"] for work in null] == [work["programs started"] for work in reading]


@pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")
def test_the_runtime_is_read_once(tmp_path):
    [reading] = works(tmp_path, load.deployments(os.environ["IREE_SOURCE_DIR"]), ["-h"])
    one, two, three = reading
    assert grows_evenly(one, two, three)
    assert two["files opened"] - one["files opened"] < 10 < one["files opened"]
