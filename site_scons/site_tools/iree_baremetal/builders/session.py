"""deploy=static, emitc, inline, inline-emitc, elf and vmvx: the model on IREE's own runtime.

The host program is bytecode in flash, or C; the kernels are a static library, an embedded ELF, or
bytecode. builders/runtime.py makes the runtime; the generated C is the header's same functions.
"""

import os

import SCons.Builder
import SCons.Errors

from ..compiler import GUIDE_FLAGS, tuning
from ..errors import BaremetalError
from ..runtime import deployments, embedded_linker
from ..toolchain import specs
from . import compile, placement, runtime
from .action import message_action, tool_action
from .compile import require_compiler
from .paths import assemble

DEPLOYMENTS = tuple(deployments.ALL)


def _emitter(target, source, env):
    folder, name = target[0].dir, str(env["IREE_MODEL"])
    program = "_vmfb.S" if str(source[1]).endswith(".vmfb") else "_module.h"
    outputs = [name + suffix for suffix in (".c", "_harness.c", ".plan.json", program)]
    return [folder.File(file) for file in (f"include/{name}.h", *outputs)], source


def _explain(messages, source):
    """iree-compile's errors; and why a linker of its own may find a symbol nowhere."""
    text = compile.explain(messages, source)
    if "undefined symbol" in messages or "recompile with -fPIC" in messages:
        text += "\nAn embedded ELF takes from the C library only code that needs no data of its own: take deploy=static."
    if "failed to inline into combined initializer" in messages:
        text += "\nWith a static library, this release of iree-compile cannot compile for the inline HAL: take 3.13.0, or deploy=static."
    return text


def _write_linker(target, source, env):
    path = target[0].get_abspath()
    with open(path, "w") as stream:
        stream.write(source[0].get_text_contents())
    os.chmod(path, 0o755)


def elf_linker(env, folder):
    """The pseudo-builder env.IreeElfLinker(folder): the linker that iree-compile shall use for embedded ELFs, and its flag."""
    folder = env.Dir(folder)
    require_compiler(env)
    board = env["IREE_BOARD_DATA"]
    compiler = [*map(str, env.subst_list("$CC")[0]), *board.machine_flags, *specs(board, env["ENV"].get("PATH"))]
    try:
        text = embedded_linker.script(embedded_linker.find_lld(env.subst("$IREE_COMPILE")), board.triple, compiler)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    script = env.Command(
        folder.File(f"iree-lld{embedded_linker.suffix()}"), env.Value(text), message_action(_write_linker, "script $TARGET")
    )
    return script, embedded_linker.flag(script[0].get_abspath())


def _compile(env, model, folder, deployment, recipe):
    """(host program, [kernels' object]) of the model."""
    own = env.Clone(IREE_SESSIONFLAGS=deployment.compile_flags(env["IREE_BOARD_DATA"], recipe.values))
    # The guide's flags are among the deployment's; the caller's are not.
    own.Append(IREE_SESSIONFLAGS=[flag for flag in env.Flatten(env["IREE_COMPILEFLAGS"]) if flag not in GUIDE_FLAGS])
    own.Append(IREE_SESSIONFLAGS=tuning.level(env.get("IREE_OPT_LEVEL", "")))
    suffix = ".vmfb" if deployment.host_program == "bytecode" else "_emitc.h"
    targets = [folder.File(model.name + suffix)]
    needs = []
    if deployment.static_library:
        targets += [folder.File(f"{model.name}_kernels.o"), folder.File(f"{model.name}_kernels.h")]
        own.Append(IREE_SESSIONFLAGS=["--iree-llvmcpu-static-library-output-path=${TARGETS[1]}"])
    elif deployment.name == "elf":
        needs, flag = elf_linker(env, folder)
        own.Append(IREE_SESSIONFLAGS=[flag])
    command, depends = "IREE_SESSIONCOM", ["IREE_COMPILE_VERSION"]
    if deployment.hal is deployments.INLINE:  # by code of ours
        command, depends = "IREE_INLINECOM", [*depends, "IREE_BAREMETAL_DIGEST"]
    program, *library = own.Command(targets, model.mlir, tool_action(command, depends, explain=_explain))
    env.Depends(program, needs)
    return program, library[:1]


def build(env, model, folder):
    """The nodes to link for model, made in folder; sets model's attributes."""
    placement.refuse_other(env)
    name, deployment = model.name, deployments.get(model.deploy)
    archive = runtime.runtime_archive(env)
    recipe = archive.attributes.recipe
    program, library = _compile(env, model, folder, deployment, recipe)
    interface = env.Command(
        folder.File(f"{name}.abi.mlirbc"),
        model.mlir,
        tool_action("IREE_ABICOM", ["IREE_COMPILE_VERSION"], explain=compile.explain),
    )
    flags = ["--deploy", model.deploy, "--tree", str(recipe.root), *(["--library", "${SOURCES[2]}"] if library else [])]
    own = env.Clone()
    own.Append(IREE_CODEGENFLAGS=flags)
    outputs = own.IreeSession(folder.File(f"{name}.c"), [interface, program, *library, *model.names])
    model.header, model.source, model.harness, model.plan, carrier = outputs
    model.objects = [*runtime.objects(env, archive, [(folder.File(f"{name}.o"), model.source)]), *library]
    if deployment.host_program == "bytecode":
        model.objects += assemble(env, folder.File(f"{name}_vmfb.o"), carrier, program)
    glue = runtime.glue(model.env, archive, folder.Dir("support"), deployment.glue)
    return [*model.objects, *glue, *archive.attributes.support, archive]


def add(env):
    """Adds the builders beneath IreeModel to env."""
    env.SetDefault(
        _IREE_SESSIONMENDING=compile.mending("$IREE_SESSIONFLAGS"),
        IREE_SESSIONCOM="$_IREE_SESSIONMENDING $( $IREE_COMPILE $) $IREE_SESSIONFLAGS $SOURCE -o $TARGET",
        IREE_INLINECOM="$( $IREE_PYTHON $IREE_BAREMETAL $) inline $SOURCE -o $TARGET -- $( $IREE_COMPILE $) $IREE_SESSIONFLAGS",
        IREE_ABICOM="$( $IREE_COMPILE $) $IREE_TARGETFLAGS $IREE_COMPILEFLAGS $SOURCE -o $TARGET --compile-to=abi --emit-mlir-bytecode",
        IREE_GENERATESESSIONCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) session $IREE_MODEL ${SOURCES[0]} --host-program ${SOURCES[1]} "
            "-o ${TARGETS[1].dir} $IREE_CODEGENFLAGS --compiler-version $IREE_COMPILE_VERSION"
        ),
    )
    env["BUILDERS"]["IreeSession"] = SCons.Builder.Builder(
        action=tool_action("IREE_GENERATESESSIONCOM", ["IREE_BAREMETAL_DIGEST"]), emitter=_emitter, suffix=".c"
    )
    env.AddMethod(elf_linker, "IreeElfLinker")
    runtime.add(env)
