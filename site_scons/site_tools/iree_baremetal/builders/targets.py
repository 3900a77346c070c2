"""What one does with a firmware: run it, verify its model, look at its size.

    env.IreeRun(firmware)                        scons run: in the emulator, then the sizes
    env.IreeSize(firmware)                       scons size: the memory report
    env.IreeVerify(model, inputs="inputs.npz")   scons verify: the board's answers against the host's

Each adds to an alias that is never up to date and never built by default. IreeVerify builds a
harness around the model and, with IREE's own runtime, the host reference; without inputs it feeds
seeded random ones. IREE_TIMEOUT bounds a run, in seconds.
"""

import os

import SCons.Action
import SCons.Errors

from .. import board as boards
from .. import calls, compare, compiler, emulator, reference, signature
from ..cli import load_calls
from ..codegen import harness
from ..errors import BaremetalError
from .action import tool_action


def _action(function, text):
    """An Action around function, whose BaremetalError is the build's error."""

    def run(target, source, env):
        try:
            return function(target, source, env)
        except BaremetalError as error:
            raise SCons.Errors.BuildError(node=target[0], errstr=str(error), exitstatus=2) from error

    return SCons.Action.Action(run, text)


def _always(env, alias, sources, action):
    """Lets alias run the action on sources whenever it is asked for."""
    own = env.Alias(f"{alias}:{sources[0].get_path()}", sources, action)
    env.AlwaysBuild(own)
    return env.AlwaysBuild(env.Alias(alias, own))


def _run(target, source, env):
    board = env["IREE_BOARD_DATA"]
    done = emulator.run(board, source[0].get_abspath(), timeout=float(env["IREE_TIMEOUT"]), cwd=str(source[0].dir))
    print(done.stdout, end="")
    if done.returncode:
        raise BaremetalError(f"{source[0]} ended with exit code {done.returncode} on board {board.name}. {done.stderr.strip()}")


def iree_run(env, firmware):
    """The pseudo-builder env.IreeRun(firmware): the first node is the ELF."""
    return _always(env, "run", [env.Flatten(firmware)[0]], _action(_run, "run ${SOURCES[0]}"))


def _verify(target, source, env):
    board, elf, folder = env["IREE_BOARD_DATA"], source[0], source[0].dir
    functions = signature.read(str(source[1]))
    fed = load_calls(functions, str(source[3]) if len(source) > 3 else "")
    calls.write_inputs(os.path.join(str(folder), harness.INPUTS), fed)
    done = emulator.run(board, elf.get_abspath(), timeout=float(env["IREE_TIMEOUT"]), cwd=str(folder))
    if done.returncode:
        raise BaremetalError(f"{elf} ended with exit code {done.returncode} on board {board.name}: {done.stdout.strip()}")
    answers, stack = calls.read_outputs(os.path.join(str(folder), harness.OUTPUTS), functions, fed)
    for number, (call, answer) in enumerate(zip(fed, answers)):
        if answer.status:
            raise BaremetalError(f"call {number} of {functions[call.function].name} returned {answer.status} on board {board.name}.")
    verdict = compare.compare(functions, fed, [a.outputs for a in answers], reference.load(str(source[2]), functions, fed))
    if verdict.worst:
        raise BaremetalError(f"board {board.name} differs from the host reference at {verdict.worst}.")
    how = "all bitwise equal" if verdict.exact else f"largest difference {verdict.largest:.2g}"
    print(f"{elf.name}: {len(fed)} calls on {board.name} agree with the host, {verdict.checked:,} values, {how}")


def iree_verify(env, model, inputs=None):
    """The pseudo-builder env.IreeVerify(model, inputs=None): inputs is an .npz."""
    name = f"{model.name}_harness"
    folder = model.plan.dir.Dir("verify")
    elf = env.IreeFirmware(folder.File(name), [env.Object(folder.File(f"{name}.o"), model.harness), model])[0]
    host = env.Clone(IREE_TARGETFLAGS=compiler.target_flags(boards.load("host")))
    vmfb = host.IreeVmfb(folder.File(f"{model.name}_host.vmfb"), model.mlir)
    fed = [env.File(inputs)] if inputs else []
    expected = env.Command(
        folder.File(f"{model.name}_reference.npz"),
        [vmfb, model.plan, *fed],
        tool_action("IREE_REFERENCECOM", ["IREE_BAREMETAL_DIGEST"]),
        IREE_REFERENCEFLAGS=["--inputs", "${SOURCES[2]}"] if fed else [],
    )
    env.Clean(elf, [folder.File(harness.INPUTS), folder.File(harness.OUTPUTS)])
    return _always(env, "verify", [elf, model.plan, *expected, *fed], _action(_verify, "verify ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builders to env."""
    env.SetDefault(
        IREE_TIMEOUT=600,
        IREE_REFERENCECOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) reference ${SOURCES[0]} ${SOURCES[1]} -o $TARGET $IREE_REFERENCEFLAGS"
        ),
    )
    env.AddMethod(iree_run, "IreeRun")
    env.AddMethod(iree_verify, "IreeVerify")
