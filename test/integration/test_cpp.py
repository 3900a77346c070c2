"""An application in C++."""

import re

import pytest
from projects import Project


@pytest.fixture
def project(tmp_path):
    project = Project.copy("cpp", tmp_path / "cpp")
    project.add_tool()
    project.add_model()
    return project


@pytest.mark.parametrize("board", ["stm32f4", "qemu-rv32", "host"])
def test_it_runs(project, board):
    printed = project.run(f"board={board}", "run", "verbose=1")
    assert re.search(r"^best \d$", printed, re.MULTILINE)
    compiled = [line for line in printed.splitlines() if " -c " in line and line.rstrip().endswith(("main.cpp", "best.cc"))]
    assert len(compiled) == 2 and all("g++ " in line and "-std=gnu++17" in line for line in compiled)


def test_what_runs_before_main_is_refused(project):
    main = project.folder / "main.cpp"
    main.write_text(main.read_text() + "\nint digits();\nstatic int now = board_count();\nint digits() { return now; }\nint (*volatile used)() = digits;\n")
    done = project.attempt("board=stm32f4")
    assert done.returncode == 2 and "constructors are not run on board stm32f4: initialize in main" in done.stdout + done.stderr
