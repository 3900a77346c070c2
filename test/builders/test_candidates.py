"""tune with tools that fail: what is only tried may fail, what is built may not."""

import pytest
from fake_project import Project

SCONSCRIPT = """
Import("env")
model = env.IreeModel("net.mlir")
env.Default(env.IreeFirmware("program", ["main.c", model]))
env.IreeTune(model, candidates=[("width4", "none"), ("width8,unroll", "none")])
"""
BOARD = "board=stm32f4"


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path, SCONSCRIPT, prefixes=("", "arm-none-eabi-"))


def test_candidates_that_fail_are_named_and_tried_but_once(project):
    result = project.scons(BOARD, "tune", FAKES_FAIL="objcopy net_kernels.o")
    assert result.code == 2 and "Traceback" not in result.text
    assert "nothing that was tried works" in result.text
    for flags in ("width4", "width8,unroll"):
        assert f"left out: flags={flags} rewrites=none: " in result.text
    assert result.text.count("objcopy: broken on purpose") == 2
    # What is made of a failure is not made; the rest, and what is no candidate, is.
    assert "objcopy net_kernels.o" in result.ran and "gcc net_harness.elf" not in result.ran
    again = project.scons(BOARD, "tune")
    assert again.code == 2 and again.ran == [] and again.text.count("objcopy: broken on purpose") == 2
    assert "objcopy net_kernels.o" in project.built(BOARD, "build/iree_net/net_kernels.o")


def test_what_is_no_candidate_must_not_fail(project):
    result = project.scons(BOARD, "tune", FAKES_FAIL="lower")
    assert result.code == 2 and "lower: broken on purpose" in result.text
    assert "left out" not in result.text
    assert "net.stream.mlirbc" not in project.files()


def test_on_this_machine_there_is_nothing_to_measure(project):
    result = project.scons("tune")
    assert result.code == 2 and "Traceback" not in result.text
    assert "tune: this machine tells times" in result.text


def test_a_wrong_flag_is_told_at_once(project):
    result = project.scons(BOARD, "flags=width5")
    assert result.code == 2 and result.ran == []
    assert "flags=width5: there is no 'width5'" in result.text


def test_an_interrupted_tool_is_no_result(project):
    tool = project.tools / "arm-none-eabi-objcopy"
    text = tool.read_text()
    tool.write_text(text.replace("#!/bin/sh\n", "#!/bin/sh\nkill -INT $$\n"))
    result = project.scons(BOARD, "tune")
    assert result.code == 2 and "left out" not in result.text and "Traceback" not in result.text
    tool.write_text(text)
    assert "objcopy net_kernels.o" in project.scons(BOARD, "tune").ran
