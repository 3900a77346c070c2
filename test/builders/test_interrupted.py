"""Builds that were killed: what they left is not taken for what the record tells of."""

import os
import pickle
import signal
import time
from pathlib import Path

import pytest
from fake_project import Project

HALF = Path("build/iree_net/net.hal.mlirbc")


@pytest.fixture
def project(tmp_path):
    """Its iree-compile hangs, when told to, with all its outputs there, the last of them half written."""
    made = Project(tmp_path)
    tool = made.tools / "iree-compile"
    hang = f'case "$HANG$output" in 1*{HALF.name}) echo half >"$output"; sleep 60;; esac'
    tool.write_text(tool.read_text().replace('\nfails "$output"\n', f"\n{hang}\n", 1))
    return made


def killed(project, *arguments, **environment):
    """Kills a build, with all its tools, when the compiler has written the half."""
    process, half = project.start(*arguments, HANG="1", **environment), project.folder / HALF
    for _ in range(600):
        if half.exists() and half.read_text() == "half\n":
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert half.read_text() == "half\n"


def test_killed_from_nothing(project):
    killed(project)
    project.built()
    files = project.files()
    project.scons("-c")
    project.built()
    assert files == project.files()


def test_killed_with_other_options_and_built_with_those_before(project):
    project.built()
    files = project.files()
    killed(project, MORE_FLAGS="--other")
    assert f"iree-compile {HALF.name}" in project.built()
    assert project.files() == files
    assert project.built() == []


def test_only_what_the_killed_build_touched_is_made_anew(project):
    project.built()
    killed(project, MORE_FLAGS="--other")
    assert not [note for note in project.built() if "other" in note or "extra" in note or note.startswith("import")]


@pytest.mark.parametrize(
    "name, tool, when",
    [
        ("net.mlir", "iree-compile", "before it is read"),
        ("net.mlir", "iree-compile", "after it is read"),
        ("main.c", "gcc", "before it is read"),
    ],
)
def test_a_source_that_changes_while_it_is_compiled(project, name, tool, when):
    tool = project.tools / tool
    tool.rename(tool.with_suffix(".real"))
    change = f'case "$*" in *{name}*) cp new {name};; esac'
    steps = [change, '"$0.real" "$@"'] if when.startswith("before") else ['"$0.real" "$@"', change]
    tool.write_text("\n".join(["#!/bin/sh", "set -e", *steps]))
    tool.chmod(0o755)
    project.write("new", "/* of another content */\n")
    project.built()
    assert (project.folder / name).read_bytes() == (project.folder / "new").read_bytes()
    project.built()  # SCons had looked at the old contents
    assert project.built() == []
    files = project.files()
    project.scons("-c")
    project.built()
    assert project.files() == files


def test_a_second_kill_changes_nothing(project):
    project.built()
    files = project.files()
    for _ in range(2):
        killed(project, MORE_FLAGS="--other")
    project.built()
    assert project.files() == files


def test_a_build_that_only_looks_sees_it_too(project):
    project.built()
    killed(project, MORE_FLAGS="--other")
    assert project.scons("-q", str(HALF)).code == 1
    assert project.built() != []


@pytest.mark.parametrize("content", [b"\x80\x04cut", bytes(5000), pickle.dumps([1])])
def test_a_record_that_cannot_be_read(project, content):
    project.built()
    files = project.files()
    (project.folder / ".sconsign.dblite").write_bytes(content)
    result = project.scons()
    assert result.code == 0 and "Traceback" not in result.text
    assert result.ran and project.files() == files
    assert project.built() == []


def test_a_record_that_cannot_be_written(project):
    (project.folder / ".sconsign.tmp").mkdir()  # in the way of the new one
    result = project.scons()
    assert result.code == 2 and "Traceback" not in result.text
    record = project.folder / ".sconsign.dblite"
    assert f"scons: *** {record}: Is a directory. What was built is not on record." in result.text
    (project.folder / ".sconsign.tmp").rmdir()
    project.built()
    assert project.built() == []


def test_a_record_of_another_name(project):
    text = (project.folder / "SConstruct").read_text()
    project.write("SConstruct", text + '\nSConsignFile("kept/signatures")\n')
    (project.folder / "kept").mkdir()
    project.built()
    assert project.built() == [] and not (project.folder / ".sconsign.dblite").exists()
    assert (project.folder / "kept" / "signatures.dblite").exists()
