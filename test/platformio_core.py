"""PlatformIO without its registry: a core folder of packages that are links to what this machine has."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import SCons

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = shutil.which("platformio") or shutil.which("pio")
ABSENT = "PlatformIO is not installed: pip install platformio"

# The version that PlatformIO asks for; SCons itself is the one that the tests run with.
_SCONS_PACKAGE = "4.41101.0"


def _package(folder, kind, name, version):
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": version, "description": name}))
    spec = {"owner": "platformio", "id": None, "name": name, "requirements": None, "uri": None}
    (folder / ".piopm").write_text(json.dumps({"type": kind, "name": name, "version": version, "spec": spec}))
    return folder


def write(folder):
    """Writes a core folder: SCons, Debian's compiler for Arm, and the platform of test/projects/platform."""
    scons = _package(folder / "packages/tool-scons", "tool", "tool-scons", _SCONS_PACKAGE)
    (scons / "SCons").symlink_to(Path(SCons.__file__).parent)
    (scons / "scons.py").write_text("import sys\nimport SCons.Script\n\nsys.exit(SCons.Script.main())\n")
    compiler = _package(folder / "packages/toolchain-gccarmnoneeabi", "tool", "toolchain-gccarmnoneeabi", "1.0.0")
    (compiler / "bin").mkdir()
    for program in Path(shutil.which("arm-none-eabi-gcc")).parent.glob("arm-none-eabi-*"):
        (compiler / "bin" / program.name).symlink_to(program)
    shutil.copytree(ROOT / "test/projects/platform", folder / "platforms/emulated")
    spec = {"owner": None, "id": None, "name": "emulated", "requirements": None, "uri": None}
    (folder / "platforms/emulated/.piopm").write_text(
        json.dumps({"type": "platform", "name": "emulated", "version": "1.0.0", "spec": spec})
    )
    return folder


def run(project, core, *arguments, code=0, path="/usr/bin:/bin", **variables):
    """The output of `platformio run` with arguments in the folder project; it must end with this exit code (None: any)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON") and name != "VIRTUAL_ENV"}
    environment |= {
        "PATH": path,
        "PLATFORMIO_CORE_DIR": str(core),
        "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no",
        "CI": "true",
        **variables,
    }
    command = [PROGRAM, "run", "-d", str(project), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert code in (done.returncode, None), done.stdout + done.stderr
    return done.stdout + done.stderr
