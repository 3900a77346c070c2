"""Where the board's answers differ from a reference's and it is the engines' arithmetic that differs: proven, and told.

What an engine answers otherwise asked is found when it is needed, in the midst of a verification.
"""

import subprocess

from SCons.Subst import Literal

from .. import formats, processes


def imported(model):
    """The file that was imported, if its format has an engine: a list of none or one node."""
    return [node for node in model.mlir.sources if formats.has_reference(str(node))]


def excuses(model, plan, npz):
    """A function for `verify.verdicts` that sets the `excuse` of what it can prove; npz: the inputs, a list of none or one."""

    def excuse(board, functions, fed, answers, found):
        off = [(held, verdict) for held, verdict in found if verdict.worst]
        if len(off) != 1:
            return
        ((held, verdict),) = off
        if held.engine != "host":
            _rounded(model, plan, npz, functions, fed, answers, held, verdict)
        elif any(verdict.calls and not verdict.worst for held, verdict in found if held.engine != "host"):
            _flushed(model, plan, npz, board, functions, fed, held, verdict)

    return excuse


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


def run(model, command, source, target="", flags=()):
    """Runs the command line of the construction variable named command of the model's import now, in the midst of an action."""
    env = model.mlir.get_env().Clone(IREE_REFERENCEFLAGS=list(flags))
    words = env.subst_list(f"${command}", source=source, target=[Literal(target)] if target else ())[0]
    try:
        return processes.run([str(word) for word in words], float(env["IREE_COMPILE_TIMEOUT"]), text=True, errors="replace")
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(words, 124, "", f"That was not done within {error.timeout:g} s: compile_timeout=SECONDS.")
