"""Mistakes that are known while reading: one message that says the mend, exit code 2, no traceback."""

import os
import sys

import pytest
from fake_project import SCONSTRUCT, Project, restricted_path
from iree_baremetal import compiler


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def refusal(project, *arguments, **environment):
    """What scons says on stopping; nothing was built."""
    result = project.scons("-Q", *arguments, **environment)
    assert result.code == 2, result.text
    assert "Traceback" not in result.text
    assert result.ran == []
    (message,) = [line for line in result.text.splitlines() if line.startswith("scons: *** ")]
    return message


def test_an_unknown_board(project):
    message = refusal(project, "board=stm32f5")
    assert "no board 'stm32f5'. Did you mean stm32f4? Boards: " in message
    assert "host" in message and "qemu-rv32" in message


def test_an_unknown_option(project):
    assert "unknown option 'bord'. Did you mean board? Options: arena_region, board, " in refusal(project, "bord=stm32f4")
    message = refusal(project, "whatever=1")
    assert "unknown option 'whatever'. Options: " in message and "verbose" in message


def test_a_wrong_value(project):
    assert "verbose" in refusal(project, "verbose=perhaps")
    message = refusal(project, "deploy=cloud")
    assert "deploy=cloud: not one of direct" in message


@pytest.mark.parametrize("board, package", [("stm32f4", "gcc-arm-none-eabi"), ("qemu-rv32", "gcc-riscv64-unknown-elf")])
def test_no_cross_compiler(project, board, package):
    message = refusal(project, f"board={board}", PATH=str(project.tools))
    assert f"board {board}: no " in message and f"sudo apt-get install {package}" in message


def test_no_iree_compile(project, tmp_path):
    # An interpreter elsewhere: the tool is also looked for beside it.
    project.write("SConstruct", f"import sys\nsys.executable = '/nowhere/python'\n{SCONSTRUCT}")
    (project.tools / "iree-compile").unlink()
    python = os.path.dirname(sys.executable)
    path = os.pathsep.join(p for p in ["/usr/bin", "/bin"] if p != python)
    message = refusal(project, IREE_COMPILE=None, IREE_PYTHON=None, PATH=f"{project.tools}:{path}")
    assert "iree-compile not found. Install it: " in message and f"pip install iree-base-compiler=={compiler.PINNED}" in message
    message = refusal(project, IREE_COMPILE="/nowhere/iree-compile")
    assert "IREE_COMPILE=/nowhere/iree-compile: no such tool" in message


def test_no_host_compiler(project, tmp_path):
    for name in ("gcc", "ar"):
        (project.tools / name).unlink()
    message = refusal(project, PATH=f"{project.tools}:{restricted_path(tmp_path / 'bin', 'gcc')}")
    assert "board host: no gcc on the search path" in message and "apt-get install gcc" in message


@pytest.mark.parametrize(
    "line, said",
    [
        ('env.IreeModel("none.mlir")', "none.mlir"),
        ('env.IreeModel("main.c")', "main.c: a model is an .mlir, .mlirbc, .onnx or .tflite file"),
        ('env.IreeModel("2-nets.mlir")', "'2-nets' is no C identifier; give one: IreeModel(…, name='model')"),
    ],
)
def test_a_model_that_cannot_be_one(project, line, said):
    project.write("2-nets.mlir", "module {}\n")
    project.write("SConscript", f'Import("env")\n{line}\n')
    assert said in refusal(project)


def test_a_wrong_board_file(project):
    project.write("boards/mine.py", "cpus = 4\n")
    assert "unknown field 'cpus'. Did you mean cpu?" in refusal(project, "board=mine", "boards_path=boards")
