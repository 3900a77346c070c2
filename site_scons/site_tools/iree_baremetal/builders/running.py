"""Where a firmware runs: in the board's emulator or, with on=probe, on the part, by a GDB server.

IREE_ON is "" or "probe"; IREE_GDB_SERVER says by which server: host:port of one that runs, or the name of one to start
(device/gdb_servers), else the first that the board's file knows. IREE_PROBE is the probe's serial number, IREE_SEMIHOSTING
says how files and console travel (device/probe.py). A part runs the firmware that is flashed, not the one for the machine that stands in for it.
"""

import threading
from functools import partial

import SCons.Errors

from ..device import emulator, gdb_servers, probe, started_server
from ..errors import BaremetalError

PLACES = ("emulator", "probe")
_PART = threading.Lock()  # there is one, whatever -j says


def on_part(env):
    """Whether env's firmware runs on the part; a UserError where that cannot be."""
    place, board = env.subst("$IREE_ON") or PLACES[0], env["IREE_BOARD_DATA"]
    if place == PLACES[0]:
        return False
    if place not in PLACES:
        raise SCons.Errors.UserError(f"on={place}: not one of {', '.join(PLACES)}.")
    if board.is_host:
        raise SCons.Errors.UserError(f"on={place}: board {board.name} is this machine. Give the board= that is connected.")
    if board.is_core or board.part:
        raise SCons.Errors.UserError(
            f"on={place}: {(board.part or board).name} is a core, of which no memory is known to write a firmware to. Take a board with that core: scons boards."
        )
    if env["IREE_SEMIHOSTING"] not in probe.SEMIHOSTING:
        raise SCons.Errors.UserError(f"semihosting={env['IREE_SEMIHOSTING']}: not one of {', '.join(probe.SEMIHOSTING)}.")
    try:
        _own_server(env)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    return True


def _own_server(env):
    """The `probe.Server` that somebody else has started; None where it shall be ours."""
    wanted = env.subst("$IREE_GDB_SERVER")
    return None if wanted in ("", *gdb_servers.ALL) else probe.own_server(wanted)


def runner(env):
    """What runs a firmware of env as `emulator.run` does."""
    return partial(_run, env) if on_part(env) else emulator.run


def _run(env, board, elf, arguments=(), **how):
    path, server = env["ENV"].get("PATH"), _own_server(env)
    how |= {"semihosting": env["IREE_SEMIHOSTING"], "path": path}
    with _PART:
        if server:
            return probe.run(board, elf, arguments, server=server, **how)
        return _run_by_ours(env, board, elf, arguments, path, how)


def _run_by_ours(env, board, elf, arguments, path, how):
    name = started_server.choose(board, env.subst("$IREE_GDB_SERVER"), path)
    with started_server.started(board, name, env.subst("$IREE_PROBE"), path) as server:
        return probe.run(board, elf, arguments, server=server, **how)


def add(env):
    """Sets the variables' defaults in env."""
    env.SetDefault(IREE_ON="", IREE_GDB_SERVER="", IREE_PROBE="", IREE_SEMIHOSTING=probe.SEMIHOSTING[0])
