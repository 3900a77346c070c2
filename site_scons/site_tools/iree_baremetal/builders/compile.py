"""Builders around iree-compile: .onnx or .tflite -> .mlir, .mlir -> .vmfb, .mlir -> static library.

=================  ==============================  ==========================================
builder            source                          targets
=================  ==============================  ==========================================
IreeImport         model.onnx or .tflite           model.mlir, model.names.json
IreeVmfb           model.mlir or .mlirbc           model.vmfb
IreeFlow           model.mlir or .mlirbc           model.flow.mlirbc: its dispatches
IreeStream         model.mlir or .mlirbc           model.stream.mlirbc: its buffers (compiler/lowering.py),
                                                   model.flow.mlirbc: its dispatches, model.forms.json: the forms that
                                                   they could have (rewrite/forms.py)
IreeStaticLibrary  model.mlir or .mlirbc           model_library.o, model_library.h, model_library.vmfb:
                                                   the guide's static library, and its host program
IreeKernels        model.mlir or .mlirbc           model_library.o, model_library.h, model.hal.mlirbc
                                                   (its host program): by way of model.stream.mlirbc,
                                                   what deploy=direct is made of
IreeMacs           model.flow.mlirbc               model.macs.json
IreeLayers         model.flow.mlirbc, model.mlir,  model.layers.json
                   model.names.json if there is
=================  ==============================  ==========================================

Each finds iree-compile when it is first called.

Variables: IREE_COMPILE (the tool), IREE_TARGETFLAGS (of the board), IREE_COMPILEFLAGS (of the
guide, and yours: append to it), IREE_STATICFLAGS, IREE_LOWERFLAGS, IREE_ARENA_ALIGNMENT (of the
buffers in the arena), IREE_COMPILE_VERSION (on which every result depends); IREE_DIMS, IREE_SHAPES and IREE_OPSET for the import;
IREE_TUNED, a .tuned.json (compiler/tuned.py); IREE_FORMOF and IREE_FORM, the flow and the forms of a model whose kernels shall all have their
other form of this number, which IREE_TUNED then says; IREE_COMPILE_TIMEOUT, seconds, and IREE_COMPILE_MEMORY, bytes, that each of these tools may take. IREE_COMPILECOM,
IREE_STATICLIBRARYCOM and IREE_IMPORTCOM are the command lines, …COMSTR what is printed for them.
"""

import json
from pathlib import Path

import SCons.Builder
import SCons.Errors
import SCons.Scanner
from SCons.Subst import Literal

from .. import compiler, formats
from ..compiler import tuned, tuning
from ..errors import BaremetalError
from ..formats.onnx import external
from .action import tool_action

_MODEL_SUFFIXES = list(formats.MLIR)


def _stem(node):
    return str(node).rsplit(".", 1)[0]


def _library_emitter(target, source, env):
    return [f"{_stem(target[0])}{suffix}" for suffix in (".o", ".h", ".vmfb")], source


def _kernels_emitter(target, source, env):
    stem = _stem(target[0]).removesuffix("_library")
    stream = env.IreeStream(env.File(f"{stem}.stream.mlirbc"), env["IREE_FORMOF"][:1] or source)
    return [f"{stem}_library.o", f"{stem}_library.h", f"{stem}.hal.mlirbc"], stream[:1]


def _stream_emitter(target, source, env):
    stem = str(target[0]).removesuffix(".stream.mlirbc")
    if env["IREE_FORMOF"]:
        env.Depends(target[0], env["IREE_FORMOF"][1])
        return [target[0], env["IREE_TUNED"]], source
    if env["IREE_TUNED"]:
        env.Depends(target[0], env["IREE_TUNED"])
    return [target[0], f"{stem}.flow.mlirbc", f"{stem}.forms.json"], source


def _library_path(target, source, env, for_signature):
    """The kernels' object beside target: the first of several calls of iree-compile fixes its path."""
    return target[0].dir.File(target[0].name.removesuffix(".stream.mlirbc").removesuffix("_library.o") + "_library.o")


def _debug_flags(target, source, env, for_signature):
    """IREE_COMPILEFLAGS, and kernels that a debugger steps into: of an object, unlike of a .vmfb, no flash holds what it reads."""
    return [str(flag).replace("debug-symbols=false", "debug-symbols=true") for flag in env.Split(env["IREE_COMPILEFLAGS"])]


def mending(flags):
    """For a variable: what stands before an iree-compile whose flags are those in text, where what it makes is to be mended."""

    def words(target, source, env, for_signature):
        if not compiler.is_to_be_mended(env.subst(flags)):
            return ""
        # The result depends on this package, too.
        return "$( $IREE_PYTHON $IREE_BAREMETAL $) compile --" + (" $IREE_BAREMETAL_DIGEST" if for_signature else "")

    return words


def _kernel_widths(target, source, env, for_signature):
    """What stands before the iree-compile that makes kernels, where IREE_TUNED names a file: some may have widths of their own."""
    if not env.get("IREE_TUNED"):
        return ""
    digest = " $IREE_BAREMETAL_DIGEST" if for_signature else ""
    return f"$( $IREE_PYTHON $IREE_BAREMETAL $) kernels {_forms(target, source, env, for_signature)} --{digest}"


def _forms(target, source, env, for_signature):
    """The options that name IREE_TUNED, a file with forms of kernels, where there is one."""
    return f"--tuned=$IREE_TUNED --core={tuned.core(env['IREE_BOARD_DATA'])}" if env.get("IREE_TUNED") else ""


def _import_emitter(target, source, env):
    return [target[0], f"{_stem(target[0])}.names.json"], source


def explain(messages, source):
    """iree-compile's errors, with the nodes of an imported model by their names."""
    path = Path(source[0].get_abspath())
    names = path.with_name(path.name.split(".")[0] + ".names.json")
    nodes = json.loads(names.read_text())["nodes"] if names.exists() else {}
    return compiler.failure(messages, nodes)


def require_compiler(env):
    """Finds iree-compile when a model first needs it; a UserError says how to install it."""
    try:
        if not env.get("IREE_COMPILE"):
            env["IREE_COMPILE"] = Literal(compiler.find())
        elif not compiler.exists(env.subst("$IREE_COMPILE")):
            raise BaremetalError(f"IREE_COMPILE={env['IREE_COMPILE']}: no such tool.")
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    tool = env.subst("$IREE_COMPILE")
    env.SetDefault(IREE_PYTHON=Literal(compiler.python(tool)), IREE_COMPILE_VERSION=compiler.version(tool))


def _with_compiler(emitter=lambda target, source, env: (target, source)):
    """emitter, for a builder that may be the first of an environment's to need iree-compile."""

    def emit(target, source, env):
        require_compiler(env)
        return emitter(target, source, env)

    return emit


def _builder(action, suffix, emitter=None, **keywords):
    keywords = {"single_source": True, **keywords}
    return SCons.Builder.Builder(action=action, suffix=suffix, emitter=_with_compiler(*filter(None, [emitter])), **keywords)


def _weights(node, env, path):
    """What is not there, and made by nothing, is left to the import, whose message names the model, too."""
    folder, names = node.srcnode().dir, external.files(node.srcnode().get_abspath())
    found = [folder.File(name) for name in names if not Path(folder.get_abspath(), name).is_dir()]
    return [file for file in found if file.exists() or file.has_builder()]


# What an .onnx among the sources depends on beside itself.
WEIGHTS = SCons.Scanner.Scanner(_weights, "ONNX", skeys=[".onnx"])


def add(env):
    """Adds the builders and their variables to env."""
    version = ["IREE_COMPILE_VERSION"]
    env.SetDefault(
        IREE_COMPILEFLAGS=list(compiler.GUIDE_FLAGS),
        IREE_STATICFLAGS=list(compiler.STATIC_FLAGS),
        IREE_COMPILE_TIMEOUT=900,
        IREE_COMPILE_MEMORY="",
        IREE_DIMS="",
        IREE_SHAPES="",
        IREE_OPSET=0,
        IREE_IMPORTFLAGS=[],  # --without=RULE,…
        IREE_TUNED="",
        IREE_FORMOF="",
        IREE_FORM=0,
        _IREE_FORMS=_forms,
        _IREE_KERNELWIDTHS=_kernel_widths,
        _IREE_MENDING=mending("$IREE_TARGETFLAGS"),
        IREE_COMPILECOM="$_IREE_MENDING $( $IREE_COMPILE $) $IREE_TARGETFLAGS $IREE_COMPILEFLAGS $SOURCE -o $TARGET",
        IREE_LOWERFLAGS=[],
        # Both calls need the same.
        IREE_LIBRARYFLAGS=(
            "$IREE_TARGETFLAGS $_IREE_LIBRARYCOMPILEFLAGS $IREE_STATICFLAGS --iree-llvmcpu-static-library-output-path=$IREE_LIBRARYPATH"
        ),
        _IREE_LIBRARYCOMPILEFLAGS=_debug_flags,
        IREE_LIBRARYPATH=_library_path,
        IREE_STREAMCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) lower $SOURCE -o ${TARGETS[0]} --flow ${TARGETS[1]} --forms ${TARGETS[2]} "
            "--alignment $IREE_ARENA_ALIGNMENT --rewrites=$IREE_REWRITES $_IREE_FORMS $IREE_LOWERFLAGS $( ${IREE_VERBOSE and '--verbose' or ''} $) -- $( $IREE_COMPILE $) $IREE_LIBRARYFLAGS"
        ),
        IREE_FORMCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) form $SOURCE -o ${TARGETS[0]} --of ${IREE_FORMOF[1]} --number $IREE_FORM $_IREE_FORMS "
            "--alignment $IREE_ARENA_ALIGNMENT --rewrites=$IREE_REWRITES -- $( $IREE_COMPILE $) $IREE_LIBRARYFLAGS"
        ),
        IREE_STATICLIBRARYCOM="$_IREE_MENDING $( $IREE_COMPILE $) $IREE_LIBRARYFLAGS $SOURCE -o ${TARGETS[2]}",
        IREE_KERNELSOBJECTCOM=(
            "$_IREE_KERNELWIDTHS $( $IREE_COMPILE $) $IREE_LIBRARYFLAGS "
            + " ".join(compiler.HOST_PROGRAM_FLAGS)
            + " $SOURCE -o ${TARGETS[2]}"
        ),
        IREE_FLOWCOM="$( $IREE_COMPILE $) $IREE_TARGETFLAGS $IREE_COMPILEFLAGS --compile-to=flow --emit-mlir-bytecode $SOURCE -o $TARGET",
        IREE_MACSCOM="$( $IREE_PYTHON $IREE_BAREMETAL $) macs $SOURCE -o $TARGET",
        IREE_LAYERSCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) layers ${SOURCES[0]} ${SOURCES[1]} ${SOURCES[2:] and '--names'} ${SOURCES[2:]} -o $TARGET"
        ),
        IREE_IMPORTCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) import $SOURCE -o $TARGET --dims=$IREE_DIMS --shapes=$IREE_SHAPES "
            "--opset=$IREE_OPSET $IREE_IMPORTFLAGS $( --iree-compile $IREE_COMPILE $)"
        ),
    )
    digest = version + ["IREE_BAREMETAL_DIGEST"]
    builders = env["BUILDERS"]
    model = {"src_suffix": _MODEL_SUFFIXES}
    library = {"suffix": "_library.o", **model}
    spare = tuning.FLAGS["no-lanes"]
    builders["IreeVmfb"] = _builder(tool_action("IREE_COMPILECOM", version, explain=explain), ".vmfb", **model)
    builders["IreeFlow"] = _builder(tool_action("IREE_FLOWCOM", version, explain=explain), ".flow.mlirbc", **model)
    builders["IreeMacs"] = _builder(tool_action("IREE_MACSCOM", digest), ".macs.json")
    builders["IreeLayers"] = _builder(tool_action("IREE_LAYERSCOM", digest), ".layers.json", single_source=False)
    builders["IreeStream"] = _builder(
        tool_action("IREE_STREAMCOM", digest, explain=explain), ".stream.mlirbc", _stream_emitter, **model
    )
    builders["IreeStaticLibrary"] = _builder(
        tool_action("IREE_STATICLIBRARYCOM", version, explain=explain, spare=spare), emitter=_library_emitter, **library
    )
    builders["IreeKernels"] = _builder(
        tool_action("IREE_KERNELSOBJECTCOM", version, explain=explain, spare=spare), emitter=_kernels_emitter, **library
    )
    builders["IreeImport"] = _builder(
        tool_action("IREE_IMPORTCOM", digest), ".mlir", _import_emitter, src_suffix=list(formats.IMPORTED), source_scanner=WEIGHTS
    )
