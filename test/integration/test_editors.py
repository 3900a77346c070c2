"""scons vscode and scons eclipse: what they write, and whether what that names can be run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from iree_baremetal import board
from iree_baremetal.device import emulator
from projects import checkout

BOARD = "board=stm32f4"
FOLDER = "${workspaceFolder}"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = checkout(tmp_path_factory.mktemp("editors") / "my project")
    project.run(BOARD)
    project.run(BOARD, "vscode", "eclipse")
    return project


def read(project, name, key):
    return {
        entry.get("label") or entry["name"]: entry for entry in json.loads((project.folder / ".vscode" / name).read_text())[key]
    }


def call(project, command, *arguments):
    """Runs command as an editor would that was started from a desktop: no environment of Python's is on its search path."""
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if p != os.path.dirname(sys.executable))
    return subprocess.run(
        [command, *arguments], cwd=project.folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )


def test_tasks(project):
    tasks = read(project, "tasks.json", "tasks")
    assert list(tasks) == [f"{verb} {BOARD}" for verb in ("build", "run", "verify", "size", "flash")]
    assert tasks[f"build {BOARD}"]["group"] == "build"
    for verb in ("build", "run", "size"):
        task = tasks[f"{verb} {BOARD}"]
        done = call(project, task["command"], *task["args"])
        assert done.returncode == 0, done.stderr


def problems(project, said):
    """What an editor takes from the output of a build: dictionaries of file, line, message, …, by the source they are of."""
    found, lines = [], said.splitlines()
    for matcher in read(project, "tasks.json", "tasks")[f"build {BOARD}"]["problemMatcher"]:
        pattern = matcher["pattern"]
        for number in range(len(lines)):
            steps = pattern if isinstance(pattern, list) else [pattern]
            matches = [re.match(step["regexp"], line) for step, line in zip(steps, lines[number:])]
            if len(matches) == len(steps) and all(matches):
                values = {"source": matcher["source"], "severity": matcher.get("severity")}
                for step, match in zip(steps, matches):
                    values |= {key: match[group] for key, group in step.items() if isinstance(group, int)}
                found.append(values)
    return found


def attempt(project, old, new, *arguments):
    """The problems of a build of the sample's main.c with old replaced by new."""
    source = project.folder / "samples" / "digits" / "main.c"
    before = source.read_text()
    source.write_text(before.replace(old, new))
    done = project.attempt(BOARD, *arguments)
    source.write_text(before)
    assert done.returncode == 2
    return problems(project, done.stdout + done.stderr)


def test_the_problem_matcher_finds_gccs_errors(project):
    found = attempt(project, "int right = 0;", "int right = nothing;")
    error = next(problem for problem in found if problem["source"] == "gcc" and problem["severity"] == "error")
    source = project.folder / "samples" / "digits" / "main.c"
    assert os.path.samefile(project.folder / error["file"], source)
    assert "int right = 0;" in source.read_text().splitlines()[int(error["line"]) - 1] and int(error["column"]) > 1
    assert "'nothing' undeclared" in error["message"]


def test_the_problem_matcher_finds_the_linkers_errors(project):
    found = attempt(project, "int right = 0;", "extern int missing(void); int right = missing();")
    (error,) = [problem for problem in found if problem["source"] == "ld"]
    assert error["file"].endswith("samples/digits/main.c") and error["message"] == "undefined reference to `missing'"
    assert "int right = 0;" in (project.folder / "samples" / "digits" / "main.c").read_text().splitlines()[int(error["line"]) - 1]


def test_the_problem_matcher_finds_the_builds_errors(project):
    found = attempt(project, "int right = 0;", "static volatile char all[200000]; all[9] = 1; int right = 0;")
    (error,) = [problem for problem in found if problem["source"] == "scons"]
    assert error["file"] == "build/stm32f4/digits/digits.elf" and error["message"].startswith("RAM of stm32f4: digits.elf takes ")
    (error,) = attempt(project, "", "", "stack=100")
    assert error["source"] == "scons" and error["message"].startswith("stack=100: not a multiple of 16")
    assert os.path.exists(error["file"]) and int(error["line"])


@pytest.mark.skipif(not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name")
def test_the_debug_session_in_qemu(project):
    project.run(BOARD)
    launch = read(project, "launch.json", "configurations")["build/stm32f4/digits/digits.elf in QEMU"]
    assert launch["preLaunchTask"] in read(project, "tasks.json", "tasks")
    elf = launch["executable"].replace(FOLDER, str(project.folder))
    # As cortex-debug calls it, by its documentation.
    server = [launch["serverpath"], "-cpu", launch["cpu"], "-machine", launch["machine"], "-nographic"]
    server += ["-semihosting-config", "enable=on,target=native", "-gdb", "tcp::0", "-S", "-kernel", elf, *launch["serverArgs"]]
    server[server.index("tcp::0")] = f"unix:{project.folder / 'gdb'},server=on,wait=off"
    qemu = subprocess.Popen(server, cwd=project.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        steps = [
            f"target remote {project.folder / 'gdb'}",
            f"break {launch['runToEntryPoint']}",
            "continue",
            "bt 1",
            "delete",
            "continue",
        ]
        words = [word for step in steps for word in ("-ex", step)]
        done = call(project, launch["gdbPath"], "-batch", elf, *words)
    finally:
        printed, _ = qemu.communicate(timeout=60)
    assert "#0  main () at samples/digits/main.c" in done.stdout, done.stdout + done.stderr
    assert "149 of 150 right" in printed


@pytest.mark.skipif(not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name")
def test_kernels_can_be_stepped_into(project):
    """From the call in iree_direct.h, as one steps into any function; the frame below is that of the call."""
    project.run(BOARD)
    elf = project.folder / "build/stm32f4/digits/digits.elf"
    text = next(project.folder.rglob("iree_direct.h")).read_text().splitlines()
    call = next(number for number, line in enumerate(text, 1) if "program->kernels[" in line)
    line = emulator.command(board.load("stm32f4"), elf)
    socket = f"unix:{project.folder / 'gdb'},server=on,wait=off"
    qemu = subprocess.Popen([*line, "-S", "-gdb", socket], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        steps = [
            f"target remote {project.folder / 'gdb'}",
            f"break iree_direct.h:{call}",
            "continue",
            "delete",
            "step",
            "bt 2",
            "kill",
        ]
        done = call_gdb(project, elf, steps)
    finally:
        qemu.kill()
        qemu.wait()
    assert re.search(r"^#0 +(0x\w+ in )?classify\$async_dispatch_\d+_\w+ \(\)", done.stdout, re.MULTILINE), (
        done.stdout + done.stderr
    )
    assert re.search(r"^#1 .*iree_direct_run", done.stdout, re.MULTILINE)


def call_gdb(project, elf, steps):
    return call(project, "gdb-multiarch", "-batch", elf, *(word for step in steps for word in ("-ex", step)))


def test_sessions_on_the_board(project):
    launches = read(project, "launch.json", "configurations")
    by = {launch["servertype"]: launch for launch in launches.values()}
    assert set(by) == {"qemu", "openocd", "pyocd"}
    assert by["openocd"]["configFiles"] == ["interface/stlink.cfg", "target/stm32f4x.cfg"]
    assert by["pyocd"]["targetId"] == "stm32f407vg"


def test_properties_lead_to_the_database(project):
    properties = read(project, "c_cpp_properties.json", "configurations")["stm32f4"]
    path = properties["compileCommands"].replace(FOLDER, str(project.folder))
    assert any(entry["file"] == "samples/digits/main.c" for entry in json.load(open(path)))


def files(project):
    names = [".project", ".cproject", *(f".vscode/{name}.json" for name in ("tasks", "launch", "c_cpp_properties"))]
    return {name: (project.folder / name).read_bytes() for name in names}


def test_a_second_time_changes_nothing(project):
    before = files(project)
    assert project.run(BOARD, "vscode", "eclipse").count("all there") == 2
    assert files(project) == before


def test_another_board_adds_to_it(project):
    before = {name: list(read(project, name, key)) for name, key in (("tasks.json", "tasks"), ("launch.json", "configurations"))}
    project.run("board=qemu-rv32", "vscode", "eclipse")
    assert list(read(project, "tasks.json", "tasks"))[: len(before["tasks.json"])] == before["tasks.json"]
    launch = read(project, "launch.json", "configurations")["build/qemu-rv32/digits/digits.elf in QEMU"]
    assert launch["serverpath"] == "qemu-system-riscv32"
    tree = ElementTree.parse(project.folder / ".cproject")
    assert [node.get("name") for node in tree.iter("configuration")] == [BOARD, "board=qemu-rv32"]


def test_a_debugger_for_the_host(project):
    project.run("board=host", "vscode")
    assert read(project, "launch.json", "configurations")["build/host/digits/digits"]["type"] == "cppdbg"


def test_a_file_that_cannot_be_read_stays(tmp_path):
    project = checkout(tmp_path / "checkout")
    (project.folder / ".vscode").mkdir()
    launch = project.folder / ".vscode" / "launch.json"
    launch.write_text('{"configurations": [')
    done = project.attempt(BOARD, "vscode")
    assert done.returncode == 2 and ".vscode/launch.json:1: " in done.stderr and "Traceback" not in done.stderr
    assert launch.read_text() == '{"configurations": [' and not (project.folder / ".vscode" / "tasks.json").exists()


def test_eclipse_has_the_parts_that_cdt_reads(project):
    root = ElementTree.parse(project.folder / ".cproject").getroot()
    assert (project.folder / ".cproject").read_text().splitlines()[0].count("<?fileVersion 4.0.0?>") == 1
    ids = [node.get("id") for node in root.iter() if node.get("id") and node.tag not in ("extension", "storageModule")]
    assert len(set(ids) - {""}) == len(ids) - len(root.findall(".//cconfiguration"))  # its own, twice each
    for configuration in root.iter("cconfiguration"):
        modules = {node.get("moduleId"): node for node in configuration.findall("storageModule")}
        assert set(modules) == {"org.eclipse.cdt.core.settings", "cdtBuildSystem", "org.eclipse.cdt.core.externalSettings"}
        toolchain = modules["cdtBuildSystem"].find("configuration/folderInfo/toolChain")
        assert {"targetPlatform", "builder", "tool"} == {node.tag for node in toolchain}
        for node in toolchain.iter():
            assert node.get("superClass") is None or node.get("id").startswith(node.get("superClass"))
    natures = [node.text for node in ElementTree.parse(project.folder / ".project").iter("nature")]
    assert natures[0] == "org.eclipse.cdt.core.cnature"


def test_eclipse_builds_cleans_and_runs(project):
    root = ElementTree.parse(project.folder / ".cproject").getroot()
    builder = next(node for node in root.iter("builder") if node.get("arguments").endswith(BOARD))
    assert builder.get("managedBuildOn") == "false"
    arguments = shlex.split(builder.get("arguments"))
    assert call(project, builder.get("command"), *arguments).returncode == 0
    target = next(node for node in root.iter("target") if node.get("name") == f"run {BOARD}")
    words, goal = shlex.split(target.findtext("buildArguments")), target.findtext("buildTarget")
    assert "149 of 150 right" in call(project, target.findtext("buildCommand"), *words, goal).stdout
    assert call(project, builder.get("command"), *arguments, builder.get("cleanBuildTarget")).returncode == 0
    assert not (project.folder / "build/stm32f4/digits").exists()


def test_eclipse_keeps_what_is_there(project):
    path = project.folder / ".cproject"
    text = re.sub(r'command="[^"]+"', 'command="mine"', path.read_text())
    path.write_text(text.replace("<buildTargets>", "<!-- my own --><buildTargets>"))
    project.run("board=mps2-an386", "eclipse")
    text = path.read_text()
    assert text.count('command="mine"') == 2 and "<!-- my own -->" in text and "board=mps2-an386" in text


def test_eclipse_refuses_what_it_cannot_read(project):
    (project.folder / ".project").write_text("<projectDescription>")
    done = project.attempt(BOARD, "eclipse")
    assert done.returncode == 2 and ".project: " in done.stderr and "Mend it" in done.stderr
