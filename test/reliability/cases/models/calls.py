"""Files that cannot be read, and calls of IreeModel."""

import contextlib
import os

from cases.models.small import RUN
from corpus import Case


@contextlib.contextmanager
def dangling(project):
    """net.mlir is a link to nothing."""
    (project / "net.mlir").symlink_to("nowhere.mlir")
    yield
    (project / "net.mlir").unlink()


@contextlib.contextmanager
def unreadable(project):
    os.chmod(project / "model.mlir", 0)
    yield
    os.chmod(project / "model.mlir", 0o644)


def sconscript(name, says, text, **files):
    """A case of samples/multiply/SConscript."""
    return Case(name, says, files={"samples/multiply/SConscript": 'Import("env")\n' + text, **files})


CASES = [
    Case(
        "a link to no model",
        ["model={folder}/net.mlir: no such file"],
        RUN.format("net.mlir"),
        around=dangling,
        good="board=mps2-an386 model=model.mlir run",
    ),
    Case("a model that must not be read", ["model.mlir", "ermission"], RUN.format("model.mlir"), around=unreadable),
    sconscript(
        "IreeModel of a file that is not there",
        ["IreeModel: no file {folder}/samples/multiply/none.mlir"],
        'env.IreeModel("none.mlir")\n',
    ),
    sconscript("IreeModel of a folder", ["IreeModel('.'): not the name of one file"], 'env.IreeModel(".")\n'),
    sconscript("IreeModel of nothing", ["IreeModel"], "env.IreeModel(None)\n"),
    sconscript("IreeModel of a number", ["IreeModel"], "env.IreeModel(4)\n"),
    sconscript("IreeModel of a list", ["IreeModel"], 'env.IreeModel(["multiply.mlir", "main.c"])\n'),
    sconscript(
        "IreeModel with a name that C cannot have",
        ["'2-nets' is no C identifier"],
        'env.IreeModel("multiply.mlir", name="2-nets")\n',
    ),
    sconscript(
        "IreeModel with a name of letters that C lacks",
        ["'größe' is no C identifier"],
        'env.IreeModel("multiply.mlir", name="größe")\n',
    ),
    sconscript(
        "two models of one name",
        ["a model 'multiply' is built in ", "name='other'"],
        'env.IreeModel("multiply.mlir")\nenv.IreeModel("#model.onnx", name="multiply")\n',
    ),
    sconscript("IreeModel of a source of C", ["main.c: a model is an .mlir"], 'env.IreeModel("main.c")\n'),
]
