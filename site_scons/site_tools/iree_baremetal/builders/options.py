"""The options of the command line, ``scons board=stm32f4 verbose=1``, as SCons Variables."""

import difflib
import os
import re

import SCons.Errors
from SCons.Variables import BoolVariable

from .. import board as boards
from .. import export, files, shared_cache
from ..build_lock import was_interrupted
from ..errors import BaremetalError
from . import search, signatures, sizes
from .model import DEPLOYMENTS

# option -> construction variable, default, help.
_TEXT = {
    "board": ("IREE_BOARD", "host", "the board to build for"),
    "deploy": ("IREE_DEPLOY", "direct", "how the model reaches the board: " + ", ".join(DEPLOYMENTS)),
    "dims": ("IREE_DIMS", "", "sizes of a model's dynamic dimensions: batch=1,…"),
    "shapes": ("IREE_SHAPES", "", "shapes of a model's inputs: image=1x28x28,…"),
    "iree_compile": ("IREE_COMPILE", "", "iree-compile, where it is not on PATH"),
    "compile_timeout": (
        "IREE_COMPILE_TIMEOUT",
        "900",
        "seconds that the import, iree-compile, or another step of a model may take",
    ),
    "run_timeout": ("IREE_TIMEOUT", "600", "seconds that a run of a firmware may take"),
    "compile_memory": (
        "IREE_COMPILE_MEMORY",
        "",
        "memory that each of these may take, as in 8G; else three quarters of the machine's",
    ),
    "optimize": (
        "IREE_OPTIMIZE",
        "speed",
        "what code is generated for: speed, size, memory (as speed, but with the least RAM), or default, which is iree-compile's own",
    ),
    "flags": (
        "IREE_FLAGS",
        "",
        "iree-compile's flags, in place of those for optimize: none, or width4,unroll,… (docs/rewrites.md)",
    ),
    "opt_level": ("IREE_OPT_LEVEL", "", "iree-compile's own level of optimization, --iree-opt-level: O0, O1, O2 or O3"),
    "rewrites": (
        "IREE_REWRITES",
        "",
        "rewrites of the model's code, in place of those for optimize: all, none, or smlad,round,…",
    ),
    "reference": (
        "IREE_REFERENCE",
        "both",
        "for verify and tune, whose answers to compare with: own (the model's engine), iree, both, none",
    ),
    "opset": ("IREE_OPSET", "0", "upgrade an .onnx model to this opset before the import; 0 leaves it as it is"),
    "clock": ("IREE_CLOCK", "", "for bench: the core's clock in Hz, as in 168M, in place of the board's, for milliseconds"),
    "tune_by": (
        "IREE_TUNE_BY",
        "cycles",
        "for tune, what the fastest has least of: cycles, where the core has a timing table, or instructions",
    ),
    "compare": ("IREE_COMPARE", "", "for bench: the _bench.json of another run, to be shown beside this one"),
    "budget": (
        "IREE_BUDGET",
        "",
        "for bench: limits that end it with exit code 2: flash=64K,ram=20K,cycles=5M, or cycles=+2% of compare=",
    ),
    "quantize": ("IREE_QUANTIZE", "", "an .npz of calibration data: a float .onnx is built in int8 (docs/quantize.md)"),
    "quantize_method": ("IREE_QUANTIZE_METHOD", "minmax", "how ranges are found: minmax, percentile or entropy"),
    "quantize_activations": ("IREE_QUANTIZE_ACTIVATIONS", "int8", "int8, or int16 for a model that int8 spoils"),
    "quantize_keep": ("IREE_QUANTIZE_KEEP", "", "nodes or operators that stay in float: conv_1,Softmax,…"),
    "quantize_border": ("IREE_QUANTIZE_BORDER", "float", "what the application passes: float, or int8 with scales in the header"),
    "iree_source": ("IREE_SOURCE", "", "IREE's source tree, for the deployments on its runtime"),
    "runtime_options": ("IREE_RUNTIME_OPTIONS", "", "choices for the runtime, under upstream's names: IREE_STATUS_MODE=1,…"),
    "ram": ("IREE_RAM", "", "bytes of RAM for the whole firmware, as in 32K: the fastest that fits (docs/memory.md)"),
    "stack": ("IREE_STACK", "", "bytes of the stack, as in 16K, in place of the board's"),
    "heap": ("IREE_HEAP", "", "bytes of the heap, for the deployments that have one"),
    "flash_offset": ("IREE_FLASH_OFFSET", "", "bytes at the start of flash that are a bootloader's, as in 32K"),
    "share_weights": (
        "IREE_SHARE_WEIGHTS",
        "",
        "1: constants that models have in common are stored once, 0: each has its own; else the former where IreeFirmware has several models",
    ),
    "weights_region": ("IREE_WEIGHTS_REGION", "", "the board's memory for the weights, as in EXT, in place of that for the code"),
    "arena_region": ("IREE_ARENA_REGION", "", "the board's memory for the arena, as in CCM, in place of that for the data"),
    "boards_path": ("IREE_BOARDS_PATH", "", "folders with further board files, separated by colons"),
    "boards": (
        "IREE_BOARDS_WANTED",
        "",
        "for boards: words that a board's line, description or chip must have, as in h7 or cortex-m33,nordic",
    ),
    "bsp": ("IREE_BSP", "", "a vendor's startup, system files and linker script, in place of ours (docs/bsp.md)"),
    "cache": ("IREE_CACHE", "", "a folder for results to share, between checkouts and machines (SCons's CacheDir)"),
    "cluster": (
        "IREE_CLUSTER",
        "",
        "Dask's workers that do the commands: local:N, or the scheduler, tcp://host:8786 (docs/cluster.md)",
    ),
    "launcher": ("IREE_LAUNCHER", "", "what the C compiler is called with: ccache, sccache, distcc, icecc"),
    "on": (
        "IREE_ON",
        "emulator",
        "where run, verify, bench and tune run a firmware: emulator, or on the part: probe, serial:/dev/ttyACM0 (docs/probe.md)",
    ),
    "gdb_server": (
        "IREE_GDB_SERVER",
        "",
        "for on=probe: a GDB server that runs, host:port, or which to start: openocd, pyocd, probe-rs, jlink",
    ),
    "probe": ("IREE_PROBE", "", "for on=probe: the probe's serial number, where several are plugged in"),
    "semihosting": (
        "IREE_SEMIHOSTING",
        "memory",
        "for on=probe, how files travel: memory, by any server, or file-io, by a server that knows it",
    ),
    "port": ("IREE_PORT", "3333", "for debug: where the GDB server listens"),
    "flasher": (
        "IREE_FLASHER",
        "",
        "for flash and on=serial: pyocd, openocd, probe-rs or st-flash, else the first that board and machine have; none: on=serial waits for you",
    ),
    "format": ("IREE_EXPORTFORMAT", "make", f"for export: {', '.join(export.FORMATS)}, several with commas between them, or all"),
    "name": ("IREE_NEW_BOARD", "", "for new-board: the name of the board to describe"),
    "from": ("IREE_NEW_BOARD_FROM", "stm32f4", "for new-board: the board to begin with"),
}


def variables():
    """The construction variables of the options, but for the board and what is chosen by it."""
    others = {variable for variable, *_ in _TEXT.values()} - {"IREE_BOARD", "IREE_FLAGS", "IREE_REWRITES"}
    return [*sorted(others), "IREE_OVERLAP", "IREE_PUSH_ROWS", "IREE_VERBOSE"]


# What the builders add, for the help.
_TARGETS = {
    "(none)": "build the firmware",
    "run": "run it in the board's emulator, then the memory report",
    "verify": "hold the model's answers on the board against IREE's and its own engine's on this machine",
    "size": "the memory report",
    "bench": "instructions of each kernel, memory: table, JSON and HTML",
    "tune": "other flags and rewrites for the model, other forms of each kernel, measured and verified: the fastest, the smallest",
    "export": "the model as a library for another kind of build: format=",
    "sweep": 'models=DIR boards=A,B grid="optimize=speed,size overlap=0,1": all combinations, measured and verified, as one table',
    "flash, debug": "to the part, by its probe's software; under GDB, in the emulator",
    "boards, info": "all boards with core, memory and emulator, and whether a model= fits as built for board=; every value of one",
    "new-board": "write a board file to fill in: name=X from=Y",
    "compiledb": "compile_commands.json",
    "vscode, eclipse": "tasks, debugging and code completion for the editor",
    "fetch-iree": "IREE's source tree, for the deployments on its runtime",
}


def _choices(text):
    """{"A": "1"} from "A=1,…"."""
    return dict(part.partition("=")[::2] for part in text.split(",") if part)


def _seconds(option):
    def parse(text):
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or not float(text):
            raise SCons.Errors.UserError(f"{option}={text}: not a number of seconds, as in 900.")
        return text

    return parse


def _choice(option):
    def parse(text):
        if text not in ("", "0", "1"):
            raise SCons.Errors.UserError(f"{option}={text}: neither 1 nor 0.")
        return text and text == "1"

    return parse


def _memory(text):
    """Bytes, as text, of 512M or 8G; "" stays that."""
    size = sizes.in_bytes(text, "kmg")
    if text and not size:
        raise SCons.Errors.UserError(f"compile_memory={text}: not a size in bytes, as in 512M or 8G.")
    return str(size or "")


_PARSE = {
    "compile_timeout": _seconds("compile_timeout"),
    "run_timeout": _seconds("run_timeout"),
    "compile_memory": _memory,
    "share_weights": _choice("share_weights"),
    "boards_path": lambda text: [p for p in text.split(":") if p],
    "runtime_options": _choices,
}


def add(env, variables, board=None):
    """Adds the tool's options to variables, applies them to env, and refuses what nobody knows; board: the default of board=."""
    for name, (_, default, text) in _TEXT.items():
        variables.Add(name, text, board if board and name == "board" else default)
    variables.Add(BoolVariable("verbose", "print whole command lines", False))
    variables.Add(BoolVariable("smallest", "IREE's runtime without its optional features", False))
    variables.Add(BoolVariable("overlap", "outputs over inputs, where a trace of the kernels proves it safe", True))
    variables.Add(BoolVariable("push_rows", "the application gives the input row by row: it is never in RAM whole", False))
    variables.Add(
        BoolVariable(
            "tuned",
            "take the forms of kernels that tune keep=1 left beside a model, <model>.tuned.json, for optimize=speed",
            True,
        )
    )
    variables.Add(
        BoolVariable("keep", "for tune: leave the best beside the model, in <model>.tuned.json, where builds find it", False)
    )
    variables.Add(
        BoolVariable("trace", "for verify: find the first node that IREE computes otherwise than the model's engine", False)
    )
    variables.Add(BoolVariable("poison", "for verify: overwrite the dead part of the arena before each kernel", False))
    variables.Add(BoolVariable("quantize_report", "tell what quantize= costs once more, though nothing changed", False))
    variables.Add(BoolVariable("trust_cache", "take a cache= that is another's, or that everybody may write to", False))
    variables.Add(BoolVariable("dry_run", "for flash and debug: only show the command", False))
    _update(env, variables)
    unknown = variables.UnknownVariables()
    if unknown:
        known = list(variables.keys())
        name = sorted(unknown)[0]
        near = difflib.get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        where = "" if name in variables.args else f" in {_files(variables)}"
        raise SCons.Errors.UserError(f"unknown option '{name}'{where}.{hint} Options: {', '.join(sorted(known))}.")
    for name, (variable, _, _) in _TEXT.items():
        value = env[name]
        env[variable] = _PARSE.get(name, str)(value)
    env["IREE_VERBOSE"], env["IREE_RUNTIME_SMALLEST"], env["IREE_DRY_RUN"] = env["verbose"], env["smallest"], env["dry_run"]
    env["IREE_POISON"], env["IREE_OVERLAP"], env["IREE_VERIFY_TRACE"] = env["poison"], env["overlap"], env["trace"]
    env["IREE_PUSH_ROWS"] = env["push_rows"]
    env["IREE_QUANTIZE_REPORT"] = env["quantize_report"]
    env["IREE_READ_TUNED"], env["IREE_TUNE_KEEP"] = env["tuned"], env["keep"]
    if env["IREE_CACHE"]:
        _share(env)


def _files(variables):
    """The files of options, custom.py usually, by name."""
    return " or ".join(map(str, variables.files))


def _update(env, variables):
    """Puts the options' values into env; a UserError where custom.py, which is Python, cannot be run."""
    try:
        variables.Update(env)
    except SCons.Errors.UserError:
        raise
    except Exception as error:  # the file is the user's: whatever it raises is a mistake in it
        raise SCons.Errors.UserError(f"{_files(variables)}: {type(error).__name__}: {error}") from error


def _share(env):
    """Takes and gives results by the folder cache=; a UserError where it is not to be trusted, or to be used."""
    top = env.Dir("#").get_abspath()
    folder = os.path.join(top, os.path.expanduser(env["IREE_CACHE"]))
    try:
        env["trust_cache"] or shared_cache.require_trusted(folder)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    try:
        files.mend_cache(folder, was_interrupted(signatures.folder()))
        env.CacheDir(folder)
    except Exception as error:  # of SCons, whose kinds differ between its versions, or of the system
        raise SCons.Errors.UserError(f"cache={folder}: not a folder to write to: {error}") from error


def help_text(env, variables):
    """What ``scons -h`` says of boards, targets and options."""
    lines = ["Boards:"]
    for name in boards.names(search.path(env)):
        try:
            text = boards.load(name, search.path(env)).description
        except BaremetalError as error:
            text = f"not usable: {error}"
        lines.append(f"  {name:<20} {text}")
    targets = [f"  {name:<20} {text}" for name, text in _TARGETS.items()]
    return "\n".join([*lines, "", "Targets:", *targets, "", "Options:"]) + variables.GenerateHelpText(env, sort=True)
