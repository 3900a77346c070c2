"""scons compiledb with the real compilers: what is in it, two boards in one, and clangd's opinion."""

import json
import os
import shutil
import subprocess

import pytest
from projects import checkout

BOARDS = ("stm32f4", "qemu-rv32", "host")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A checkout with a sample and a database for all of BOARDS."""
    project = checkout(tmp_path_factory.mktemp("editors") / "a checkout")
    for board in BOARDS:
        project.run(f"board={board}")
        project.run(f"board={board}", "compiledb")
    return project


def database(project, below="."):
    return json.loads((project.folder / below / "compile_commands.json").read_text())


def test_each_file_for_each_board(project):
    entries = database(project)
    of_main = [entry for entry in entries if entry["file"] == "samples/digits/main.c"]
    assert [entry["output"] for entry in of_main] == [f"build/{board}/digits/main.o" for board in reversed(BOARDS)]
    outputs = [entry["output"] for entry in entries]
    assert len(set(outputs)) == len(outputs)


def test_a_database_for_each_board(project):
    for board in BOARDS:
        entries = database(project, f"build/{board}")
        assert entries and all(entry["output"].startswith(f"build/{board}/") for entry in entries)


def test_absolute_compilers_and_their_headers(project):
    for entry in database(project):
        compiler, *rest = entry["arguments"]
        assert os.path.isabs(compiler) and os.path.exists(compiler)
        system = [rest[number + 1] for number, word in enumerate(rest) if word == "-isystem"]
        assert any(os.path.exists(os.path.join(folder, "string.h")) for folder in system)


def test_a_second_time_changes_nothing(project):
    path = project.folder / "compile_commands.json"
    before = path.read_text(), path.stat().st_mtime_ns
    project.run("board=host", "compiledb")
    assert (path.read_text(), path.stat().st_mtime_ns) == before


def test_files_that_went_are_forgotten(project):
    path = project.folder / "compile_commands.json"
    entries = database(project)
    path.write_text(json.dumps([*entries, {**entries[0], "file": "gone.c", "output": "gone.o"}]))
    project.run("board=host", "compiledb")
    assert database(project) == entries


def test_a_database_of_another_kind(project):
    path = project.folder / "compile_commands.json"
    before = path.read_text()
    path.write_text("not JSON")
    done = project.attempt("board=host", "compiledb")
    path.write_text(before)
    assert done.returncode == 2
    assert "compile_commands.json: not a compilation database" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("clangd"), reason="needs clangd, of the Debian package of that name")
@pytest.mark.parametrize("board", BOARDS)
def test_clangd_finds_every_header(project, board):
    for file in ("samples/digits/main.c", f"build/{board}/digits/iree_digits/digits.c"):
        command = ["clangd", f"--check={file}", f"--compile-commands-dir=build/{board}"]
        done = subprocess.run(command, cwd=project.folder, capture_output=True, text=True)
        assert done.returncode == 0 and ", 0 errors" in done.stderr, done.stderr


def test_of_an_environment_that_records_nothing(tmp_path):
    project = checkout(tmp_path / "checkout")
    (project.folder / "SConstruct").write_text(
        "env = Environment(tools=['gcc', 'iree_baremetal'], CC='arm-none-eabi-gcc', IREE_BOARD='stm32f4')\n"
        "env.IreeCompileCommands()\n"
    )
    done = project.attempt()
    assert done.returncode == 2 and "nothing was recorded" in done.stderr


def test_without_a_folder_it_is_of_all_that_is_compiled(tmp_path):
    """And of other boards, which came before."""
    project = checkout(tmp_path / "flat")
    project.add_model()
    (project.folder / "main.c").write_text('#include "digits.h"\nint main(void) { return digits_classify == 0; }\n')
    (project.folder / "SConstruct").write_text(
        "import os\nenv = Environment(tools=['iree_baremetal'], ENV=os.environ, IREE_BOARD=ARGUMENTS['board'])\n"
        "env.SConscript('SConscript', exports='env', variant_dir=f'build-{ARGUMENTS[\"board\"]}', duplicate=False)\n"
        "env.IreeCompileCommands()\n"
    )
    (project.folder / "SConscript").write_text(
        "Import('env')\nenv.IreeFirmware('app', ['main.c', env.IreeModel('digits.onnx')])\n"
    )
    for board in ("stm32f4", "qemu-rv32"):
        project.run(f"board={board}", "compiledb")
    found = [entry["output"] for entry in database(project) if entry["file"] == "main.c"]
    assert found == ["build-qemu-rv32/main.o", "build-stm32f4/main.o"]
    assert all("-isystem" in entry["arguments"] for entry in database(project))
