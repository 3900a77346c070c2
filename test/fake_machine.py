"""A machine of fake tools for sconsw: package managers, compilers and Python that log their calls."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COREUTILS = ["sh", "cat", "dirname", "env", "find", "id", "ln", "ls", "mkdir", "readlink"]
TOOLS = {
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf",
    "qemu-system-arm": "qemu-system-arm",
    "qemu-system-riscv32": "qemu-system-misc",
    "gdb-multiarch": "gdb-multiarch",
    "gcc": "gcc",
    "clangd": "clangd",
    "g++": "g++",
}
LIBRARIES = "libnewlib-arm-none-eabi picolibc-riscv64-unknown-elf libc6-dev"
ARM = "gcc libc arm-none-eabi-gcc arm-none-eabi-libc qemu-system-arm"  # what needed_tools.py says of stm32f4

# A compiler finds the files of its C library once the marker of that is there.
TOOL = """#!/bin/sh
[ -e "$BIN/libraries" ] || { echo "${1#-print-file-name=}"; exit 1; }
echo "/lib/${1#-print-file-name=}"
"""

# The environment that the fake `-m venv` makes holds this same file, so it plays pip and scons, too.
PYTHON = """#!/bin/sh
case "$1 $2" in
  *needed_tools.py*) printf '%s\\n' $NEEDS; exit ;;
  "-c import sys; sys.exit"*) exit "${TOO_OLD:-0}" ;;
  "-c import sys; print"*) echo "$BIN/python3"; exit ;;
  "-c import ensurepip"*) [ -e "$BIN/ensurepip" ]; exit ;;
  "-V "*) echo "Python 3.8.2"; exit ;;
esac
printf '%s\\n' "python $*" >>"$LOG"
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin"; cat "$BIN/python3" >"$3/bin/python"; chmod +x "$3/bin/python" ;;
  "-m pip") exit "${PIP_FAILS:-0}" ;;
  "-m SCons") printf '%s\\n' "in $PWD" >>"$LOG.folder" ;;
esac
"""

MANAGER = """#!/bin/sh
printf '%s\\n' "${0##*/} $*" >>"$LOG"
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
        (self.project / "SConstruct").touch()
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

    def with_manager(self, name, packages):
        """packages: those that it has, tool -> package."""
        cases = "\n".join(f'    {p}) cp "$BIN/template" "$BIN/{t}" ;;' for t, p in packages.items())
        self.add(name, MANAGER.replace("TOOLS", cases))
        return self

    def with_apt(self):
        return self.with_manager("apt-get", TOOLS)

    def with_tools(self):
        for name in TOOLS:
            self.add(name, TOOL)
        (self.bin / "libraries").touch()
        (self.bin / "ensurepip").touch()
        return self

    def run(self, *arguments, **variables):
        """(exit code, stderr, the calls of pip, apt, scons, … since the last run)."""
        self.log.write_text("")
        environment = {"PATH": str(self.bin), "BIN": str(self.bin), "LOG": str(self.log), "NEEDS": ARM, **variables}  # no HOME
        result = subprocess.run([self.project / "sconsw", *arguments], env=environment, cwd="/", capture_output=True, text=True)
        return result.returncode, result.stderr, self.log.read_text().splitlines()
