"""What one does with a firmware: run it, look at its size.

    env.IreeRun(firmware)     scons run: in the emulator, or on the part, then the memory report
    env.IreeSize(firmware)    scons size: the memory report

Each adds to an alias that is never up to date and never built by default.
"""

import sys

from ..errors import BaremetalError
from .action import message_action
from .firmware import emulated_firmware, nodes_of
from .running import runner


def always(env, alias, sources, action):
    """Lets alias run the action on sources whenever it is asked for."""
    own = env.Alias(f"{alias}:{sources[0].get_internal_path()}", sources, action)
    env.AlwaysBuild(own)
    return env.AlwaysBuild(env.Alias(alias, own))


def _report(target, source, env):
    from ..report import image

    board = env["IREE_BOARD_DATA"]
    if not board.is_host and source[1] is not source[0]:  # a program of the caller's own may have no map
        print(image.report(str(source[0]), str(source[1]), board).text(color=sys.stdout.isatty()))


def _run(target, source, env):
    from ..device import outcome

    board = env["IREE_BOARD_DATA"]
    done = runner(env)(board, source[0].get_abspath(), timeout=float(env["IREE_TIMEOUT"]), cwd=str(source[0].dir))
    print(done.stdout, end="")
    if done.returncode:
        raise BaremetalError(outcome.of_run(done, source[0], board))
    _report(target, source, env)


def _program_and_map(env, firmware):
    nodes = nodes_of(env, firmware)
    return [nodes[0], nodes[-1]]


def iree_run(env, firmware):
    """The pseudo-builder env.IreeRun(firmware), with what IreeFirmware returned."""
    own, *nodes = emulated_firmware(env, firmware)
    return always(own, "run", nodes, message_action(_run, "run ${SOURCES[0]}"))


def iree_size(env, firmware):
    """The pseudo-builder env.IreeSize(firmware), with what IreeFirmware returned; of a model see harness."""
    return always(env, "size", _program_and_map(env, firmware), message_action(_report, "size ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builders to env."""
    env.SetDefault(IREE_TIMEOUT=600)
    env.AddMethod(iree_run, "IreeRun")
