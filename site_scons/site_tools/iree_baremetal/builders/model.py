"""IreeModel: a model becomes objects for the linker and a header for the application.

    model = env.IreeModel("digits.onnx")
    env.Program("application", ["main.c", model])

What it returns is a list of nodes to link, with the intermediate results as attributes. The
folder of the generated header goes on env's CPPPATH. IREE_DEPLOY chooses how the model reaches the
board: builders/direct.py, or builders/session.py for the deployments on IREE's runtime.
"""

import os
import re

import SCons.Errors
import SCons.Util

from .. import formats
from ..errors import BaremetalError
from ..formats import options as import_options
from . import direct, environment, quantize, session
from .compile import require_compiler
from .paths import SUPPORT
from .toolchain import find_objcopy

DEPLOYMENTS = ("direct", *session.DEPLOYMENTS)


class Model(SCons.Util.NodeList):
    """The nodes to link, and: name, mlir, names (of tensors: a list of none or one), header, source,
    plan (.plan.json), harness (a C file).

    env is the caller's environment; origin, the name of the model's file; deploy, the deployment;
    objects are the nodes without the library that calls the kernels; programs, the harnesses built
    around them; references, the answers to hold the board's against; flow, the model at the flow phase as it was built.
    """


def name_of(source, name):
    """The model's name, from its file's where none is given; a UserError unless C can have it."""
    name = name or os.path.splitext(os.path.basename(str(source)))[0]
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        raise SCons.Errors.UserError(f"IreeModel({source}): '{name}' is no C identifier; give one: IreeModel(…, name='model').")
    return name


def file_of(env, source):
    """The node of a model's file; a UserError where source is none."""
    try:
        (node,) = env.Flatten([env.File(source)])
    except (TypeError, ValueError) as error:
        raise SCons.Errors.UserError(f"IreeModel({source!r}): not the name of one file: {error}") from error
    return node


def mlir_of(env, source, name):
    """The model as MLIR and, of one that is imported, the names of its tensors."""
    suffix = os.path.splitext(str(source))[1]
    if env.get("IREE_QUANTIZE"):
        _check_import(env)
        source = env.IreeQuantize(source, env["IREE_QUANTIZE"], f"{name}_quantized")[0]
        env = env.Clone(IREE_DIMS="", IREE_SHAPES="")  # it has its sizes now
    if suffix in formats.IMPORTED:
        _check_import(env)
        return env.IreeImport(f"{name}{formats.WRITTEN[suffix]}", source)
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


def iree_model(env, source, name=None):
    """The pseudo-builder env.IreeModel(source, name=None). See the module."""
    environment.check(env)
    require_compiler(env)
    find_objcopy(env)
    source = file_of(env, source)
    if not source.rexists() and not source.has_builder():
        raise SCons.Errors.UserError(f"IreeModel: no file {source.srcnode()}.")
    deploy = env["IREE_DEPLOY"]
    if deploy not in DEPLOYMENTS:
        raise SCons.Errors.UserError(f"deploy={deploy}: not one of {', '.join(DEPLOYMENTS)}.")
    model = Model()
    model.env = env
    model.name, model.origin = name_of(source, name), os.path.basename(str(source))
    model.deploy = deploy
    model.mlir, *model.names = mlir_of(env, source, model.name)
    if env.File(f"{model.name}.c").has_builder():
        raise SCons.Errors.UserError(
            f"IreeModel({source}): a model '{model.name}' is built in {env.File(f'{model.name}.c').dir} already; "
            "give this one another name: IreeModel(…, name='other')."
        )
    # Where everything that is made of the model goes, as SCons sees paths from here.
    return _built(env, model, env.File(f"{model.name}.c").dir)


def _built(env, model, folder):
    model.programs, model.flow, model.references = {}, None, None
    env.AppendUnique(CPPPATH=[folder, env.Dir(SUPPORT)])
    own = env.Clone(IREE_MODEL=model.name)
    own["IREE_CODEGENFLAGS"] = [*(["--names", "${SOURCES[-1]}"] if model.names else []), f"--origin={model.origin}"]
    build = direct.build if model.deploy == "direct" else session.build
    model.extend(build(own, model, folder))
    return model


def again(env, model, folder):
    """The `Model` of the same file once more, as env says, made in folder."""
    other = Model()
    other.env = env
    for name in ("name", "origin", "deploy", "mlir", "names"):
        setattr(other, name, getattr(model, name))
    return _built(env, other, folder)


def add(env):
    """Adds IreeModel to env."""
    env.SetDefault(IREE_DEPLOY="direct")
    quantize.add(env)
    direct.add(env)
    session.add(env)
    env.AddMethod(iree_model, "IreeModel")
