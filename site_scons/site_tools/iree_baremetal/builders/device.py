"""What one does with a firmware and a debugger or a debug probe.

    env.IreeDebug(firmware)    scons debug: the emulator waits for GDB on port=…, and how to attach; with on=probe, the part
    env.IreeFlash(firmware)    scons flash: writes it into the board's flash

With dry_run=1 they only show their commands.
"""

import shlex
import subprocess

from ..errors import BaremetalError
from . import running
from .action import message_action
from .firmware import emulated_firmware
from .targets import always


def _show(command):
    print(shlex.join(command), flush=True)


def _call(env, command):
    """Runs command on this terminal; its exit code."""
    environment = {name: str(value) for name, value in env["ENV"].items()}
    try:
        return subprocess.run(command, env=environment).returncode
    except OSError as error:
        raise BaremetalError(f"{command[0]}: {error.strerror}.") from error


def _debug(target, source, env):
    from ..device import debugger

    board, path, port = env["IREE_BOARD_DATA"], env["ENV"].get("PATH"), env["IREE_PORT"]
    client = debugger.client(board, source[0], port, path)
    if board.is_host:
        return _show(client)
    if running.on_part(env):
        return _debug_part(env, board, source[0])
    debugger.parse_port(port)
    server = debugger.server(board, source[0].get_abspath(), port, path)
    if env["IREE_DRY_RUN"]:
        _show(server)
        return _show(client)
    debugger.check_port(port)
    print("It waits for GDB. In another terminal:")
    _show(client)
    if _call(env, server):
        raise BaremetalError(f"{source[0]} ended with an error on board {board.name}, see above.")


def _debug_part(env, board, elf):
    """Shows how GDB gets to the part: by a server that runs, or by one that is ours until it is interrupted."""
    from ..device import debugger, gdb_servers, started_server

    path, port, server = env["ENV"].get("PATH"), debugger.parse_port(env["IREE_PORT"]), running.own_server(env)
    address = server.address if server else f"{debugger.HOST}:{port}"
    _show(debugger.part_client(board, elf, address, path))
    if server:
        return
    name = started_server.choose(board, env.subst("$IREE_GDB_SERVER"), path)
    command = gdb_servers.ALL[name].command(board, port, env.subst("$IREE_PROBE"))
    _show(command)
    if not env["IREE_DRY_RUN"] and _call(env, command):
        raise BaremetalError(f"{name} ended with an error, see above.")


def _flash(target, source, env):
    from ..device import flasher

    board, (elf, binary) = env["IREE_BOARD_DATA"], source
    tool, commands = flasher.commands(board, elf, binary, env["IREE_FLASHER"], env["ENV"].get("PATH"))
    for command in commands:
        _show(command)
        if not env["IREE_DRY_RUN"] and _call(env, command):
            raise BaremetalError(f"{tool} did not write {elf} into board {board.name}, see above. Is the board connected?")


def iree_debug(env, firmware):
    """The pseudo-builder env.IreeDebug(firmware), with what IreeFirmware or Program returned."""
    own, elf, _ = emulated_firmware(env, firmware)
    return always(own, "debug", [elf], message_action(_debug, "debug ${SOURCES[0]}"))


def iree_flash(env, firmware):
    """The pseudo-builder env.IreeFlash(firmware), with what IreeFirmware or Program returned."""
    elf, *others = env.Flatten(firmware)
    binary = next((node for node in others if node.get_suffix() == ".bin"), elf)
    return always(env, "flash", [elf, binary], message_action(_flash, "flash ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builders to env."""
    env.SetDefault(IREE_PORT="3333", IREE_FLASHER="", IREE_DRY_RUN=False)
    env.AddMethod(iree_debug, "IreeDebug")
    env.AddMethod(iree_flash, "IreeFlash")
