"""Each command and each block of code in README.md is run, and its sample output is what comes out.

sconsw hands its arguments to scons; here scons gets them itself, in the environment that the tests run in. What
sconsw does before is in test_sconsw.py and, on a machine with nothing, in test/reliability/newcomer.py.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import documents
import pytest
from iree_baremetal import board

README = (documents.ROOT / "README.md").read_text()

# Command -> what it must print.
RUN = {
    "./sconsw board=stm32f4 run": "149 of 150 right",
    "scons board=stm32f4 model=path/to/model.onnx run": r"call 3, classify, \w+: \[",
    "scons board=stm32f4 model=path/to/model.onnx bench": r"instructions[\s\S]*_bench\.json, \.html",
    "scons -h": r"Boards:[\s\S]*  stm32f4 [\s\S]*Targets:[\s\S]*  verify [\s\S]*Options:[\s\S]*\noptimize: ",
    "scons boards": "stm32f4 .* netduinoplus2",
    "scons new-board name=X from=stm32f4": r"boards/X\.py: fill it in",
}
# Command -> the test that runs it.
ELSEWHERE = {
    "scons board=stm32f4 model=path/to/model.onnx tune": "test/live/test_tune.py",
    "scons board=stm32f4 model=path/to/model.tflite verify": "test/live/test_tflite.py",
    "./sconsw test": "test/reliability/newcomer.py",
    "pip install .": "test/integration/test_wheel.py",
    "scons export": "test/live/test_export.py",
    "scons fetch-iree": "test/runtime/test_fetch.py",
    ". .venv/bin/activate": "test/live/test_readme.py",
}


@pytest.fixture(scope="module")
def project(checkout):
    model = checkout.folder / "path/to/model.onnx"
    model.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(checkout.folder / "samples/digits/digits.onnx", model)
    yield checkout
    (checkout.folder / "boards/X.py").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def printed(project):
    """What the README's first command prints."""
    return project.once("board=stm32f4", "run")


def test_every_command_is_run_by_a_test():
    assert set(documents.commands(README)) == {*RUN, *ELSEWHERE}
    assert all((documents.ROOT / file).is_file() for file in ELSEWHERE.values())


def test_every_block_is_known():
    """An indented block is of commands, the sample's output, or the picture; a fenced one is run below."""
    assert set(re.findall(r"^```(\w+)", README, re.MULTILINE)) == {"c", "python"}
    assert len(documents.fenced(README, "c")) == 1 and len(documents.fenced(README, "python")) == 2
    known = set(documents.commands(README))
    for block in documents.indented(README):
        lines = {re.sub(r"\s+#.*", "", line) for line in block.splitlines()}
        assert lines <= known or block.startswith("answers,") or "►" in block, block


@pytest.mark.parametrize("command", RUN)
def test_a_command(project, command):
    words = command.split()[1:]
    assert re.search(RUN[command], project.once(*words))


def test_an_activated_environment(project):
    if not (Path(sys.prefix) / "bin/activate").exists():
        pytest.skip("the tests' own interpreter is in no environment")
    if not (project.folder / ".venv").exists():
        (project.folder / ".venv").symlink_to(sys.prefix)
    done = subprocess.run(["sh", "-c", ". .venv/bin/activate && scons -h"], cwd=project.folder, capture_output=True, text=True)
    assert done.returncode == 0 and "Boards:" in done.stdout


def test_the_sample_output(printed):
    """To the byte and the instruction, with the compiler that the README's numbers are of: Debian 12's."""
    [sample] = [block for block in documents.indented(README) if block.startswith("answers,")]
    version = subprocess.run(["arm-none-eabi-gcc", "-dumpversion"], capture_output=True, text=True).stdout
    if not version.startswith("12.2."):
        pytest.skip(f"arm-none-eabi-gcc is {version.strip()}")
    wanted = [line.rstrip() for line in sample.splitlines() if line.strip() != "…"]
    assert len(wanted) > 10
    assert set(wanted) <= {line.rstrip() for line in printed.splitlines()}


def test_the_sizes(printed):
    def row(name):
        return [
            int(cell.replace(",", "").replace("-", "0"))
            for cell in re.search(rf"^{name}  +(.*)", printed, re.MULTILINE)[1].split()
        ]

    text = re.sub(r"\s+", " ", README)
    assert f"{row('kernels')[0]:,} of kernels and {row('weights')[0]:,} of weights" in text
    flash, ram, _ = row("used")
    data = 150 * 65  # images and labels
    assert flash - row("kernels")[0] - row("weights")[0] - data < int(
        re.search(r"is under ([\d,]+) of flash", text)[1].replace(",", "")
    )
    assert f"and {ram - row('arena')[1] - row('stack')[1]} of RAM beside the arena and the stack" in text


def test_the_number_of_boards():
    emulated = [name for name in board.names() if name != "host" and not board.load(name).vmfb_only and board.load(name).emulated]
    assert f"lists {len(emulated)} boards with an emulator" in README


def test_the_code_is_a_project(project, tmp_path):
    """The README's C is the application, its SConstruct builds it; both ways to find the tool."""
    declarations, _, call = documents.fenced(README, "c")[0].rpartition("\n\n")
    assert call.rstrip().endswith("…")
    (tmp_path / "main.c").write_text(f"{declarations}\n\nint main(void) {{\n{call.replace('…', 'return 1;')}  return 0;\n}}\n")
    shutil.copy(project.folder / "path/to/model.onnx", tmp_path / "digits.onnx")
    sconstruct, installed = documents.fenced(README, "python")
    rest = sconstruct[sconstruct.index("model = ") :]
    for text, arguments in ((sconstruct, [f"--site-dir={documents.ROOT / 'site_scons'}"]), (installed + rest, [])):
        (tmp_path / "SConstruct").write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "SCons", "-Q", *arguments, "run", "verify"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(documents.ROOT / "site_scons/site_tools")},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "digits.elf on stm32f4" in done.stdout and "on stm32f4 agree with the host" in done.stdout
        shutil.rmtree(tmp_path / "build", ignore_errors=True)


def test_options_and_targets_are_those_of_the_help(project):
    """The README's table beside `scons -h`: no more targets than there are, and no fewer."""
    said = project.once("-h")
    targets = {
        name
        for names in re.findall(r"^  (\S+(?:, \S+)*)  ", said.split("Targets:")[1].split("Options:")[0], re.MULTILINE)
        for name in names.split(", ")
    }
    options = set(re.findall(r"^(\w+): ", said.split("Options:")[1], re.MULTILINE))
    table = "".join(line.split(" | ")[0] for line in README.splitlines() if line.startswith("| `"))
    named = re.findall(r"`([\w-]+)(=?)\d?`", table)
    assert {name for name, equals in named if equals} <= options
    assert {name for name, equals in named if not equals} - {"-c"} == targets - {"(none)"}
