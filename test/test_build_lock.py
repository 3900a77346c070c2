"""One build at a time in a folder; fake tools, so that builds last as long as a test wants."""

import os
import signal
import time

import pytest
from fake_project import Project

# A tool that waits, until it is told to go on, where it would write.
WAITS = """
touch "$FAKES_LOG.waits"
while [ ! -e "$FAKES_LOG.go" ]; do sleep 0.05; done
"""


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path)
    tool = made.tools / "iree-compile"
    note = 'note "$output"\n'
    tool.write_text(tool.read_text().replace(note, f'{note}[ -z "$WAIT" ] || {{ {WAITS} }}\n', 1))
    return made


@pytest.fixture
def waiting(project):
    """A build that is at work, in a process group of its own."""
    process = project.start(WAIT="1")
    until(lambda: (project.folder / "ran.log.waits").exists())
    yield process
    (project.folder / "ran.log.go").touch()
    process.wait()


def until(condition, seconds=30):
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def test_a_second_build_says_who_is_at_work(project, waiting):
    for arguments in ((), ("-k",), ("-j2", "build/net.h"), ("-c",)):
        second = project.scons(*arguments)
        assert second.code == 2 and second.ran == []
        who = f"process {waiting.pid}, `scons`, since 20"
        assert f"scons: *** another build is at work in {project.folder}: {who}" in second.text
        assert second.text.count("***") == 1 and "Traceback" not in second.text


def test_what_builds_nothing_needs_no_lock(project, waiting):
    for arguments in (("-n",), ("-h",), ("-q",), ("boards",), ("info",)):
        assert "at work" not in project.scons(*arguments).text


def test_another_folder_is_free(project, waiting, tmp_path_factory):
    other = project.copied(tmp_path_factory.mktemp("other") / "project")
    assert other.built()


def test_the_lock_ends_with_the_build(project, waiting):
    (project.folder / "ran.log.go").touch()
    waiting.wait()
    assert project.built() == []


def test_the_lock_ends_with_a_kill(project, waiting):
    os.killpg(waiting.pid, signal.SIGKILL)
    waiting.wait()
    assert project.built()


def test_a_tool_that_outlives_its_build_is_waited_for(project, waiting):
    waiting.kill()  # scons alone: iree-compile, its child, goes on and will write
    waiting.wait()
    second = project.scons()
    assert second.code == 2 and "was killed" in second.text and "a tool that it started still runs" in second.text
    (project.folder / "ran.log.go").touch()
    until(lambda: project.scons().code == 0)


def test_what_is_started_to_stay_does_not_hold_the_lock(project):
    command = "sleep 30 >/dev/null 2>&1 & echo $$! >pid; touch $TARGET"
    project.write("SConscript", f'Import("env")\nenv.Default(env.Command("x", [], "{command}"))\n')
    project.built()
    try:
        assert project.scons().code == 0
    finally:
        os.kill(int((project.folder / "pid").read_text()), signal.SIGTERM)
