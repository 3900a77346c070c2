"""What is around a case, for `corpus.Case.around`: tools that are missing or broken, folders that are closed or oddly named."""

import contextlib
import os
import shutil

from corpus import ROOT

FIRST = "{folder}/bin:{PATH}"  # the project's own tools before the machine's
FAKES = {
    "is no program": b"\0\1\2\3",
    "is empty": b"",
    "has an interpreter that is not there": "#!/nowhere/sh\n",
    "ends with 1": "#!/bin/sh\nexit 1\n",
    "ends with 1 and says why": "#!/bin/sh\necho 'no licence' >&2\nexit 1\n",
    "says anything": "#!/bin/sh\necho '\377\376 what?'\n",
    "does nothing": "#!/bin/sh\nexit 0\n",
    "kills itself": "#!/bin/sh\nkill -SEGV $$\n",
    "was killed": "#!/bin/sh\nkill -KILL $$\n",
}


def program(content):
    """around: bin/<tool> with this content, and the right to run it."""

    def of(*names):
        @contextlib.contextmanager
        def around(project):
            (project / "bin").mkdir(exist_ok=True)
            for name in names:
                path = project / "bin" / name
                path.write_bytes(content if isinstance(content, bytes) else content.encode("latin-1"))
                path.chmod(0o755)
            yield {"PATH": FIRST}
            shutil.rmtree(project / "bin")

        return around

    return of


def passing(real, when, instead):
    """A tool that does instead, a line of sh, where its arguments hold when; else what the real one does."""
    return f'#!/bin/sh\ncase "$*" in *{when}*) {instead};; esac\nexec {real} "$@"\n'


def without(*names):
    """around: a search path of all the machine's programs but these."""

    @contextlib.contextmanager
    def around(project):
        folder = project / "bin"
        folder.mkdir()
        # Python's own folder is not among them: iree-compile is found beside the interpreter.
        for directory in ("/usr/local/bin", "/usr/bin", "/bin"):
            for entry in os.scandir(directory) if os.path.isdir(directory) else ():
                if entry.name not in names and not os.path.lexists(folder / entry.name):
                    (folder / entry.name).symlink_to(entry.path)
        yield {"PATH": str(folder)}
        shutil.rmtree(folder)

    return around


def folder_mode(name, mode):
    """around: a folder with these permissions, which hold for root, too (`corpus.unprivileged`)."""

    @contextlib.contextmanager
    def around(project):
        (project / name).mkdir(parents=True, exist_ok=True)
        os.chmod(project / name, mode)
        yield
        os.chmod(project / name, 0o755)

    return around


def in_folder(name, moved=False):
    """around: the project works from a folder of this name (with a checkout of the tool in it, where moved)."""

    @contextlib.contextmanager
    def around(project):
        inner = project / name
        inner.mkdir(parents=True)
        for entry in ("SConstruct", "samples", "model.onnx", "model.mlir", "inputs.npz"):
            (shutil.copytree if (project / entry).is_dir() else shutil.copy)(project / entry, inner / entry)
        if moved:
            for part in ("site_scons", "boards"):
                shutil.copytree(ROOT / part, inner / part, ignore=shutil.ignore_patterns("__pycache__"))
        yield
        shutil.rmtree(inner)

    return around


@contextlib.contextmanager
def linked(project):
    """The sample is elsewhere; a symbolic link leads there."""
    (project / "samples/multiply").rename(project / "elsewhere")
    (project / "samples/multiply").symlink_to("../elsewhere")
    yield


@contextlib.contextmanager
def file_named_build(project):
    (project / "build").write_text("a file\n")
    yield
    (project / "build").unlink()
