"""Bad input: what a case is, and how it is tried.

A case is an entry of `CASES` in a module of cases/, which is its family:

    Case("a board that nobody has", ["no board 'stm32f5'. Did you mean stm32f4?"], "board=stm32f5")

It is run by the real scons, with the real tools, in a copy of the project `GOOD` below. It passes where

- the exit code is 2, and there is one message, which holds the words; no traceback, no warning of Python's;
- the target that failed does not exist;
- where it left anything in build/: with the files and the environment put right, the same project then
  builds what a fresh one builds, byte for byte. Nothing was left that a later run takes for good.
"""

import contextlib
import functools
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "test"), str(ROOT / "site_scons" / "site_tools")]

GOOD = "board=mps2-an386 sample=multiply"
TIMEOUT = 180  # seconds: what takes longer hangs


@dataclass(frozen=True)
class Case:
    """One bad input.

    name: what is wrong. says: words that the message must hold; {folder} is the project's folder.
    command: arguments of scons. files: path in the project -> its text or bytes; None removes it; a
    function gets the good bytes. What begins with "#!" is made a program. environment: variables;
    None removes one. around: a context manager that is given the folder, for what is no file; it
    yields more variables, or None. good: the command that must succeed afterwards: by default the
    same, or where nothing but the command was bad, `GOOD`. mended: the files that it needs in place of
    the bad ones. before: the good build came first, too, so that only what the mistake concerns is made. works: it is no mistake, and must be done.
    """

    name: str
    says: list = field(default_factory=list)
    command: str = GOOD
    files: dict = field(default_factory=dict)
    environment: dict = field(default_factory=dict)
    around: object = None
    good: str = ""
    mended: dict = field(default_factory=dict)
    before: bool = False
    works: bool = False

    @property
    def good_command(self):
        return self.good or (self.command if self.files or self.environment or self.around else GOOD)


def unprivileged():
    """What to put before a command lest root may read and write what the permissions forbid."""
    return [shutil.which("setpriv"), "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


class Project:
    """A project in folder, with the tool of this checkout. Its model.onnx and model.mlir are good ones."""

    def __init__(self, folder):
        self.folder = Path(folder)
        shutil.copytree(ROOT / "samples", self.folder / "samples")
        shutil.copy(ROOT / "SConstruct", self.folder)
        digits, multiply = self.folder / "samples/digits", self.folder / "samples/multiply"
        shutil.copy(digits / "digits.onnx", self.folder / "model.onnx")
        shutil.copy(digits / "held_out.npz", self.folder / "inputs.npz")
        shutil.copy(multiply / "multiply.mlir", self.folder / "model.mlir")
        (self.folder / "home").mkdir()

    def scons(self, command, **environment):
        """(exit code, stdout, stderr) of scons with these arguments."""
        tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("IREE_", "SCONS", "PYTEST_", "XDG_"))}
        variables |= {"PATH": tools, "HOME": str(self.folder / "home"), "LC_ALL": "C.UTF-8"}
        variables |= {k: v and v.replace("{PATH}", tools).replace("{folder}", str(self.folder)) for k, v in environment.items()}
        variables = {k: v for k, v in variables.items() if v is not None}
        arguments = [word.replace("{folder}", str(self.folder)) for word in shlex.split(command)]
        site = [] if (self.folder / "site_scons").exists() else [f"--site-dir={ROOT / 'site_scons'}"]
        line = [*unprivileged(), sys.executable, "-m", "SCons", "-Q", *site, *arguments]
        process = subprocess.Popen(
            line,
            cwd=self.folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, errors = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the tools that it runs
            process.communicate()
            raise
        return process.returncode, out.decode(errors="replace"), errors.decode(errors="replace")

    @contextlib.contextmanager
    def changed(self, files):
        """The project with these files, and afterwards as it was."""
        before = {}
        for name, content in files.items():
            path = self.folder / name
            before[path] = path.read_bytes() if path.is_file() else None
            _put(path, content(before[path]) if callable(content) else content)
        try:
            yield
        finally:
            for path, content in before.items():
                _put(path, content)

    def built(self):
        """path -> hash of all files beneath build/ that a later run could take for good."""
        files = (p for p in (self.folder / "build").rglob("*") if p.is_file())
        return {str(p.relative_to(self.folder)): hashlib.sha256(_bare(p, self.folder)).hexdigest() for p in sorted(files)}


def _put(path, content):
    if content is None:
        return path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if path.read_bytes()[:2] == b"#!":
        path.chmod(0o755)


def _bare(path, folder):
    """The bytes of a file without where the project is."""
    return path.read_bytes().replace(str(folder).encode(), b"")


_KEPT = []  # folders of good projects, until the end


@functools.cache
def good_project(command, mended):
    """(`Project`, what it built) of a fresh project with the files mended and this command."""
    _KEPT.append(tempfile.TemporaryDirectory(prefix="good-"))
    project = Project(Path(_KEPT[-1].name) / "project")
    with project.changed(dict(mended)):
        code, _, errors = project.scons(command)
    if code:
        raise AssertionError(f"a good build fails: scons {command}\n{errors}")
    return project, project.built()


def complaints(case, folder):
    """(what is wrong with how the case is refused: a list of lines, all that scons said), tried in folder."""
    project = Project(folder)
    if case.before:
        earlier, _ = good_project(case.good_command, tuple(case.mended.items()))
        shutil.copytree(earlier.folder / "build", project.folder / "build")
        shutil.copy(earlier.folder / ".sconsign.dblite", project.folder)
    environment = dict(case.environment)
    try:
        around = case.around(project.folder) if case.around else contextlib.nullcontext()
        with project.changed(case.files), around as more:
            code, out, errors = project.scons(case.command, **environment, **(more or {}))
    except subprocess.TimeoutExpired:
        return ["it hangs"], ""
    said = f"{out}\n{errors}"
    found = [
        f"no word of: {word}"
        for word in case.says
        if word.replace("{folder}", str(project.folder)) not in (said if case.works else errors)
    ]
    if "Traceback" in said:
        found.append("a traceback")
    if re.search(r"scons: warning|\bWarning: ", said):
        found.append("a warning")
    if code != (0 if case.works else 2):
        found.append(f"exit code {code}")
    if case.works:
        return found, said
    messages = re.findall(r"^(?:scons: \*\*\*|SCons Error:) .*", errors, re.MULTILINE)
    if len(messages) != 1:
        found.append(f"{len(messages)} messages")
    for target in re.findall(r"^scons: \*\*\* \[(.*?)\]", errors, re.MULTILINE):
        if target.startswith("build/") and (project.folder / target).is_file():
            found.append(f"{target} was left behind")
    if not found and project.built():
        with project.changed(case.mended):
            found += _later(project, case.good_command, tuple(case.mended.items()))
    return found, said


def _later(project, command, mended):
    """What is wrong with a good build after the bad one."""
    code, _, errors = project.scons(command)
    if code:
        return [f"the good build after it fails: scons {command}\n{errors}"]
    have, (_, want) = project.built(), good_project(command, mended)
    return [f"the good build after it has another {path}" for path in want if have.get(path) != want[path]]


def families():
    """name -> cases, of the modules in cases/."""
    import importlib
    import pkgutil

    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "cases")]))
    return {name: importlib.import_module(f"cases.{name}").CASES for name in names}
