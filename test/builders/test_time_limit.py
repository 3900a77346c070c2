"""compile_timeout=, compile_memory=: a tool without end is killed with all that it started, and the build says what to do."""

import sys
import time

import pytest
from fake_project import Project

# It has a child of its own, which notes its number, and waits for it.
ENDLESS = """#!/bin/sh
sh -c 'echo $$ >>"$FAKES_LOG.pids"; exec sleep 1000' &
wait
"""


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_an_endless_tool_is_killed_with_its_children(project):
    """iree-compile is a child of `lower`: three generations."""
    project.write("tools/iree-compile", ENDLESS)
    start = time.monotonic()
    result = project.scons("compile_timeout=1.5")
    assert time.monotonic() - start < 60
    assert result.code == 2 and "Traceback" not in result.text
    assert (
        "iree_baremetal lower did not end within 1.5 s, and was killed." in result.text
        or "fake-python did not end" in result.text
    )
    assert "compile_timeout=SECONDS" in result.text
    (pid,) = (project.folder / "ran.log.pids").read_text().split()
    assert not is_running(pid)
    assert not any("stream" in name for name in project.files())


@pytest.mark.parametrize("value", ["0", "-1", "soon", ""])
def test_a_limit_is_a_number_of_seconds(project, value):
    for option in ("compile_timeout", "run_timeout"):
        result = project.scons(f"{option}={value}")
        assert result.code == 2 and f"{option}={value}: not a number of seconds" in result.text


# Takes 600 MB, as LLVM where there are none.
GREEDY = """#!/usr/bin/env python3
import sys
try:
    bytearray(600 << 20)
except MemoryError:
    sys.exit("LLVM ERROR: out of memory\\nAllocation failed")
sys.exit("it had enough")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize(
    "limit, said",
    [("500M", "took more memory than it may, 0.488 GiB, and ended"), ("2G", "it had enough"), ("", "it had enough")],
)
def test_a_greedy_tool_is_ended(project, limit, said):
    project.write("tools/iree-compile", GREEDY)
    result = project.scons(f"compile_memory={limit}")
    assert result.code == 2 and said in result.text and "Traceback" not in result.text
    assert ("compile_memory=SIZE, as in 16G" in result.text) == (limit == "500M")
    assert not any("stream" in name for name in project.files())


@pytest.mark.parametrize("value", ["0", "-1", "much", "8T"])
def test_a_limit_is_a_size(project, value):
    result = project.scons(f"compile_memory={value}")
    assert result.code == 2 and f"compile_memory={value}: not a size in bytes" in result.text
