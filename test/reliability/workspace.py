"""A copy of the project in a folder of its own, its builds, and the files that they leave."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Workspace:
    """The project in folder; its builds put temporary files into a folder beside it."""

    def __init__(self, folder, temporary=None):
        self.folder, self.temporary = Path(folder), Path(temporary or f"{folder}.tmp")
        self.temporary.mkdir(parents=True)
        self.folder.mkdir(parents=True)
        shutil.copy(ROOT / "SConstruct", self.folder)
        for name in ("boards", "samples", "site_scons"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def start(self, *arguments, output=subprocess.DEVNULL, before=(), **variables):
        """The process of a build, leader of a process group of its own; before: words before the command."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # as with sconsw
        own = {"PATH": path, "TMPDIR": str(self.temporary), "PYTHONDONTWRITEBYTECODE": "1", "SCONSFLAGS": ""}
        environment = {**os.environ, **own, **variables}
        command = [*before, sys.executable, "-m", "SCons", "-j2", *arguments]
        how = {"cwd": self.folder, "env": environment, "stdout": output, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen(command, start_new_session=True, **how)

    def build(self, *arguments, **others):
        """(exit code, all that it printed) of a build."""
        process = self.start(*arguments, output=subprocess.PIPE, **others)
        text, _ = process.communicate()
        return process.returncode, text

    def built(self, *arguments, **others):
        """path -> bytes of what a build left, which must succeed; `SystemExit` with its output where it does not."""
        code, text = self.build(*arguments, **others)
        if code:
            sys.exit(f"{text}\nscons {' '.join(arguments)} ended with {code}")
        return self.files()

    def files(self):
        """path -> bytes of all that is in build/, and of the compilation database."""
        found = [*(self.folder / "build").rglob("*"), *self.folder.glob("compile_commands.json")]
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in sorted(found) if p.is_file()}

    def forget(self):
        """Removes all that builds left, records, too."""
        for path in (*self.folder.glob(".sconsign*"), *self.folder.glob("compile_commands.json")):
            path.unlink()
        shutil.rmtree(self.folder / "build", ignore_errors=True)


def kill(process):
    """Kills the process with its children, all at once, as the power or the kernel does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def differing(files, reference):
    """The names of reference that files lacks, or has otherwise."""
    return [name for name, content in reference.items() if files.get(name) != content]


class Progress:
    """Prints a line for each of count steps: how far it is, and the time left."""

    def __init__(self, count):
        self.count, self.done, self.started = count, 0, time.monotonic()

    def step(self, what):
        self.done += 1
        left = (time.monotonic() - self.started) / self.done * (self.count - self.done)
        print(f"{self.done} of {self.count}: {what}; {left / 60:.0f} min left", flush=True)
