"""Where the board's answers differ from a reference's and it is the engines' arithmetic that differs: proven, and told.

What an engine answers otherwise asked is found when it is needed, in the midst of a verification.
"""

import subprocess

from SCons.Subst import Literal

from .. import board as boards
from .. import compiler, formats, processes
from ..compiler import contraction
from .action import memory


def imported(model):
    """The file that was imported, if its format has an engine: a list of none or one node."""
    return [node for node in model.mlir.sources if formats.has_reference(str(node))]


def excuses(model, plan, npz):
    """A function for `verify.verdicts` that sets the `excuse` of what it can prove; npz: the inputs, a list of none or one."""

    def excuse(board, functions, fed, answers, found):
        off = [(held, verdict) for held, verdict in found if verdict.worst]
        if len(off) == 1:
            ((held, verdict),) = off
            if held.engine != "host":
                _rounded(model, plan, npz, functions, fed, answers, held, verdict)
            elif any(verdict.calls and not verdict.worst for held, verdict in found if held.engine != "host"):
                _flushed(model, plan, npz, board, functions, fed, held, verdict)
        if any(not verdict.excuse for _, verdict in off) and not board.is_host:
            _contracted(model, plan, npz, board, functions, fed, answers, found)

    return excuse


def _contracted(model, plan, npz, board, functions, fed, answers, found):
    """A product and a sum, which the board's core does in one rounding.

    Known by IREE on this machine: as it is, it gives what the model's engine gives; told to contract them, what the board gives.
    """
    from ..verify import compare, reference

    host = next((held for held, _ in found if held.engine == "host"), None)
    flags, off = contraction.host_flags(), [(held, verdict) for held, verdict in found if verdict.worst]
    if host is None or not flags or any(not _is_float(verdict.worst) for _, verdict in off):
        return
    for held, _ in found:
        if compare.compare(functions, fed, host.outputs, held.outputs, steps=held.steps, engine=held.engine).worst:
            return
    vmfb, path = (plan.dir.File(f"{model.name}_contracted.{suffix}").get_abspath() for suffix in ("vmfb", "npz"))
    flags = [*compiler.target_flags(boards.load("host")), *flags, *compiler.reference_flags()]
    if run(model, "IREE_COMPILECOM", [model.mlir], vmfb, IREE_TARGETFLAGS=flags).returncode:
        return
    if run(model, "IREE_REFERENCECOM", [Literal(vmfb), plan], path, _inputs(npz)).returncode:
        return
    other = reference.load(path, functions, fed)
    again = compare.compare(functions, fed, answers, other.outputs)
    for held, verdict in [] if again.worst else off:
        whom = "IREE on this machine" if held is host else held.engine
        verdict.excuse = (
            f"{whom} differs at {verdict.worst}, by rounding: board {board.name} multiplies and adds in one instruction, which rounds "
            f"once. IREE on this machine rounds twice, as {_others(found)}; told to do as the board, {again.calls} calls agree with it, {again}."
        )


def _is_float(worst):
    return getattr(getattr(worst.reference, "dtype", None), "kind", "") == "f"


def _others(found):
    return next((f"{held.engine} does, with which it agrees" for held, _ in found if held.engine != "host"), "is usual")


def _flushed(model, plan, npz, board, functions, fed, held, verdict):
    """IREE on this machine takes denormal numbers as zero, boards do not.

    Known by the model's engine, with which the board agrees: told to do the same, that gives what IREE gave.
    """
    from ..verify import compare, reference

    path = plan.dir.File(f"{model.name}_flushed.npz").get_abspath()
    flags = ["--own", "--flush-denormals", "--dims=$IREE_DIMS", "--shapes=$IREE_SHAPES", *_inputs(npz)]
    if run(model, "IREE_REFERENCECOM", [*imported(model), plan], path, flags).returncode:
        return
    other = reference.load(path, functions, fed)
    if not compare.compare(functions, fed, held.outputs, other.outputs, steps=other.steps).worst:
        verdict.excuse = (
            f"IREE on this machine is off at {verdict.worst}: it takes denormal numbers, those below 1.2e-38, as zero, board {board.name} "
            f"does not. {other.engine}, told to do so, gives what IREE gave."
        )


def _rounded(model, plan, npz, functions, fed, answers, held, verdict):
    """An inner value in the middle between two steps of its scale, which the model's engine rounds to the other one.

    Known by that engine: from the integers on that IREE takes, each of which it might take, it gives the board's answers.
    """
    from ..verify import compare, reference

    if verdict.steps is None or not formats.has_roundings(str(imported(model)[0])):
        return
    path = plan.dir.File(f"{model.name}_rounded.npz").get_abspath()
    done = run(model, "IREE_ROUNDINGSCOM", [*imported(model), plan], path, _inputs(npz))
    if done.returncode:
        return
    other = reference.load(path, functions, fed)
    compared = [None if theirs is None else mine for mine, theirs in zip(other.outputs, held.outputs)]
    again = compare.compare(functions, fed, answers, compared, steps=other.steps, engine=other.engine)
    if not again.worst:
        verdict.excuse = (
            f"{held.engine} differs at {verdict.worst}, by ties: inner values in the middle between two steps of their scale, which it "
            f"rounds to the other one ({', '.join(other.words)}). With these as IREE has them, {again.calls} calls agree with it, {again}."
        )


def _inputs(npz):
    return ["--inputs", str(npz[0])] if npz else []


def run(model, command, source, target="", flags=(), **variables):
    """Runs the command line of the construction variable named command of the model's import now, in the midst of an action.

    flags: IREE_REFERENCEFLAGS; variables: other construction variables.
    """
    env = model.mlir.get_env().Clone(IREE_REFERENCEFLAGS=list(flags), **variables)
    words = env.subst_list(f"${command}", source=source, target=[Literal(target)] if target else ())[0]
    try:
        return processes.run(
            [str(word) for word in words], float(env["IREE_COMPILE_TIMEOUT"]), memory=memory(env), text=True, errors="replace"
        )
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(
            words, 124, "", f"That was not done within {error.timeout:g} s: compile_timeout=SECONDS."
        )
