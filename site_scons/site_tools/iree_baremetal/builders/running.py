"""Where a firmware runs: in the board's emulator or on the part, by a GDB server or a serial port.

IREE_ON is "", "probe" or "serial:PORT"; IREE_GDB_SERVER says by which server: host:port of one that runs, or the name of one to start
(device/gdb_servers), else the first that the board's file knows. IREE_PROBE is the probe's serial number, IREE_SEMIHOSTING
says how files and console travel (device/probe.py). A part runs the firmware that is flashed, not the one for the machine that stands in for it.
"""

import contextlib
import subprocess
import threading
from functools import partial

import SCons.Errors

from ..device import emulator, serial_link
from ..errors import BaremetalError

PLACES = ("emulator", "probe")
_PART = threading.Lock()  # there is one, whatever -j says


def on_part(env):
    """Whether env's firmware runs on the part; a UserError where that cannot be."""
    place, board = env.subst("$IREE_ON") or PLACES[0], env["IREE_BOARD_DATA"]
    if place == PLACES[0]:
        return False
    if place not in PLACES and not serial_link.named(place):
        raise SCons.Errors.UserError(f"on={place}: not one of {', '.join(PLACES)}, serial:PORT.")
    if board.is_host:
        raise SCons.Errors.UserError(f"on={place}: board {board.name} is this machine. Give the board= that is connected.")
    if board.is_core or board.part:
        raise SCons.Errors.UserError(
            f"on={place}: {(board.part or board).name} is a core, of which no memory is known to write a firmware to. Take a board with that core: scons boards."
        )
    from ..device import probe

    if env["IREE_SEMIHOSTING"] not in probe.SEMIHOSTING:
        raise SCons.Errors.UserError(f"semihosting={env['IREE_SEMIHOSTING']}: not one of {', '.join(probe.SEMIHOSTING)}.")
    try:
        own_server(env)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    return True


def is_serial(env):
    """Whether files travel by a serial port, which the emulator does not serve."""
    return bool(serial_link.named(env.subst("$IREE_ON")))


def own_server(env):
    """The `probe.Server` that somebody else has started; None where it shall be ours."""
    from ..device import gdb_servers, probe

    wanted = env.subst("$IREE_GDB_SERVER")
    return None if wanted in ("", *gdb_servers.ALL) else probe.own_server(wanted)


def runner(env):
    """What runs a firmware of env as `emulator.run` does."""
    if not on_part(env):
        return emulator.run
    return partial(_run_serial if serial_link.named(env.subst("$IREE_ON")) else _run, env)


def _run(env, board, elf, arguments=(), **how):
    from ..device import probe

    path, server = env["ENV"].get("PATH"), own_server(env)
    how |= {"semihosting": env["IREE_SEMIHOSTING"], "path": path}
    with _PART:
        if server:
            return probe.run(board, elf, arguments, server=server, **how)
        return _run_by_ours(env, board, elf, arguments, path, how)


def _run_by_ours(env, board, elf, arguments, path, how):
    from ..device import probe, started_server

    name = started_server.choose(board, env.subst("$IREE_GDB_SERVER"), path)
    with started_server.started(board, name, env.subst("$IREE_PROBE"), path) as server:
        return probe.run(board, elf, arguments, server=server, **how)


def _run_serial(env, board, elf, arguments=(), timeout=120, cwd=None):
    with _PART, contextlib.closing(serial_link.open_port(serial_link.named(env.subst("$IREE_ON")))) as port:
        return serial_link.run(board, elf, arguments, timeout, cwd, port=port, start=partial(_flash, env, board, elf))


def _flash(env, board, elf):
    """Writes elf into the part; where nobody can, or shall, the user is asked to."""
    from ..device import flasher

    path, wanted = env["ENV"].get("PATH"), env.get("IREE_FLASHER", "")
    if wanted == "none" or not flasher.usable(board):
        print(f"Flash {elf} and reset the board; it is waited for.", flush=True)
        return
    tool, commands = flasher.commands(board, elf, elf, wanted, path)
    for command in commands:
        try:
            done = subprocess.run(
                command, env={name: str(value) for name, value in env["ENV"].items()}, capture_output=True, text=True
            )
        except OSError as error:
            raise BaremetalError(f"{command[0]}: {error.strerror}.") from error
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-5:]
            raise BaremetalError(
                "\n".join([f"{tool} did not write {elf} into board {board.name}; flasher=none if you do:", *said])
            )


def add(env):
    """Sets the variables' defaults in env."""
    env.SetDefault(IREE_ON="", IREE_GDB_SERVER="", IREE_PROBE="", IREE_SEMIHOSTING="memory")
