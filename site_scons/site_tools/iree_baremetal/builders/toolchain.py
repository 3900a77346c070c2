"""The toolchain of a board's environment: ours, or the caller's, who knows best what to compile with."""

import os
import shutil
import subprocess

import SCons.Errors
import SCons.Tool
from SCons.Subst import Literal

from .. import toolchain
from ..errors import BaremetalError
from . import cluster, ownership
from .environment import shorten_output

# What the caller says to a compiler of his own, and ours must not hear.
_FLAGS = ("CFLAGS", "CXXFLAGS", "CCFLAGS", "CPPFLAGS", "CPPDEFINES", "CPPPATH", "ASFLAGS", "LINKFLAGS", "LIBS", "LIBPATH")


class Program(Literal):
    """The absolute path of a program, which signatures, and so shared caches, know by its name alone."""

    def for_signature(self):
        return os.path.basename(str(self))


def add(env, board):
    """Sets up compiler, flags and suffixes for board, unless the caller brought a compiler."""
    if board.vmfb_only:
        SCons.Tool.Tool("compilation_db")(env)
    elif ownership.wanted(env, board):
        _set_up(env, board)


def _set_up(env, board):
    before, path = ownership.snapshot(env), env["ENV"].get("PATH")
    try:
        tools = toolchain.find(board, path)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    env.SetDefault(IREE_LAUNCHER="")
    _check_launcher(env)
    # The tools below run the compiler for its version, and want its path as a string.
    env.Replace(CC=tools.cc, CXX=tools.cxx or f"{tools.prefix}g++", AS=tools.as_, AR=tools.ar, RANLIB=tools.ranlib)
    env.Replace(OBJSUFFIX=".o", LIBPREFIX="lib", LIBSUFFIX=".a", PROGSUFFIX="" if board.is_host else ".elf")
    for name in ("gcc", "g++" if tools.cxx else "cxx", "gas", "ar", "gnulink"):
        SCons.Tool.Tool(name)(env)
    programs = {
        "CC": tools.cc,
        "CXX": tools.cxx,
        "AS": tools.as_,
        "AR": tools.ar,
        "RANLIB": tools.ranlib,
        "OBJCOPY": tools.objcopy,
    }
    env.Replace(**{name: Program(path) for name, path in programs.items() if path}, LINK="$CC")
    # Neither a launcher nor where a source is decides what becomes of it.
    env["CCCOM"] = "$( $IREE_LAUNCHER $) $CC -o $TARGET -c $CFLAGS $CCFLAGS $_CCCOMCOM $( $SOURCES $)"
    env["CXXCOM"] = "$( $IREE_LAUNCHER $) $CXX -o $TARGET -c $CXXFLAGS $CCFLAGS $_CCCOMCOM $( $SOURCES $)"
    # As a literal it is quoted for the shell, whatever the folder is called.
    map_prefix = Literal(f"-ffile-prefix-map={env.Dir('#').get_abspath()}=.")
    # Debug information names the folder of the build; without it every checkout gives the same bytes.
    env.Append(
        CFLAGS=toolchain.C_FLAGS,
        CXXFLAGS=toolchain.CXX_FLAGS,
        CCFLAGS=[*toolchain.compile_flags(board, path), "$(", map_prefix, "$)"],
        LINKFLAGS=toolchain.link_flags(board, path),
        CPPDEFINES=dict(board.defines),
        CPPPATH=[env.Dir(str(path)) for path in board.include_paths],
        LIBS=["m"],
    )
    SCons.Tool.Tool("compilation_db")(env)
    env["ASPPFLAGS"] = [*board.machine_flags]
    env["ASFLAGS"] = ["-c", *board.machine_flags]
    env["IREE_OWN_TOOLCHAIN"] = True
    shorten_output(env)
    env["IREE_OWN_TOOLCHAIN"] = ownership.Ours(before, env)
    cluster.take_compiler(env)


def _check_launcher(env):
    launcher = env.subst("$IREE_LAUNCHER")
    if launcher and not shutil.which(launcher.split()[0], path=env["ENV"].get("PATH")):
        raise SCons.Errors.UserError(
            f"launcher={launcher}: no such program on the search path. Install it, or leave the option out."
        )


def for_board(env):
    """env, or where the compiler is the caller's, a clone with ours: to run a model where the emulator is."""
    ownership.settle(env)
    if env.get("IREE_OWN_TOOLCHAIN") or env["IREE_BOARD_DATA"].is_host:
        return env
    of, own = env.get("IREE_BOARD_ENVIRONMENT", (None, None))
    if of is env:  # one for all that are built for env, lest two environments make the same file
        return own
    own = env.Clone(IREE_SUPPORTDIR=None, **{name: [] for name in _FLAGS})
    del own["CC"]
    _set_up(own, env["IREE_BOARD_DATA"])
    env["IREE_BOARD_ENVIRONMENT"] = env, own
    return own


def find_objcopy(env):
    """Sets OBJCOPY, unless it is, to that of env's compiler: the host's knows no other machine's objects."""
    if "OBJCOPY" in env:
        return
    board, path = env["IREE_BOARD_DATA"], env["ENV"].get("PATH")
    names = ["objcopy"] if board.is_host else [f"{board.toolchain}-objcopy", "llvm-objcopy"]
    command = [str(word) for word in env.subst_list("$CC")[0]]
    # Any target's objects are clang's own tool's; the plain objcopy that clang finds is this machine's.
    asked = "llvm-objcopy" if command and "clang" in os.path.basename(command[0]) and not board.is_host else "objcopy"
    try:
        answer = subprocess.run(
            [*command, f"-print-prog-name={asked}"], capture_output=True, text=True, errors="replace"
        ).stdout.strip()
        names.insert(0, answer if os.path.isabs(answer) else "")
    except (OSError, IndexError):  # it is no program
        pass
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if not found:
        raise SCons.Errors.UserError(
            f"board {board.name}: none of {', '.join(filter(None, names))} found. Set OBJCOPY in the environment."
        )
    env["OBJCOPY"] = Program(os.path.realpath(found))
