"""The environment of a board: its toolchain, unless the caller brought one, and short output."""

import re
import sys
from dataclasses import replace

import SCons.Errors
import SCons.Tool
from SCons.Subst import Literal

from .. import board as boards
from .. import compiler, toolchain
from ..board import KB, MB
from ..errors import BaremetalError

# What a small model takes of IREE's runtime (docs/runtime.md), and some more.
RUNTIME_STACK, RUNTIME_HEAP = 24 * KB, 48 * KB

_HOST_COMPILERS = ("gcc", "cc", "clang")

# Command line -> the word that stands for it when it is printed short.
_SHORT = {
    "IREE_IMPORT": "import",
    "IREE_COMPILE": "compile",
    "IREE_STREAM": "compile",
    "IREE_BINDINGS": "bindings",
    "IREE_STATICLIBRARY": "compile",
    "IREE_FLOW": "compile",
    "IREE_MACS": "count",
    "IREE_CODEGEN": "generate",
    "IREE_SESSION": "compile",
    "IREE_ABI": "compile",
    "IREE_GENERATESESSION": "generate",
    "IREE_GENERATE": "generate",
    "IREE_KERNELS": "kernels",
    "IREE_REFERENCE": "reference",
    "IREE_OBJCOPY": "image",
    "CC": "cc",
    "ASPP": "as",
    "LINK": "link",
    "AR": "ar",
    "RANLIB": "ranlib",
}


def load_board(env):
    """Puts the `Board` that IREE_BOARD names into IREE_BOARD_DATA."""
    try:
        board = boards.load(env.subst("$IREE_BOARD"), [str(env.Dir(p)) for p in env.get("IREE_BOARDS_PATH", [])])
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    env["IREE_BOARD_DATA"] = board = _sized(env, board)
    env.SetDefault(IREE_TARGETFLAGS=compiler.target_flags(board), IREE_ARENA_ALIGNMENT=board.arena_alignment)
    return board


def _size(env, variable):
    """Bytes from "16K", or None."""
    text = str(env.get(variable) or "").strip()
    found = re.fullmatch(r"(\d+)([kKmM]?)", text)
    if text and not found:
        raise SCons.Errors.UserError(f"{variable}={text}: not a size in bytes, as in 4096, 16K or 1M.")
    return int(found[1]) * {"": 1, "k": KB, "m": MB}[found[2].lower()] if found else None


def _sized(env, board):
    """board with the stack and heap that the deployment needs, or the caller asks for."""
    if board.is_host:
        return board
    runtime = env["IREE_DEPLOY"] != "direct"
    stack = _size(env, "IREE_STACK") or (max(board.stack, RUNTIME_STACK) if runtime else board.stack)
    heap = _size(env, "IREE_HEAP") or ((board.heap or RUNTIME_HEAP) if runtime else 0)
    return replace(board, stack=stack, heap=heap)


def wants_toolchain(env, board):
    """Whether the board's compiler is ours to set up: the caller has none, or only the host's own."""
    return "CC" not in env or (not board.is_host and env.subst("$CC") in _HOST_COMPILERS)


def add_toolchain(env, board):
    """Sets up compiler, flags and suffixes for board; gives absolute paths, as editors want them."""
    try:
        tools = toolchain.find(board, env["ENV"].get("PATH"))
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    env.Replace(CC=tools.cc, AS=tools.as_, AR=tools.ar, RANLIB=tools.ranlib, OBJCOPY=tools.objcopy, LINK="$CC")
    env.Replace(OBJSUFFIX=".o", LIBPREFIX="lib", LIBSUFFIX=".a", PROGSUFFIX="" if board.is_host else ".elf")
    for name in ("gcc", "gas", "ar", "gnulink"):
        SCons.Tool.Tool(name)(env)
    env.Replace(CC=tools.cc, AS=tools.as_, AR=tools.ar, RANLIB=tools.ranlib, LINK="$CC")
    # Debug information names the folder of the build; without it every checkout gives the same bytes.
    env.Append(
        CCFLAGS=[*toolchain.compile_flags(board), "$(", "-ffile-prefix-map=$IREE_TOP=.", "$)"],
        LINKFLAGS=toolchain.link_flags(board),
        CPPDEFINES=dict(board.defines),
        CPPPATH=[env.Dir(str(path)) for path in board.include_paths],
        LIBS=["m"],
    )
    SCons.Tool.Tool("compilation_db")(env)
    env["ASPPFLAGS"] = [*board.machine_flags]
    env["IREE_TOP"] = Literal(env.Dir("#").get_abspath())


def shorten_output(env):
    """One short line for each command, coloured on a terminal; not with verbose=1."""
    if env.get("IREE_VERBOSE"):
        return
    colour, plain = ("\033[36m", "\033[0m") if sys.stdout.isatty() else ("", "")
    for name, word in _SHORT.items():
        env.SetDefault(**{f"{name}COMSTR": f"{colour}{word}{plain} $TARGET"})
