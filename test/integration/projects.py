"""Other people's projects, copied from test/projects and built with the real tools."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "samples" / "digits"
TOOL = ("site_scons", "boards")  # what travels when the tool is copied


class Project:
    """A project in folder, to which the tool and a model can be added."""

    def __init__(self, folder):
        self.folder = folder

    @classmethod
    def copy(cls, name, folder):
        """A copy of test/projects/<name>."""
        shutil.copytree(ROOT / "test" / "projects" / name, folder)
        return cls(folder)

    def add_tool(self, below="."):
        for part in TOOL:
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, self.folder / below / part, ignore=ignored)

    def add_model(self, below="."):
        (self.folder / below).mkdir(exist_ok=True)
        shutil.copy(DIGITS / "digits.onnx", self.folder / below)

    def run(self, *arguments, **others):
        """What scons with arguments printed; it must succeed."""
        done = self.attempt(*arguments, **others)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "scons: warning" not in done.stderr, done.stderr
        return done.stdout

    def attempt(self, *arguments, python=sys.executable, path=os.environ["PATH"], **variables):
        command = [str(python), "-m", "SCons", "-Q", *arguments]
        environment = {**os.environ, "PATH": f"{path}:{Path(sys.executable).parent}", "PYTHONDONTWRITEBYTECODE": "1", **variables}
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)

    def files(self):
        """The files of the project, but for those that SCons and Python keep for themselves."""
        found = (p for p in self.folder.rglob("*") if p.is_file() and ".sconsign" not in p.name and p.suffix != ".pyc")
        return {str(p.relative_to(self.folder)) for p in found}

    def folders(self):
        """Those of the project, but for Python's own."""
        return {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_dir() and p.name != "__pycache__"}


def checkout(folder):
    """The tool's own project with its first sample, in a checkout at folder."""
    folder.mkdir(parents=True)
    project = Project(folder)
    shutil.copy(ROOT / "SConstruct", folder)
    shutil.copytree(DIGITS, folder / "samples" / "digits")
    project.add_tool()
    return project
