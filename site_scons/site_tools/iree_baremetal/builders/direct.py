"""deploy=direct: the plan of the model as C, and its kernels as an object."""

import os

import SCons.Builder
import SCons.Errors

from ..compiler import tuning
from ..toolchain import specs
from . import budget, placement, toolchain
from .action import tool_action
from .paths import DIRECT, assemble

_OUTPUTS = [".c", "_weights.S", "_weights.bin", "_harness.c", ".plan.json", "_kernels.syms", "_kernels.keep"]

# Nothing starts the kernels and nothing is left out: they are run one by one.
_TRACE_LINK_FLAGS = ("-nostartfiles", "-Wl,-e,0,--no-gc-sections,-z,noexecstack")


_TRACE_LINK = ("$(", "--link=$IREE_TRACECC", "$)", "${_concat('--link=', IREE_TRACELINKFLAGS, '', __env__)}")


def _emitter(target, source, env):
    folder, name = target[0].dir, str(env["IREE_MODEL"])
    return [folder.File(f"include/{name}.h"), *(folder.File(name + suffix) for suffix in _OUTPUTS)], source


def build(env, model, folder):
    """The nodes to link for model, made in folder; sets model's attributes."""
    name = model.name
    linker = _trace_linker(env, model)
    if linker:
        env.SetDefault(IREE_TRACECC=linker)
        env.Append(IREE_LOWERFLAGS=["--in-place", *(_TRACE_LINK if _is_thorough(env) else [])])
    if _is_thorough(env):
        env.Append(IREE_LOWERFLAGS=["--rows"])
    if env.get("IREE_PUSH_ROWS"):
        env.Append(IREE_LOWERFLAGS=["--push-rows"])
    if (ram := budget.of(env)) is not None:
        env.Append(IREE_LOWERFLAGS=[f"--ram={ram - env['IREE_BOARD_DATA'].stack - budget.OTHER_DATA}"])
    library, _, program = env.IreeKernels(folder.File(f"{name}_library.o"), model.mlir)
    if env["IREE_TUNED"]:  # it may be one of two streams' targets
        env.Depends([library, program], env["IREE_TUNED"])
    sources = [program, library, program.sources[0]]
    env.Append(IREE_CODEGENFLAGS=[*placement.flags(env, name), placement.sharing(env, model)])
    outputs = env.IreeCodegen(
        folder.File(f"{name}.c"), [*sources, *(_overlaps(env, name, folder, sources) if linker else []), *model.names]
    )
    model.flow = folder.File(f"{name}.flow.mlirbc")
    model.header, model.source, weights_s, weights, model.harness, model.plan, symbols, keep = outputs
    kernels = env.Command(folder.File(f"{name}_kernels.o"), [library, symbols, keep], tool_action("IREE_KERNELSCOM"))
    assembled = assemble(env, folder.File(f"{name}_weights.o"), weights_s, weights)
    model.objects = [*assembled, *kernels]
    return [*source_object(env, model, folder.File(f"{name}.o")), *model.objects]


def source_object(env, model, target, defines=(), include=()):
    """The object target of the model's source; its headers are ours, whatever else has their names."""
    own = env.Clone()
    own.Append(CPPDEFINES=list(defines))
    own.Prepend(CPPPATH=[*model.include, env.Dir(DIRECT), *map(env.Dir, include)])
    if _may_have_rows(env) and "-Os" in own["CCFLAGS"]:  # thousands of steps, whose reading is seen
        own.Append(CCFLAGS=["-O2"])
    return own.Object(target, model.source)


def _may_have_rows(env):
    """Whether layers may run by rows."""
    return _is_thorough(env) or bool(env.get("IREE_PUSH_ROWS")) or budget.of(env) is not None


def _is_thorough(env):
    """Whether what takes long, or costs cycles, is tried for less RAM."""
    return env.get("IREE_OPTIMIZE") == tuning.MEMORY


def _trace_linker(env, model):
    """The compiler that links kernels to be traced, or None where outputs stay apart from inputs.

    The caller's GCC; other compilers want to be told of target and libraries, so ours, if there is one.
    """
    if not env.get("IREE_OVERLAP", True) or env["IREE_BOARD_DATA"].is_host:
        return None
    words = [os.path.basename(str(word)) for word in env.subst_list("$CC")[0]]
    if any("gcc" in word for word in words):
        return "$CC"
    try:
        return toolchain.for_board(model.env)["CC"]
    except SCons.Errors.UserError:
        return None


def _overlaps(env, name, folder, sources):
    """The file that says which buffers may overlap; the flag for it in env."""
    env.Append(IREE_CODEGENFLAGS=["--overlaps", "${SOURCES[3]}"])
    action = tool_action("IREE_TRACECOM", ["IREE_BAREMETAL_DIGEST"])
    return env.Command(
        folder.File(f"{name}_overlaps.json"), sources, action, IREE_TRACEFLAGS=["--thorough"] if _is_thorough(env) else []
    )


def add(env):
    """Adds the builder beneath IreeModel to env."""
    board = env["IREE_BOARD_DATA"]
    env.SetDefault(
        IREE_CODEGENCOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) codegen $IREE_MODEL ${SOURCES[0]} ${SOURCES[1]} ${SOURCES[2]} -o ${TARGETS[1].dir} "
            "--alignment $IREE_ARENA_ALIGNMENT $IREE_CODEGENFLAGS --compiler-version $IREE_COMPILE_VERSION"
        ),
        IREE_TRACELINKFLAGS=[*board.machine_flags, *specs(board, env["ENV"].get("PATH")), *_TRACE_LINK_FLAGS],
        # GCC's objects and the C library's have no such section on a board, and the linker warns where some have it.
        IREE_KERNELSFLAGS=[] if board.is_host else ["--remove-section=.note.GNU-stack"],
        IREE_TRACECOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) trace $IREE_MODEL ${SOURCES[0]} ${SOURCES[1]} ${SOURCES[2]} "
            f"--alignment $IREE_ARENA_ALIGNMENT $IREE_TRACEFLAGS {' '.join(_TRACE_LINK)} -o $TARGET"
        ),
        # Only the kernels keep their names, made distinct; the rest of the object becomes private. GNU's objcopy looks
        # for their new names, LLVM's for the old.
        IREE_KERNELSCOM=(
            "$OBJCOPY --redefine-syms=${SOURCES[1]} --globalize-symbols=${SOURCES[2]} "
            "--wildcard --localize-symbol=*_library_query $IREE_KERNELSFLAGS ${SOURCES[0]} $TARGET"
        ),
    )
    env["BUILDERS"]["IreeCodegen"] = SCons.Builder.Builder(
        action=tool_action("IREE_CODEGENCOM", ["IREE_BAREMETAL_DIGEST"]), emitter=_emitter, suffix=".c"
    )
