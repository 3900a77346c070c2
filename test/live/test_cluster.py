"""cluster= with the real tools: what workers make and measure is, byte for byte, what is made and measured here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")

ARGUMENTS = ("board=stm32f4", "sample=multiply", "-j2", "verify", "bench")


def files(checkout):
    build = checkout.folder / "build/stm32f4/multiply"
    return {str(path.relative_to(build)): path.read_bytes() for path in sorted(build.rglob("*")) if path.is_file()}


def test_the_same_bytes(checkout, another_checkout):
    """In folders of other names, one with blanks in it."""
    checkout.scons(*ARGUMENTS)
    text = another_checkout.scons(*ARGUMENTS, "cluster=local:2")
    assert "cluster: 2 workers of tcp://127.0.0.1:" in text and "agree with the host" in text
    here, there = files(checkout), files(another_checkout)
    assert here.keys() == there.keys() and len(here) > 40
    assert [name for name in here if here[name] != there[name]] == []
    again = another_checkout.scons("board=stm32f4", "sample=multiply")
    assert not [line for line in again.splitlines() if line.startswith(("import", "compile", "generate"))]


SCONSTRUCT = """
import os
env = Environment(tools=["iree_baremetal"], toolpath=[%r], IREE_BOARD="stm32f4", ENV=os.environ, IREE_CLUSTER=ARGUMENTS.get("cluster", ""))
env.IreeFirmware("program", ["main.c"])
"""


def test_the_tool_outside_the_project(checkout, tmp_path):
    """As pip installs it: the same bytes, debug information too."""
    found = []
    for name, arguments in (("here", []), ("there", ["cluster=local:1"])):
        project = tmp_path / name
        project.mkdir()
        (project / "SConstruct").write_text(SCONSTRUCT % str(checkout.folder / "site_scons/site_tools"))
        (project / "main.c").write_text("int main(void) { return 0; }\n")
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", "SCons", "-j2", "support", *arguments],
            cwd=project,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        found.append(
            {
                str(f.relative_to(project)): f.read_bytes()
                for f in project.rglob("*")
                if f.is_file() and not f.name.startswith(".scons")
            }
        )
    here, there = found
    assert here.keys() == there.keys() and len(here) > 10
    assert [name for name in here if here[name] != there[name]] == []
