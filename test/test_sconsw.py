"""sconsw with fake tools: what it installs, and when; what it says when it cannot."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COREUTILS = ["sh", "cat", "dirname", "env", "find", "id", "mkdir", "readlink"]
TOOLS = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf",
    "qemu-system-arm": "qemu-system-arm",
    "qemu-system-riscv32": "qemu-system-misc",
    "gdb-multiarch": "gdb-multiarch",
    "gcc": "gcc",
    # For the tests only.
    "clangd": "clangd",
    "g++": "g++",
}
LIBRARIES = "libnewlib-arm-none-eabi picolibc-riscv64-unknown-elf libc6-dev"

# A compiler finds the files of its C library once the marker of that is there.
TOOL = """#!/bin/sh
[ -e "$BIN/libraries" ] || { echo "${1#-print-file-name=}"; exit 1; }
echo "/lib/${1#-print-file-name=}"
"""

# The environment that the fake `-m venv` makes holds this same file, so it plays pip and scons, too.
PYTHON = """#!/bin/sh
case "$1 $2" in
  "-c import sys; sys.exit"*) exit "${TOO_OLD:-0}" ;;
  "-c import sys; print"*) echo "$BIN/python3"; exit ;;
  "-c import ensurepip"*) [ -e "$BIN/ensurepip" ]; exit ;;
  "-V "*) echo "Python 3.8.2"; exit ;;
esac
printf '%s\\n' "python $*" >>"$LOG"
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin"; cat "$BIN/python3" >"$3/bin/python"; chmod +x "$3/bin/python" ;;
  "-m pip") exit "${PIP_FAILS:-0}" ;;
esac
"""

APT = """#!/bin/sh
printf '%s\\n' "apt-get $*" >>"$LOG"
case "$*" in
  update*) exit "${UPDATE_FAILS:-0}" ;;
esac
touch "$BIN/libraries" "$BIN/ensurepip"
for package; do
  case $package in
TOOLS
  esac
done
"""


class Machine:
    """A project, a PATH with nothing but what each test puts there, and a log of what was called."""

    def __init__(self, folder):
        self.project = folder / "my project"
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.project.mkdir()
        self.bin.mkdir()
        for name in ("sconsw", "requirements.txt"):
            shutil.copy(ROOT / name, self.project)
        for name in [*COREUTILS, "chmod", "touch", "cp"]:
            (self.bin / name).symlink_to(shutil.which(name))
        self.add("template", TOOL)
        self.add("python3", PYTHON)
        self.user("0")

    def add(self, name, text):
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def user(self, number):
        self.add("id", f"#!/bin/sh\necho {number}\n")

    def with_apt(self):
        cases = "\n".join(f'    {p}) cp "$BIN/template" "$BIN/{t}" ;;' for t, p in TOOLS.items())
        self.add("apt-get", APT.replace("TOOLS", cases))
        return self

    def with_tools(self):
        for name in TOOLS:
            self.add(name, TOOL)
        (self.bin / "libraries").touch()
        (self.bin / "ensurepip").touch()
        return self

    def run(self, *arguments, **variables):
        """(exit code, stderr, the calls of pip, apt, scons, … since the last run)."""
        self.log.write_text("")
        environment = {"PATH": str(self.bin), "BIN": str(self.bin), "LOG": str(self.log), **variables}  # no HOME
        result = subprocess.run(
            [self.project / "sconsw", *arguments], env=environment, cwd="/", capture_output=True, text=True
        )
        return result.returncode, result.stderr, self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


INSTALL = "python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt"


def test_fresh_machine(machine):
    code, said, calls = machine.with_apt().run("board=stm32f4", "run")
    packages = set(" ".join([*TOOLS.values(), LIBRARIES, "python3-venv"]).split()) - {"clangd", "g++"}
    assert code == 0
    assert calls[0] == "apt-get update -qq"
    assert calls[1].startswith("apt-get install -y -qq --no-install-recommends ")
    assert set(calls[1].split()[5:]) == packages
    assert calls[2:] == ["python -m venv .venv", INSTALL, "python -m SCons board=stm32f4 run"]
    assert "apt-get install --no-install-recommends" in said


def test_second_run_only_calls_scons(machine):
    machine.with_apt().run()
    assert machine.run("-j2", "a b") == (0, "", ["python -m SCons -j2 a b"])


def test_tools_without_apt(machine):
    code, _, calls = machine.with_tools().run()
    assert (code, calls) == (0, ["python -m venv .venv", INSTALL, "python -m SCons"])


def test_installs_only_what_is_missing(machine):
    machine.with_apt().with_tools().run()
    (machine.bin / "qemu-system-arm").unlink()
    _, _, calls = machine.run()
    assert calls[1:] == [
        "apt-get install -y -qq --no-install-recommends qemu-system-arm",
        "python -m SCons",
    ]


def test_an_archive_that_cannot_be_reached(machine):
    code, _, calls = machine.with_apt().run(UPDATE_FAILS="100")
    assert code == 0 and calls[-1] == "python -m SCons"


def test_tests(machine):
    _, _, calls = machine.with_tools().run("test", "-k", "one or two")
    assert calls[-1] == "python -m pytest -o testpaths=test -k one or two"


def test_not_root_but_sudo(machine):
    machine.with_apt().user("1000")
    machine.add("sudo", '#!/bin/sh\necho "sudo $1" >>"$LOG"\nexec "$@"\n')
    code, said, calls = machine.run()
    assert code == 0
    assert calls[:2] == ["sudo apt-get", "apt-get update -qq"]
    assert calls[2] == "sudo env"
    assert "sudo apt-get install" in said


def test_neither_root_nor_sudo(machine):
    machine.with_apt().user("1000")
    code, said, calls = machine.run()
    assert (code, calls) == (2, [])
    assert "root must install them: apt-get install --no-install-recommends gcc-arm-none-eabi " in said


def test_no_apt(machine):
    machine.with_tools()
    (machine.bin / "gcc").unlink()
    code, said, calls = machine.run()
    assert (code, calls) == (2, [])
    assert said == "sconsw: there is no apt to install what is missing. Put on PATH what these Debian packages hold: gcc libc6-dev\n"


def test_apt_fails(machine):
    machine.add("apt-get", "#!/bin/sh\nexit 100\n")
    code, said, calls = machine.run()
    assert (code, calls) == (2, [])
    assert "apt could not install them" in said


def test_apt_installs_but_not_on_path(machine):
    machine.add("apt-get", "#!/bin/sh\n")
    code, said, _ = machine.run()
    assert code == 2 and "not to be found on PATH: the tools of gcc-arm-none-eabi" in said


def test_changed_requirements(machine):
    machine.with_tools().run()
    with open(machine.project / "requirements.txt", "a") as requirements:
        requirements.write("another==1\n")
    assert machine.run()[2] == ["python -m venv .venv", INSTALL, "python -m SCons"]
    assert machine.run()[2] == ["python -m SCons"]


def test_half_made_environment(machine):
    machine.with_tools()
    code, said, calls = machine.run(PIP_FAILS="1")
    assert code == 2 and calls[-1] == INSTALL
    assert "could not make .venv" in said
    (machine.project / ".venv" / "left over").touch()
    assert machine.run()[2] == ["python -m venv .venv", INSTALL, "python -m SCons"]
    assert not (machine.project / ".venv" / "left over").exists()


def test_python_replaced(machine):
    machine.with_tools().run()
    python = machine.project / ".venv/bin/python"
    python.unlink()
    python.symlink_to(machine.bin / "python3")  # as after an upgrade: it leads elsewhere now
    assert machine.run()[2][-2:] == [INSTALL, "python -m SCons"]


def test_project_moved(machine, tmp_path):
    machine.with_tools().run()
    machine.project = machine.project.rename(tmp_path / "elsewhere")
    assert machine.run()[2] == ["python -m venv .venv", INSTALL, "python -m SCons"]


def test_an_environment_of_the_users_own(machine):
    (machine.project / ".venv").mkdir()
    (machine.project / ".venv" / "precious").touch()
    code, said, _ = machine.with_tools().run()
    assert code == 2 and ".venv is not sconsw's. Move it away" in said
    assert (machine.project / ".venv" / "precious").exists()


def test_old_python(machine):
    code, said, _ = machine.with_tools().run(TOO_OLD="1")
    assert code == 2 and "python3 is Python 3.8.2; ONNX Runtime needs 3.11 or later" in said


def test_no_python(machine):
    (machine.bin / "python3").unlink()
    code, said, _ = machine.with_tools().run()
    assert code == 2 and "no python3 on PATH. Install Python 3.11 or later" in said


def test_a_python_by_name(machine):
    machine.with_tools().add("python9", PYTHON.replace("python3", "python9"))
    (machine.bin / "python3").unlink()
    assert machine.run(PYTHON="python9")[0] == 0


def test_ci_runs_it():
    assert os.access(ROOT / "sconsw", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec ./sconsw test"


def test_the_tests_want_an_editors_server_and_cxx_too(machine):
    code, said, calls = machine.with_apt().run("test")
    assert code == 0
    assert any(call.startswith("apt-get install") and {"clangd", "g++"} <= set(call.split()) for call in calls)
