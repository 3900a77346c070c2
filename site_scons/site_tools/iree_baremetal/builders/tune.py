"""Which flags and rewrites are best for a model: measured in the emulator or, with on=probe, on the part, every one verified.

    env.IreeTune(model, inputs="inputs.npz")     scons tune

Each candidate (compiler/tuning.py) is built in a folder of its own, as IreeModel and IreeBench would. One
that does not compile, does not fit, or answers otherwise than the host is named and left out; its
failure is a result as any other, so that a second `tune` builds nothing. One more has for each kernel the form that is best for
it (kernelwise.py). keep=1 leaves the best beside the model, where builds find it (tuned.py). Candidates other than the
board's: env.IreeTune(model, inputs, [("width4,unroll", "all"), …]), flags and rewrites. What is fast is told by
IREE_TUNE_BY: "cycles", estimated, where the core has a timing table, or "instructions".
"""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import SCons.Errors
from SCons.Script import COMMAND_LINE_TARGETS

from ..compiler import tuning
from ..errors import BaremetalError
from . import kernelwise, on_demand, quantization_cost, running
from . import model as models
from .action import message_action, noted_failure
from .excuses import excuses
from .firmware import emulated
from .harness import calls_for, feed, folder_of, input_nodes, program
from .targets import always
from .toolchain import for_board
from .verify import references, verdicts

KERNELWISE = "kernel-by-kernel"  # a folder's name


def _candidate(env, model, generation, expected, fed, is_float=False, tuned=None):
    """(an environment of its own, the `Model` that generation gives, the node of its `tune_report.Found` as JSON)

    tuned: the .tuned.json with the forms of its kernels.
    """
    folder = model.plan.dir.Dir(f"{model.name}_tune/{KERNELWISE if tuned else generation.folder}")
    own = env.Clone(IREE_FLAGS=generation.flags, IREE_REWRITES=generation.rewrites, IREE_TUNED=tuned or "")
    own.Replace(IREE_NOTE_FAILURES=True, IREE_SUPPORTOF=env, IREE_REFERENCES=len(expected), IREE_IS_FLOAT=is_float)
    own.Replace(IREE_EXCUSES=partial(excuses, model))
    on_demand.leave_out(env, list(model), folder.dir)
    built = models.variant(own, model, folder)
    sources = [*program(own, built), built.plan, *expected, *fed, *([tuned] if tuned else [])]
    action = message_action(_measure, "measure $TARGET", ["IREE_BAREMETAL_DIGEST", "IREE_FLAGS", "IREE_REWRITES", "IREE_ON"])
    return own, built, own.Command(folder.File(f"{model.name}_found.json"), sources, action)[0]


def _measure(target, source, env):
    from ..bench import tune_report

    elf, map_file, plan, *others = source
    expected, npz = others[: env["IREE_REFERENCES"]], others[env["IREE_REFERENCES"] :]
    tuned = npz.pop() if env["IREE_TUNED"] else None
    failed, numbers = noted_failure([*([tuned] if tuned else []), elf, map_file, plan]), {}
    if not failed:
        try:
            numbers = numbers_of(env, elf, map_file, plan, expected, npz)
        except BaremetalError as error:
            failed = str(error)
    fields = {name: value for name, value in numbers.items() if name not in ("state", "accuracy")}
    fields |= {"forms": kernelwise.forms_of(tuned)} if tuned and not failed else {}
    fields |= {"is_float": env["IREE_IS_FLOAT"], "is_kernelwise": bool(tuned)}
    found = tune_report.Found(env["IREE_FLAGS"], env["IREE_REWRITES"], failed or "", **fields)
    Path(target[0].get_abspath()).write_text(json.dumps(asdict(found)) + "\n")


def numbers_of(env, elf, map_file, plan, expected, npz):
    """The measured fields of a `Found`, state and accuracy; a BaremetalError where the answers are not the references'."""
    from ..codegen import signature
    from ..report import image

    board, functions = env["IREE_BOARD_DATA"], signature.read(str(plan))
    fed = calls_for(functions, npz, plan)
    # The first call of a function may have to initialize the model's state: made twice, it counts the second time.
    first = list({call.function: call for call in reversed(fed)}.values())
    answers, cycles, stack = _measured(env, elf, plan, first + fed)
    answers, cycles = answers[len(first) :], cycles[len(first) :]
    excuse = env["IREE_EXCUSES"](plan, npz)
    found = [verdict for _, verdict in verdicts(board, functions, fed, [a.outputs for a in answers], expected, excuse)]
    held = [verdict for verdict in found if not verdict.excuse]
    report, described = image.report(str(elf), str(map_file), board), json.loads(plan.get_text_contents())
    counting = [next(number for number, call in enumerate(fed) if call is one) for one in first]
    return {
        "count": sum(answers[number].cost for number in counting),
        "cycles": sum(cycles[number] for number in counting) if None not in cycles else None,
        "unit": answers[0].unit,
        "kernels": report.total("kernels"),
        "code": report.total("kernels", "generated code", "libraries"),
        "weights": described["weights"],
        "arena": described["arena"],
        "state": described["state"],
        "accuracy": _accuracy(functions, answers, str(npz[0])) if npz else None,
        "stack": stack,
        "difference": None if all(verdict.exact for verdict in held) else max(verdict.largest for verdict in held),
    }


def _accuracy(functions, answers, path):
    """The share of answers whose greatest element is at the place that the .npz at path says, in "label" or "labels"; None without."""
    from .. import npz

    arrays = npz.load(path)
    labels = arrays.get("label", arrays.get("labels"))
    if labels is None or len(functions) != 1 or len(labels) != len(answers):
        return None
    return sum(int(answer.outputs[0].argmax() == label) for answer, label in zip(answers, labels.ravel())) / len(answers)


def _measured(env, elf, plan, fed):
    """Answers, cycles of each, and peak of the stack: on a part its counter tells cycles, in the emulator they are estimated."""
    if running.on_part(env):
        answers, stack, _ = feed(env, "tune", elf, plan, fed)
        return answers, [answer.cost if answer.unit == "cycles" else None for answer in answers], stack
    from ..bench.cycles import Counted
    from ..codegen import pushing, signature

    counted = Counted(env["IREE_BOARD_DATA"], elf.get_abspath())
    answers, stack, _ = feed(env, "tune", elf, plan, fed, run=counted.run)
    functions = signature.read(str(plan))
    return answers, counted.cycles([pushing.stretches(functions[call.function], 0) for call in fed]), stack


def _refuse(message):
    def refuse(target, source, env):
        raise BaremetalError(message)

    return refuse


def iree_tune(env, model, inputs=None, candidates=None):
    """The pseudo-builder env.IreeTune(model, inputs=None, candidates=None). See the module."""
    board, why = env["IREE_BOARD_DATA"], ""
    if board.is_host:
        why = "this machine tells times, which depend on what else it does; give a board"
    elif model.deploy != "direct":
        why = "it is for deploy=direct"
    elif not COMMAND_LINE_TARGETS:  # a build that names no target should not read what it never builds
        why = "ask for it by name, as in `scons tune`"
    if why:
        return env.AlwaysBuild(env.Alias("tune", [], message_action(_refuse(f"tune: {why}."), None)))
    from ..bench import tune_report
    from ..sweep import page, table

    by = env.subst("$IREE_TUNE_BY")
    if by not in tune_report.MEASURES:
        raise SCons.Errors.UserError(f"tune_by={by}: neither {' nor '.join(tune_report.MEASURES)}.")
    goals = {goal: tuning.chosen(board, goal) for goal in tuning.GOALS}
    tried = [tuning.Generation(*c) for c in candidates] if candidates else tuning.candidates(board)
    env = emulated(for_board(env))
    fed = input_nodes(env, inputs)
    expected = references(env, model, fed)
    made = {generation: _candidate(env, model, generation, expected, fed) for generation in tried}
    nodes = [node for *_, node in made.values()]
    if goals["speed"] in made:
        choice = kernelwise.choice(env, model, made[goals["speed"]][:2], expected, fed)
        nodes.append(_candidate(env, model, goals["speed"], expected, fed, tuned=choice)[-1])
    # A quantized model has one more choice: not to be.
    other = quantization_cost.floating(env, model)
    for generation in dict.fromkeys(goals.values()) if other else ():
        nodes.append(_candidate(env, other, generation, references(env, other, fed), fed, True)[-1])
    source_path = model.file.srcnode().get_abspath()
    title = f"{model.name} on {board.name}, generated in {len(nodes)} ways, each held against the host:"

    def tell(target, source, env):
        found = [tune_report.Found(**json.loads(node.get_text_contents())) for node in source]
        print(tune_report.text(title, found, goals, by))
        if env.get("IREE_TUNE_KEEP"):
            kernelwise.keep(env, source_path, found, by, goals["speed"])
        path = Path(str(folder_of(model)), f"{model.name}_tune.json")
        content = {"model": model.name, "board": board.name, "compiler": env.subst("$IREE_COMPILE_VERSION")}
        path.write_text(json.dumps({**content, "found": tune_report.json_of(found, goals)}, indent=1) + "\n")
        rows = table.with_fronts(tune_report.rows(found, model.name, board.name))
        path.with_suffix(".csv").write_text(table.as_csv(rows))
        path.with_suffix(".html").write_text(page.page(title.rstrip(":"), rows))
        print(f"{path}, .csv, .html")

    return always(env, "tune", nodes, message_action(tell, None))


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_TUNE_BY="cycles")
    env.AddMethod(iree_tune, "IreeTune")
