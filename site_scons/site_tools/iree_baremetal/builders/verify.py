"""The board's answers against those of others, which run on this machine.

    env.IreeVerify(model, inputs="inputs.npz")   scons verify

IREE_REFERENCE says against whose: "iree", IREE's own runtime, which finds what the board does wrong; "own", the
engine of the model's format (formats/<format>/reference.py), which finds what the import or the compiler gets
wrong; "both", the default; or "none". Each answers once, in a process of its own, for all who ask. With
IREE_POISON what of the arena is dead gets overwritten before each kernel. With IREE_VERIFY_TRACE an answer that
is not that of the model's engine is followed to the first node that IREE computes otherwise.
"""

import SCons.Errors

from .. import board as boards
from .. import compiler
from ..errors import BaremetalError
from . import excuses
from .action import message_action, tool_action
from .compile import WEIGHTS
from .firmware import emulated
from .harness import calls_for, check_model, feed, folder_of, input_nodes, instrumented, program, write_json
from .targets import always
from .toolchain import for_board

REFERENCES = ("both", "own", "iree", "none")


class _Differs(BaremetalError):
    """The board's answers are not those of the engine of the model's format."""


def references(env, model, fed):
    """The nodes of the answers to hold the board's against, for the inputs fed, a list of none or one .npz."""
    wanted = env.subst("$IREE_REFERENCE")
    if wanted not in REFERENCES:
        raise SCons.Errors.UserError(f"reference={wanted}: not one of {', '.join(REFERENCES)}.")
    imported = excuses.imported(model)
    if wanted == "own" and not imported:
        raise SCons.Errors.UserError(f"reference=own: {model.origin} is MLIR, whose engine is IREE: reference=iree.")
    if model.references is None:
        model.references = []
        if wanted in ("both", "iree"):
            model.references += _host_answers(env, model, fed)
        if wanted in ("both", "own") and imported:
            model.references += _own_answers(env, model, imported[0], fed)
    return model.references


def _host_answers(env, model, fed):
    """What IREE's own runtime answers."""
    host = env.Clone(IREE_TARGETFLAGS=[*compiler.target_flags(boards.load("host")), *compiler.reference_flags()])
    vmfb = host.IreeVmfb(folder_of(model).File(f"{model.name}_host.vmfb"), model.mlir)
    return _answers(env, model, vmfb, "reference", fed)


def _own_answers(env, model, imported, fed):
    """What the engine of the model's format answers for the file that was imported."""
    sizes = model.mlir.get_env()  # those that the import had
    own = env.Clone(IREE_DIMS=sizes["IREE_DIMS"], IREE_SHAPES=sizes["IREE_SHAPES"])
    own.Append(IREE_REFERENCEFLAGS=["--own", "--dims=$IREE_DIMS", "--shapes=$IREE_SHAPES"])
    return _answers(own, model, imported, "own_reference", fed)


def _answers(env, model, source, suffix, fed):
    target = folder_of(model).File(f"{model.name}_{suffix}.npz")
    flags = [*env.get("IREE_REFERENCEFLAGS", []), *(["--inputs", "${SOURCES[2]}"] if fed else [])]
    action = tool_action("IREE_REFERENCECOM", ["IREE_BAREMETAL_DIGEST"])
    return env.Command(target, [source, model.plan, *fed], action, IREE_REFERENCEFLAGS=flags, source_scanner=WEIGHTS)


def verdicts(board, functions, fed, answers, nodes, excuse):
    """[(`Reference`, `Verdict`)] for the nodes of `references`; a BaremetalError that names the worst difference.

    excuse: of `excuses.excuses`.
    """
    from ..verify import compare, reference

    found = []
    for node in nodes:
        held = reference.load(str(node), functions, fed)
        verdict = compare.compare(functions, fed, answers, held.outputs, steps=held.steps, engine=held.engine)
        found.append((held, verdict))
    excuse(board, functions, fed, answers, found)
    wrong = [(held, verdict) for held, verdict in found if verdict.worst and not verdict.excuse]
    if wrong:
        said = [f"board {board.name} differs from {_of(held)} at {verdict.worst} ({verdict})." for held, verdict in wrong]
        said += [f"It agrees with {_of(held)}: {verdict}." for held, verdict in found if not verdict.worst]
        kind = _Differs if any(held.engine != "host" for held, _ in wrong) else BaremetalError
        raise kind("\n".join([*said, *(word for held, _ in wrong for word in held.words)]))
    return found


def _first_difference(model, sources):
    """What to say of the first node that IREE computes otherwise; sources: the imported file, the plan, the .npz."""
    done = excuses.run(model, "IREE_FIRSTDIFFERENCECOM", sources, flags=["--inputs", str(sources[2])] if sources[2:] else [])
    return (done.stderr if done.returncode else done.stdout).strip()


def _of(held):
    return "the host reference" if held.engine == "host" else held.engine


def _verify(env, model, source, nodes, npz):
    from ..codegen import signature
    from ..verify import compare

    elf, plan = source
    board, functions = env["IREE_BOARD_DATA"], signature.read(str(plan))
    fed = calls_for(functions, npz, plan)
    answers, *_ = feed(env, "verify", elf, plan, fed)
    mine = [answer.outputs for answer in answers]
    found = verdicts(board, functions, fed, mine, nodes, excuses.excuses(model, plan, npz))
    oracle = compare.top_answers(functions, fed, mine, str(npz[0])) if npz else None
    write_json(elf, "_verify", _record(found, oracle))
    for held, verdict in found:
        print(*held.words, sep="\n", end="\n" if held.words else "")
        whom = "the host" if held.engine == "host" else held.engine
        agree = f"{verdict.calls} calls on {board.name} agree with {whom}, {verdict}"
        if verdict.excuse:
            print(f"{elf.name}: {verdict.excuse}")
            continue
        print(f"{elf.name}: {agree if verdict.calls else f'no call on {board.name} was compared with {whom}'}")
    if not found:
        print(f"{elf.name}: {len(fed)} calls on {board.name}, compared with nothing: reference=none")
    elif not excuses.imported(model):
        print(f"{elf.name}: IREE was asked alone: {model.origin} is MLIR, which has no other engine")
    if oracle:
        print(f"{elf.name}: the top answer is that of {npz[0].name} in {oracle[0]} of {oracle[1]} calls")


def _record(found, oracle):
    """What a verification found, as JSON: by IREE's runtime as before, by other engines beneath their names."""
    record = {"top_answers": oracle, "references": []}
    for held, verdict in found:
        entry = {"exact": verdict.exact, "largest": verdict.largest, "checked": verdict.checked}
        if held.engine == "host":
            record.update(entry)
        more = {"equal": verdict.equal, "steps": verdict.steps, "calls": verdict.calls, "top": verdict.top, "words": held.words}
        record["references"].append({"engine": held.engine, **entry, **more})
    return record


def iree_verify(env, model, inputs=None):
    """The pseudo-builder env.IreeVerify(model, inputs=None)."""
    check_model(model)
    env = emulated(for_board(env))
    npz = input_nodes(env, inputs)
    poisoned = env.get("IREE_POISON") and model.deploy == "direct"
    elf = instrumented(env, model, "poison") if poisoned else program(env, model)[0]
    nodes = references(env, model, npz)

    imported = excuses.imported(model)

    def run(target, source, env):
        try:
            _verify(env, model, source[:2], nodes, npz)
        except _Differs as error:
            if not env["IREE_VERIFY_TRACE"]:
                raise BaremetalError(f"{error}\nverify trace=1 finds the first node that IREE computes otherwise.") from error
            raise BaremetalError(f"{error}\n{_first_difference(model, [*imported, source[1], *npz])}") from error

    return always(env, "verify", [elf, model.plan, *nodes, *npz], message_action(run, "verify ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(
        IREE_REFERENCE="both",
        IREE_VERIFY_TRACE=False,
        IREE_REFERENCECOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) reference ${SOURCES[0]} ${SOURCES[1]} -o $TARGET $IREE_REFERENCEFLAGS"
        ),
        IREE_FIRSTDIFFERENCECOM=(
            "$IREE_PYTHON $IREE_BAREMETAL first-difference ${SOURCES[0]} ${SOURCES[1]} --dims=$IREE_DIMS --shapes=$IREE_SHAPES "
            "--opset=$IREE_OPSET $IREE_IMPORTFLAGS --iree-compile $IREE_COMPILE $IREE_REFERENCEFLAGS"
        ),
        IREE_ROUNDINGSCOM=(
            "$IREE_PYTHON $IREE_BAREMETAL roundings ${SOURCES[0]} ${SOURCES[1]} -o $TARGET --dims=$IREE_DIMS --shapes=$IREE_SHAPES "
            "--opset=$IREE_OPSET $IREE_IMPORTFLAGS --iree-compile $IREE_COMPILE $IREE_REFERENCEFLAGS"
        ),
    )
    env.AddMethod(iree_verify, "IreeVerify")
