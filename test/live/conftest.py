"""A copy of the project that the live tests build in, each board once."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Other compilers are tested where somebody names them: IREE_COMPILE_MATRIX=/path/iree-compile:/path/…
collect_ignore = [] if os.environ.get("IREE_COMPILE_MATRIX") else ["test_compilers.py"]

ROOT = Path(__file__).resolve().parents[2]


def _seconds_of_children():
    """By the clock a busy machine would take longer."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Checkout:
    """A copy of what a build needs; nothing of it touches the project's own build folder."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("SConstruct", "samples", "site_scons", "boards"):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        self.done = {}

    def scons(self, *arguments, code=0, **environment):
        """The output of a build, which must end with this exit code (None: any); self.seconds: the processor's, of all its tools."""
        # The tools of this interpreter's environment come first, as with sconsw.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path, **environment}
        start = _seconds_of_children()
        command = [sys.executable, "-m", "SCons", "-Q", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        self.seconds = _seconds_of_children() - start
        assert code in (done.returncode, None), done.stdout + done.stderr
        return done.stdout + done.stderr

    def once(self, *arguments):
        """The output of a build that several tests look at."""
        if arguments not in self.done:
            self.done[arguments] = self.scons(*arguments)
        return self.done[arguments]

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    return Checkout(tmp_path_factory.mktemp("live") / "project")


@pytest.fixture(scope="session")
def another_checkout(tmp_path_factory):
    """The same in a folder of another name."""
    return Checkout(tmp_path_factory.mktemp("another") / "Größe, a path with blanks")
