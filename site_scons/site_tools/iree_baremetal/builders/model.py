"""IreeModel: a model becomes objects for the linker and a header for the application.

    model = env.IreeModel("digits.onnx")
    env.Program("application", ["main.c", model])

What it returns is a list of nodes to link, with the intermediate results as attributes. The
folder of the generated header goes on env's CPPPATH.
"""

import os
import re

import SCons.Builder
import SCons.Errors
import SCons.Node.FS
import SCons.Util

from . import compile as compile_builders
from .action import tool_action

SUPPORT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support")
DEPLOYMENTS = ("direct",)


class Model(SCons.Util.NodeList):
    """The nodes to link, and: name, mlir, header, source, plan (.plan.json), harness (a C file).

    objects are the nodes without the library that calls the kernels; programs, the harnesses
    built around them.
    """


def _codegen_emitter(target, source, env):
    folder, name = target[0].dir, str(env["IREE_MODEL"])
    files = [".h", ".c", "_weights.S", "_weights.bin", "_harness.c", ".plan.json", "_kernels.syms", "_kernels.keep"]
    return [folder.File(name + suffix) for suffix in files], source


def _name(env, source, name):
    name = name or os.path.splitext(os.path.basename(str(source)))[0]
    if not re.fullmatch(r"[A-Za-z]\w*", name):
        raise SCons.Errors.UserError(f"IreeModel({source}): '{name}' is no C identifier; give one: IreeModel(…, name='model').")
    return name


def _mlir(env, source, name):
    """The model as MLIR and, of an .onnx, the names of its tensors."""
    suffix = os.path.splitext(str(source))[1]
    if suffix == ".onnx":
        return env.IreeImport(f"{name}.mlir", source)
    if suffix in (".mlir", ".mlirbc"):
        return [source]
    raise SCons.Errors.UserError(f"{source}: a model is an .mlir, .mlirbc or .onnx file.")


def iree_model(env, source, name=None):
    """The pseudo-builder env.IreeModel(source, name=None). See the module."""
    compile_builders.require_compiler(env)
    source = env.File(source)
    if not source.rexists() and not source.has_builder():
        raise SCons.Errors.UserError(f"IreeModel: no file {source.srcnode()}.")
    if env["IREE_DEPLOY"] not in DEPLOYMENTS:
        raise SCons.Errors.UserError(f"deploy={env['IREE_DEPLOY']}: not one of {', '.join(DEPLOYMENTS)}.")
    name = _name(env, source, name)
    mlir, *names = _mlir(env, source, name)
    library, _, program = env.IreeStaticLibrary(f"{name}_library.o", mlir)
    here = library.dir
    env.AppendUnique(CPPPATH=[here, env.Dir(SUPPORT)])
    flags = ["--names", "${SOURCES[2]}"] if names else []
    own = env.Clone(IREE_MODEL=name, IREE_CODEGENFLAGS=[*flags, "--origin", os.path.basename(str(source))])
    outputs = own.IreeCodegen(here.File(f"{name}.c"), [program, library, *names])
    header, c_source, weights_s, weights, harness, plan, symbols, keep = outputs
    kernels = own.Command(here.File(f"{name}_kernels.o"), [library, symbols, keep], tool_action("IREE_KERNELSCOM"))
    # The assembler looks for the weights' file where -I says.
    assembled = own.Object(here.File(f"{name}_weights.o"), weights_s, ASPPFLAGS=[*own["ASPPFLAGS"], "-I", here])
    env.Depends(assembled, weights)
    direct = env.StaticLibrary(here.File("support/libiree_direct.a"), _support_objects(env, here, ["iree_direct.c"]))
    objects = [*own.Object(here.File(f"{name}.o"), c_source), *assembled, *kernels]
    model = Model([*objects, *direct])
    model.objects, model.programs = objects, {}
    model.name, model.mlir, model.header, model.source = name, mlir, header, c_source
    model.plan, model.harness = plan, harness
    return model


def _support_objects(env, here, names):
    """Objects of files of support/, in the build folder here."""
    result = []
    for name in names:
        stem = os.path.splitext(os.path.basename(name))[0]
        result += env.Object(here.File(f"support/{stem}.o"), env.File(os.path.join(SUPPORT, name)))
    return result


def add(env):
    """Adds IreeModel and the builders beneath it to env."""
    env.SetDefault(
        IREE_DEPLOY="direct",
        IREE_CODEGENCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) codegen $IREE_MODEL ${SOURCES[0]} ${SOURCES[1]} -o ${TARGET.dir} "
            "$IREE_CODEGENFLAGS --compiler-version $IREE_COMPILE_VERSION"
        ),
        # Only the kernels keep their names, made distinct; the rest of the object becomes private.
        IREE_KERNELSCOM=(
            "$OBJCOPY --redefine-syms=${SOURCES[1]} --globalize-symbols=${SOURCES[2]} "
            "--wildcard --localize-symbol=*_library_query ${SOURCES[0]} $TARGET"
        ),
        OBJCOPY="objcopy",
    )
    env["BUILDERS"]["IreeCodegen"] = SCons.Builder.Builder(
        action=tool_action("IREE_CODEGENCOM", ["IREE_BAREMETAL_DIGEST"]), emitter=_codegen_emitter, suffix=".c"
    )
    env.AddMethod(iree_model, "IreeModel")
