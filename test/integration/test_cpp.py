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
    main.write_text(
        main.read_text()
        + "\nint digits();\nstatic int now = board_count();\nint digits() { return now; }\nint (*volatile used)() = digits;\n"
    )
    done = project.attempt("board=stm32f4")
    assert done.returncode == 2 and "constructors are not run on board stm32f4: initialize in main" in done.stdout + done.stderr


DESTRUCTORS = """
struct Sensor { virtual ~Sensor() {} virtual int read() = 0; };
struct Fixed final : Sensor { int value; Fixed(int v) : value(v) {} int read() override { return value; } };
static int read_all() {
  Fixed here(30);
  %s
  return here.read() + heap;
}
int (*volatile used)() = read_all;
"""


@pytest.mark.parametrize("board", ["stm32f4", "qemu-rv32"])
def test_virtual_destructors_new_and_delete(project, board):
    main = project.folder / "main.cpp"
    text = main.read_text().replace(
        "int main() {", DESTRUCTORS + 'int main() {\n  board_print_int(used(), 0);\n  board_print(" read\\n");'
    )
    main.write_text(text % "int heap = 0;")
    assert "30 read" in project.run(f"board={board}", "run")
    main.write_text(
        text % "Sensor *other = new Fixed(12); int heap = other->read(); delete other; int *more = new int[3]; delete[] more;"
    )
    assert "42 read" in project.run(f"board={board}", "heap=1K", "run")
    done = project.attempt(f"board={board}", "run")
    assert done.returncode == 2 and "Build with" in done.stdout and "heap=" in done.stdout
