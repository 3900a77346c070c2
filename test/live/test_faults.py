"""Faults on the board, as `scons run` tells them: exit code 2, the place, and the mend. scons board-faults tries them all."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from projects import Project  # noqa: E402


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.copy("faults", tmp_path_factory.mktemp("faults") / "project")
    project.add_tool()
    project.add_model("app")
    return project


def failure(project, *arguments, board="stm32f4"):
    done = project.attempt(f"board={board}", *arguments, "run")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    return done.stderr


def test_a_fault_names_function_and_line(project):
    text = failure(project, "fault=load")
    assert "faulted on board stm32f4: bus fault: there is no memory to read or write" in text
    assert re.search(r"  at pc 0x\w{8}, make_load\+0x\w+, faults\.c:\d+", text)


def test_a_stack_overflow_names_the_option(project):
    text = failure(project, "fault=overflow")
    assert "stack overflow" in text and "larger stack=, which is 8,192 bytes" in text and "recursion in make_deeper" in text
    assert re.search(r"the deepest call in the stack is at 0x\w{8}, \w+\+0x", text)


def test_a_misaligned_tensor(project):
    assert "IREE_MODEL_MISALIGNED: a tensor or arena is at no multiple of 64" in failure(project, "fault=misaligned_input")


@pytest.fixture(scope="module")
def kernel(project):
    project.run("board=stm32f4", "fault=none", "run")
    return json.loads((project.folder / "build/stm32f4/iree_digits/digits.plan.json").read_text())["called"][3]


def test_a_kernel_that_fails_is_named(project, kernel):
    assert f"kernel {kernel} failed with code 7" in failure(project, f"kernel={kernel}")


def test_a_stack_that_nothing_guards(project, kernel):
    """There is memory below it: the paint tells, after the inferences."""
    (project.folder / "open.py").write_text(
        'base = "stm32f4"\nstack = 1024\nmemory = {"FLASH": Region(0x08000000, MB, "rx"), "RAM": Region(0x20010000, 64 * KB)}\n'
    )
    text = failure(project, "boards_path=.", f"kernel={kernel}", "deep=20", board="open")
    assert "used all of its stack of 1,024 bytes on board open, or more. Build with a larger stack=" in text
