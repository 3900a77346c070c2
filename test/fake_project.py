"""A project whose tools are shell scripts: they note that they ran and write what they were asked for.

What a fake writes is made of what it read, so a change travels as far as it would with real tools.
"""

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import iree_baremetal

SITE_TOOLS = Path(iree_baremetal.__file__).parents[1]

SCONSTRUCT = """
import os

variables = Variables(None, ARGUMENTS)
given = {name: value for name, value in os.environ.items() if name.startswith("IREE_")}
env = Environment(tools=[("iree_baremetal", {"variables": variables})], toolpath=[%r], ENV=os.environ, **given)
env.Append(IREE_COMPILEFLAGS=os.environ.get("MORE_FLAGS", "").split())
SConscript("SConscript", exports="env", variant_dir="build", duplicate=False)
""" % str(SITE_TOOLS)

SCONSCRIPT = """
Import("env")
model = env.IreeModel("net.mlir")
other = env.IreeModel("other.onnx")
data = env.IreeData("held_out.npz")
env.Default(env.IreeFirmware("program", ["main.c", "extra.c", data[0], model, other]))
"""

# Noted as "name subject": the subject is what the tool was to make.
_START = """#!/bin/sh
name=$(basename "$0")
output= ; source= ; before=
for argument; do
  [ "$before" = -o ] && output=$argument
  case $argument in *.mlir|*.mlirbc|*.onnx|*.c|*.S|*.o|*.a) source="$source $argument";; esac
  before=$argument
done
inputs() { for input in $source; do [ "$input" != "$output" ] && [ -f "$input" ] && cat "$input"; done; true; }
note() { echo "$name $(basename "$1")" >>"$FAKES_LOG"; }
write() { mkdir -p "$(dirname "$1")"; { echo "$name"; inputs; } >"$1"; }
fails() { [ "$FAKES_FAIL" = "$name ${1##*/}" ] || [ "$FAKES_FAIL" = "$name" ] && { echo half >"$1"; echo "$name: broken on purpose" >&2; exit 7; }; }
"""

FAKES = {
    "iree-compile": """
note "$output"
for argument; do
  case $argument in
    --iree-llvmcpu-static-library-output-path=*) library=${argument#*=};;
  esac
done
case $output in
  *.hal.mlirbc)
    write "$library"
    [ -n "$FAKES_FORGET" ] || write "${library%.o}.h";;
esac
fails "$output"
write "$output"
echo "<unknown>:0: warning: Resolution of CPU to CPU-features is not implemented on this target architecture" >&2
""",
    "fake-python": """
name=$2
case $name in
  codegen)
    note "$3"
    source="$4 $5 $6"
    mkdir -p "$output/include"
    for suffix in .h .c _weights.S _weights.bin _harness.c .plan.json _kernels.syms _kernels.keep; do
      file=$output/$3$suffix
      case $suffix in
        .h) file=$output/include/$3.h;;
      esac
      case $suffix in
        .c|.h|.S|_weights.S) printf '/*' >"$file"; inputs >>"$file"; echo '*/' >>"$file";;
        *) inputs >"$file";;
      esac
    done
    fails "$output/$3.c";;
  lower)
    source=$3
    while [ "$1" != -- ]; do [ "$1" = --flow ] && flow=$2; [ "$1" = --forms ] && forms=$2; shift; done
    shift
    note "$output"
    messages=$("$@" "$source" -o "$output" 2>&1) || { echo "$messages" >&2; exit 7; }
    write "$flow"
    echo '{"others": {}, "shared": {}}' >"$forms"
    fails "$output";;
  import)
    note "$output"
    source=$3
    write "$output"
    echo '{"nodes": {}}' >"${output%.mlir}.names.json"
    fails "$output";;
  *)
    note "$output"; write "$output";;
esac
exit 0
""",
    "gcc": """
[ -n "$output" ] || { echo iree_gcc 12; exit 0; } # asked for its version, or whether it finds its headers
note "$output"
fails "$output"
for argument; do case $argument in -Wl,-Map=*) write "${argument#-Wl,-Map=}";; esac; done
write "$output"
""",
    "ar": """
output=$2; note "$output"; write "$output"
""",
    "ranlib": "exit 0\n",
    "objcopy": """
for argument; do output=$argument; done
note "$output"; fails "$output"; write "$output"
""",
    "size": "exit 0\n",
}


class Result:
    """What a build left: exit code, all that it printed, and the notes of the tools that ran."""

    def __init__(self, done, ran):
        self.code, self.text, self.ran = done.returncode, done.stdout + done.stderr, ran


class Project:
    def __init__(self, folder, sconscript=SCONSCRIPT, prefixes=("",)):
        import numpy

        self.folder, self.log, self.tools = folder, folder / "ran.log", folder / "tools"
        self.environment = {}
        self.write("SConstruct", SCONSTRUCT)
        self.write("SConscript", sconscript)
        self.write("net.mlir", "module {}\n")
        self.write("other.onnx", "protobuf\n")
        self.write("main.c", '#include "net.h"\n#include "own.h"\nint main(void) { return 0; }\n')
        self.write("extra.c", "int extra;\n")
        self.write("own.h", "#define OWN 1\n")
        numpy.savez(folder / "held_out.npz", image=numpy.arange(4, dtype="u1"))
        for name, text in FAKES.items():
            cross = name in ("gcc", "ar", "ranlib", "objcopy", "size")
            for prefix in prefixes if cross else ("",):
                tool = self.write(f"tools/{prefix}{name}", _START.replace('$(basename "$0")', name) + text)
                tool.chmod(0o755)

    def copied(self, folder):
        """The same project elsewhere, with the same tools."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("tools"))
        twin = copy.copy(self)
        twin.folder, twin.log = folder, folder / "ran.log"
        return twin

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def _call(self, arguments, environment):
        """The command that runs scons, and how; environment: further variables, None for one to leave out."""
        self.log.write_text("")
        variables = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "FAKES_LOG": str(self.log),
            "IREE_COMPILE": str(self.tools / "iree-compile"),
            "IREE_PYTHON": str(self.tools / "fake-python"),
            "IREE_COMPILE_VERSION": "3.13.0",
            "IREE_BAREMETAL_DIGEST": "constant",  # others may be editing the tool meanwhile
            **self.environment,
            **environment,
        }
        variables = {name: value for name, value in variables.items() if value is not None}
        return [sys.executable, "-m", "SCons", *arguments], {"cwd": self.folder, "env": variables, "text": True}

    def scons(self, *arguments, **environment):
        """Runs scons; a keyword is a variable of its environment."""
        command, how = self._call(arguments, environment)
        done = subprocess.run(command, capture_output=True, **how)
        return Result(done, sorted(self.log.read_text().splitlines()))

    def start(self, *arguments, **environment):
        """The process of a scons that goes on meanwhile, leader of a process group."""
        command, how = self._call(arguments, environment)
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True, **how)

    def built(self, *arguments, **environment):
        """The notes of the tools that a build ran, which must succeed."""
        result = self.scons(*arguments, **environment)
        assert result.code == 0, result.text
        return result.ran

    def files(self, under="build"):
        """path -> bytes of all files beneath a folder."""
        root = self.folder / under
        return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def restricted_path(folder, without):
    """A search path with all the machine's programs but one."""
    folder.mkdir()
    for directory in ("/bin", "/usr/bin"):
        for program in os.scandir(directory):
            if program.name != without and not (folder / program.name).exists():
                (folder / program.name).symlink_to(program.path)
    return str(folder)
