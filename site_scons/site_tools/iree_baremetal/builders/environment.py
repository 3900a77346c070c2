"""The environment of a board: its data, sized for the deployment, and short output."""

import os
import sys

import SCons.Errors

from .. import board as boards
from .. import compiler
from ..board import KB, bootloader, bsp
from ..compiler import tuning
from ..device import serial_link
from ..errors import BaremetalError
from . import search, sizes

# What a small model takes of IREE's runtime (docs/runtime.md), and some more. In vmvx, one VM calls another.
RUNTIME_STACK, VMVX_STACK, RUNTIME_HEAP = 24 * KB, 32 * KB, 48 * KB

# What makes a board beside its name.
_OF_THE_BOARD = ("IREE_STACK", "IREE_HEAP", "IREE_FLASH_OFFSET", "IREE_BSP")

# Command line -> the word that stands for it when it is printed short.
_SHORT = {
    "IREE_QUANTIZE": "quantize",
    "IREE_IMPORT": "import",
    "IREE_COMPILE": "compile",
    "IREE_STREAM": "compile",
    "IREE_STATICLIBRARY": "compile",
    "IREE_KERNELSOBJECT": "compile",
    "IREE_FLOW": "compile",
    "IREE_MACS": "count",
    "IREE_LAYERS": "layers",
    "IREE_CODEGEN": "generate",
    "IREE_TRACE": "trace",
    "IREE_SESSION": "compile",
    "IREE_ABI": "compile",
    "IREE_GENERATESESSION": "generate",
    "IREE_GENERATE": "generate",
    "IREE_EMBEDDATA": "embed",
    "IREE_KERNELS": "kernels",
    "IREE_REFERENCE": "reference",
    "IREE_OBJCOPY": "image",
    "IREE_ARCHIVE": "ar",
    "IREE_STRIP": "ar",
    "CC": "cc",
    "CXX": "c++",
    "IREE_ASSEMBLE": "as",
    "LINK": "link",
    "AR": "ar",
    "RANLIB": "ranlib",
}


def load_board(env):
    """Puts the `Board` that IREE_BOARD names into IREE_BOARD_DATA."""
    try:
        board = _sized(env, boards.load(env.subst("$IREE_BOARD"), search.path(env)))
        offset = _size(env, "flash_offset")
        if offset and board.flash:
            board = bootloader.offset(board, offset)
        if env.get("IREE_BSP"):
            board = bsp.apply(board, os.path.join(env.Dir("#").get_abspath(), env.subst("$IREE_BSP")))
            if offset and board.linker_script:
                raise BaremetalError(
                    f"flash_offset={offset}: where the code begins is said by the linker script of bsp=, {board.linker_script}."
                )
        if serial_link.named(str(env.get("IREE_ON", ""))) and not board.is_host and not board.is_core:
            board = serial_link.with_files(board)
        chosen = tuning.chosen(board, _goal(env))
        env["IREE_FLAGS"] = env.get("IREE_FLAGS") or chosen.flags
        env["IREE_REWRITES"] = env.get("IREE_REWRITES") or chosen.rewrites
        tuning.flags(env["IREE_FLAGS"])
        tuning.level(env.get("IREE_OPT_LEVEL", ""))
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    env["IREE_BOARD_DATA"] = board
    env["IREE_AS_LOADED"] = {name: str(env.get(name) or "") for name in _OF_THE_BOARD}, _goal(env)
    env.SetDefault(
        IREE_TARGETFLAGS=[*compiler.target_flags(board), "$IREE_GENERATIONFLAGS"],
        IREE_GENERATIONFLAGS=_generation_flags,  # asked when they are needed: a clone may have flags of its own
        IREE_ARENA_ALIGNMENT=board.arena_alignment,
    )
    return board


def _goal(env):
    return env.get("IREE_OPTIMIZE", tuning.GOALS[0])


def _choose_again(env, board):
    """Puts the flags and rewrites for another IREE_OPTIMIZE than when the tool was loaded, as a clone's, in place of those for that."""
    settings, before = env["IREE_AS_LOADED"]
    if _goal(env) != before:
        old, new = tuning.chosen(board, before), tuning.chosen(board, _goal(env))
        for name, was, becomes in (("IREE_FLAGS", old.flags, new.flags), ("IREE_REWRITES", old.rewrites, new.rewrites)):
            if env[name] == was:  # else the caller's own choice
                env[name] = becomes
        env["IREE_AS_LOADED"] = settings, _goal(env)


def _generation_flags(target, source, env, for_signature):
    return [*tuning.flags(env["IREE_FLAGS"]), *tuning.level(env.get("IREE_OPT_LEVEL", ""))]


def _size(env, option):
    """Bytes from "16K", or None."""
    text = str(env.get(f"IREE_{option.upper()}", "")).strip()
    if not text:
        return None
    size = sizes.in_bytes(text, has_hex=True)
    if size is None:
        raise SCons.Errors.UserError(f"{option}={text}: not a size in bytes, as in 4096, 16K or 1M.")
    if size % 16 or not size:
        raise SCons.Errors.UserError(f"{option}={text}: not a multiple of 16, from 16 on.")
    return size


def _sized(env, board):
    """board with the stack and heap that the deployment needs, or the caller asks for."""
    wanted_stack, wanted_heap = _size(env, "stack"), _size(env, "heap")
    if board.is_host or board.vmfb_only or board.is_core:
        return board
    stack, heap = board.stack, wanted_heap or 0
    if env["IREE_DEPLOY"] != "direct":
        stack = max(stack, VMVX_STACK if env["IREE_DEPLOY"] == "vmvx" else RUNTIME_STACK)
        eighth = board.ram[1].length // 128 * 16 if board.ram else 0
        heap = wanted_heap or board.heap or max(RUNTIME_HEAP, eighth)
    return boards.resized(board, wanted_stack or stack, heap)


def check(env, wanted=None):
    """A UserError for wrong IREE_FLAGS, or another board, by name, in IREE_BOARD or by what makes it, than when the tool was loaded."""
    board = env["IREE_BOARD_DATA"]
    try:
        _choose_again(env, board)
        tuning.flags(env["IREE_FLAGS"])
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    for name, value in env["IREE_AS_LOADED"][0].items():
        if str(env.get(name) or "") != value:
            raise SCons.Errors.UserError(
                f"{name}={env.get(name)}: the tool reads it as it is loaded. Set it before, or in Environment({name}=…)."
            )
    loaded, wanted = (board.part or board).name, wanted or env.subst("$IREE_BOARD")
    if wanted != loaded:
        raise SCons.Errors.UserError(
            f"IREE_BOARD={wanted}: this environment is for board {loaded}. Make one for each board: "
            f"Environment(tools=['iree_baremetal'], IREE_BOARD='{wanted}')."
        )


def shorten_output(env):
    """One short line for each command of ours, coloured on a terminal; not with verbose=1."""
    if env.get("IREE_VERBOSE"):
        return
    colour, plain = ("\033[36m", "\033[0m") if sys.stdout.isatty() else ("", "")
    for name, word in _SHORT.items():
        if name.startswith("IREE_") or env.get("IREE_OWN_TOOLCHAIN"):
            env.SetDefault(**{f"{name}COMSTR": f"{colour}{word}{plain} $TARGET"})
