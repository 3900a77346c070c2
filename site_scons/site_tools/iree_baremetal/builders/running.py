"""Where a firmware runs: in the board's emulator or, with on=probe, on the part, by a GDB server.

IREE_ON is "" or "probe"; IREE_GDB_SERVER says by which server, IREE_SEMIHOSTING how files and console travel
(device/probe.py). A part runs the firmware that is flashed, not the one for the machine that stands in for it.
"""

from functools import partial

import SCons.Errors

from ..device import emulator, probe
from ..errors import BaremetalError

PLACES = ("emulator", "probe")


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
    _server(env)
    return True


def _server(env):
    try:
        return probe.own_server(env.subst("$IREE_GDB_SERVER"))
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error


def runner(env):
    """What runs a firmware of env as `emulator.run` does."""
    if not on_part(env):
        return emulator.run
    return partial(probe.run, server=_server(env), semihosting=env["IREE_SEMIHOSTING"], path=env["ENV"].get("PATH"))


def add(env):
    """Sets the variables' defaults in env."""
    env.SetDefault(IREE_ON="", IREE_GDB_SERVER="", IREE_SEMIHOSTING=probe.SEMIHOSTING[0])
