"""IreeModel: a model becomes objects for the linker and a header for the application.

    model = env.IreeModel("digits.onnx")
    env.Program("application", ["main.c", model])

What it returns is a list of nodes to link, with the intermediate results as attributes. All that is
made lies in a folder of its own, iree_<model>, where no Glob("*.c") finds it; folder= names another.
What is in model.include, the folders of headers, goes on env's CPPPATH. Where a builder takes no objects,
model.library is a static library of them. IREE_DEPLOY chooses how the model reaches the board:
builders/direct.py, or builders/session.py for the deployments on IREE's runtime.
"""

import atexit
import os
import re

import SCons.Errors
import SCons.Util

from .. import files, formats
from ..codegen import reserved
from ..errors import BaremetalError
from ..formats import options as import_options
from . import direct, environment, ownership, quantize, session
from . import tuned as settings
from .compile import require_compiler
from .paths import INTERFACE
from .toolchain import find_objcopy

DEPLOYMENTS = ("direct", *session.DEPLOYMENTS)


class Model(SCons.Util.NodeList):
    """The nodes to link, and: name, mlir, names (of tensors: a list of none or one), header, source,
    plan (.plan.json), harness (a C file), folder (of all that is made), include (folders of headers),
    library.

    env is the caller's environment; file, the node of the model's file; origin, its name; deploy, the deployment;
    objects are the nodes without the library that calls the kernels; programs, the harnesses built
    around them; references, the answers to hold the board's against; flow, the model at the flow phase as it was built.
    """

    archive: object = None  # library, once it is made

    @property
    def library(self):
        """The node of a static library of the nodes to link, lib<name>.a; made for the first who asks."""
        if not self.archive:
            name = self.env.subst("${LIBPREFIX}%s${LIBSUFFIX}" % self.name)
            (self.archive,) = self.env.StaticLibrary(self.folder.File(name), list(self))
        return self.archive


def name_of(source, name):
    """The model's name, from its file's where none is given; a UserError unless C can have it."""
    name = name or os.path.splitext(os.path.basename(str(source)))[0]
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        raise SCons.Errors.UserError(f"IreeModel({source}): '{name}' is no C identifier; give one: IreeModel(…, name='model').")
    owner = reserved.owner(name)
    if owner:
        raise SCons.Errors.UserError(
            f"IreeModel({source}): its header {name}.h would hide that of {owner}; give the model another name: "
            f"IreeModel(…, name='{name}_model')."
        )
    return name


def iree_model_name(env, path):
    """A name that IreeModel takes for the model in the file at path, whatever that is called: env.IreeModelName(path)."""
    name = re.sub(r"\W", "_", os.path.splitext(os.path.basename(str(path)))[0], flags=re.ASCII)
    name = name if name[:1].isalpha() else f"m{name}"
    return f"{name}_model" if reserved.owner(name) else name


def file_of(env, source):
    """The node of a model's file; a UserError where source is none."""
    try:
        (node,) = env.Flatten([env.File(source)])
    except (TypeError, ValueError) as error:
        raise SCons.Errors.UserError(f"IreeModel({source!r}): not the name of one file: {error}") from error
    return node


def mlir_of(env, source, name, folder):
    """The model as MLIR, made in folder, and, of an imported one, the names of its tensors."""
    suffix = os.path.splitext(str(source))[1]
    if env.get("IREE_QUANTIZE"):
        _check_import(env)
        source = env.IreeQuantize(source, env["IREE_QUANTIZE"], folder.File(f"{name}_quantized").get_abspath())[0]
        env = env.Clone(IREE_DIMS="", IREE_SHAPES="")  # it has its sizes now
    if suffix in formats.IMPORTED:
        _check_import(env)
        return env.IreeImport(folder.File(f"{name}{formats.WRITTEN[suffix]}"), source)
    if suffix in formats.MLIR:
        return [source]
    raise SCons.Errors.UserError(f"{source}: a model is an .mlir, .mlirbc, .onnx or .tflite file.")


def _check_import(env):
    """A UserError for options of the import that cannot be, before anything is built."""
    try:
        import_options.parse_dims(env.subst("$IREE_DIMS"))
        import_options.parse_shapes(env.subst("$IREE_SHAPES"))
        import_options.parse_opset(env.subst("$IREE_OPSET"))
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error


def iree_model(env, source, name=None, folder=None):
    """The pseudo-builder env.IreeModel(source, name=None, folder=None). See the module."""
    environment.check(env)
    ownership.settle(env)
    require_compiler(env)
    find_objcopy(env)
    source = file_of(env, source)
    if not source.rexists() and not source.has_builder():
        raise SCons.Errors.UserError(f"IreeModel: no file {source.srcnode()}.")
    deploy = env["IREE_DEPLOY"]
    if deploy not in DEPLOYMENTS:
        raise SCons.Errors.UserError(f"deploy={deploy}: not one of {', '.join(DEPLOYMENTS)}.")
    if env.get("IREE_PUSH_ROWS") and deploy != "direct":
        raise SCons.Errors.UserError(
            f"push_rows=1: deploy={deploy} takes inputs whole; only deploy=direct takes them row by row."
        )
    model = Model()
    model.env = env
    model.name, model.origin, model.file = name_of(source, name), os.path.basename(str(source)), source
    model.deploy = deploy
    where = env.Dir(folder or f"iree_{model.name}")
    if where.File(f"{model.name}.c").has_builder():
        raise SCons.Errors.UserError(
            f"IreeModel({source}): a model '{model.name}' is built in {where} already; "
            "give this one another name: IreeModel(…, name='other')."
        )
    model.mlir, *model.names = mlir_of(env, source, model.name, where)
    _built(env, model, where, settings.beside(env, source))
    if not folder:  # nothing of the user's is in there
        env.Clean(list(model), where)
    elif env.GetOption("clean") and not env.GetOption("no_exec"):
        atexit.register(files.remove_empty, where.get_abspath())
    return model


def _built(env, model, folder, tuned=None):
    """Makes model, as env says, or, where they are given, by the construction variables tuned."""
    model.programs, model.flow, model.references, model.has_neighbours = {}, None, None, False
    model.folder, model.include = folder, [folder.Dir("include"), env.Dir(INTERFACE)]
    env.AppendUnique(CPPPATH=model.include)
    own = env.Clone(IREE_MODEL=model.name, **(tuned or {}))
    own["IREE_CODEGENFLAGS"] = [*(["--names", "${SOURCES[-1]}"] if model.names else []), f"--origin={model.origin}"]
    build = direct.build if model.deploy == "direct" else session.build
    model.extend(build(own, model, folder))
    for node in model:
        node.attributes.model = model
    return model


def variant(env, model, folder):
    """A `Model` of the same file as model, as env says, made in folder."""
    other = Model()
    other.env = env
    for name in ("name", "origin", "file", "deploy", "mlir", "names"):
        setattr(other, name, getattr(model, name))
    return _built(env, other, folder)


def add(env):
    """Adds IreeModel to env."""
    env.SetDefault(IREE_DEPLOY="direct")
    quantize.add(env)
    direct.add(env)
    session.add(env)
    env.AddMethod(iree_model, "IreeModel")
    env.AddMethod(iree_model_name, "IreeModelName")
