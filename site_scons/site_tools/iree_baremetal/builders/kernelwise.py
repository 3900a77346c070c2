"""tune, kernel by kernel: what each kernel costs in other forms than its own (rewrite/forms.py), and the best that comes of it.

Kernels do not depend on each other, so all are tried at once: in the build of number n each kernel has its n-th other form, and
is measured. Of each the best is taken (bench/kernelwise.py) for one more candidate of tune.
"""

import json
from pathlib import Path

from ..compiler import tuned
from ..errors import BaremetalError
from . import model as models
from . import on_demand
from .action import message_action, noted_failure
from .harness import calls_for, instrumented

FORMS = 6  # builds; where no kernel has so many forms the last ones end at once
CHECKED = 2  # calls whose answers have to be right; all are held against the references in the end


def choice(env, model, base, expected, fed):
    """The node of the .tuned.json with the forms chosen.

    base: (the environment of the candidate whose kernels have their own forms, the `Model` built by it). expected: of `references`.
    """
    own, built = base
    folder = model.plan.dir.Dir(f"{model.name}_tune")
    costs = [_costs(own, built, expected, fed), *(_other(*base, model, n, expected, fed) for n in range(1, FORMS + 1))]
    action = message_action(_choose, "choose $TARGET", ["IREE_BAREMETAL_DIGEST", "IREE_FLAGS", "IREE_REWRITES"])
    forms = built.plan.dir.File(f"{built.name}.forms.json")
    return own.Command(folder.File(f"{model.name}{tuned.SUFFIX}"), [*costs, forms, model.file], action)[0]


def _other(env, base, model, number, expected, fed):
    """As `_costs`, of the `Model` base with all kernels in their number-th other form."""
    folder = model.plan.dir.Dir(f"{model.name}_tune/form-{number}")
    flow, forms = base.flow, base.plan.dir.File(f"{base.name}.forms.json")
    own = env.Clone(IREE_FORM=number, IREE_FORMOF=[flow, forms], IREE_TUNED=folder.File(f"{model.name}{tuned.SUFFIX}"))
    own.Replace(IREE_STREAMCOM="$IREE_FORMCOM", IREE_RAM="")
    on_demand.leave_out(env, list(model), folder.dir)
    return _costs(own, models.variant(own, model, folder), expected, fed)


def _costs(env, built, expected, fed):
    """The node of what each kernel of the `Model` built costs, as JSON: {"failed", "kernels": {kernel: [cost, bytes, calls]}, "forms"}."""
    profile, library = instrumented(env, built, "profile"), built.plan.dir.File(f"{built.name}_library.o")
    forms = [env["IREE_TUNED"]] if env["IREE_TUNED"] else []
    action = message_action(_measure, "measure $TARGET", ["IREE_BAREMETAL_DIGEST", "IREE_ON", "IREE_TUNE_BY"])
    target = built.plan.dir.File(f"{built.name}_kernels.json")
    own = env.Clone(IREE_REFERENCES=len(expected))
    return own.Command(target, [profile, built.plan, library, *forms, *expected, *fed], action)


def _measure(target, source, env):
    profile, plan, library, *others = source
    forms = [others.pop(0)] if env["IREE_TUNED"] else []
    expected, npz = others[: env["IREE_REFERENCES"]], others[env["IREE_REFERENCES"] :]
    found = {"failed": noted_failure([profile, plan, library, *forms]) or "", "kernels": {}, "forms": {}}
    try:
        if not found["failed"]:
            found["kernels"] = _measured(env, profile, plan, library, expected, npz)
            found["forms"] = tuned.forms(forms[0].get_abspath(), tuned.core(env["IREE_BOARD_DATA"])) if forms else {}
    except BaremetalError as error:
        found["failed"] = str(error)
    Path(target[0].get_abspath()).write_text(json.dumps(found) + "\n")


def _measured(env, profile, plan, library, expected, npz):
    from ..codegen import signature
    from .measure import measured
    from .verify import verdicts

    described, functions = json.loads(plan.get_text_contents()), signature.read(str(plan))
    fed, costs, calls = calls_for(functions, npz, plan), {}, {}
    for index, function in enumerate(described["functions"]):
        first = [call for call in fed if call.function == index][:1]
        checked = fed[:CHECKED] if not calls else []
        if not first:
            continue
        # The last call counts: the first may have to initialize the model's state.
        one = measured(env, "kernels", profile, plan, [*checked, *first * 2])
        if checked:
            answers = [answer.outputs for answer in one.answers[: len(checked)]]
            verdicts(env["IREE_BOARD_DATA"], functions, checked, answers, expected, env["IREE_EXCUSES"](plan, npz))
        counts = [each.cycles for each in one.dispatches] if _by_cycles(env, one) else one.answer.dispatches
        for kernel, count in zip(function["dispatches"], counts, strict=True):
            costs[kernel], calls[kernel] = costs.get(kernel, 0) + count, calls.get(kernel, 0) + 1
    sizes = _sizes(library.get_abspath())
    return {kernel: [count, sizes[kernel], calls[kernel]] for kernel, count in costs.items() if kernel in sizes}


def _by_cycles(env, one):
    return env.subst("$IREE_TUNE_BY") == "cycles" and one.dispatches


def _sizes(path):
    """{symbol: bytes} of the functions of an object."""
    from elftools.elf.elffile import ELFFile

    with open(path, "rb") as file:
        symbols = ELFFile(file).get_section_by_name(".symtab").iter_symbols()
        return {symbol.name: symbol["st_size"] for symbol in symbols if symbol["st_info"]["type"] == "STT_FUNC"}


def _choose(target, source, env):
    from ..bench import kernelwise

    *costs, forms, file = source
    Path(target[0].get_abspath()).unlink(missing_ok=True)
    base, *others = (json.loads(node.get_text_contents()) for node in costs)
    reason = noted_failure([forms]) or base["failed"]
    shared = {} if reason else json.loads(forms.get_text_contents())["shared"]
    kernels = {} if reason else kernelwise.choose(kernelwise.options(base, others), shared)
    entry = {"flags": env["IREE_FLAGS"], "rewrites": env["IREE_REWRITES"], "kernels": kernels}
    _keep(env, target[0].get_abspath(), file.srcnode().get_abspath(), entry)


def _keep(env, path, file, entry):
    tuned.keep(path, file, env.subst("$IREE_COMPILE_VERSION"), env["IREE_BOARD_DATA"], entry)


def forms_of(node):
    """What the .tuned.json of a node says of kernels."""
    (entry,) = tuned.read(node.get_abspath())["cores"].values()
    return entry["kernels"]


def keep(env, file, found, by, default):
    """Leaves the best of found, `Found`s, beside the model's file. default: the `Generation` of optimize=speed."""
    from ..bench import tune_report

    best, path = tune_report.to_keep(found, by, default), tuned.beside(file)
    if best is None:
        raise BaremetalError(f"keep=1: nothing of {file} itself works that could be kept.")
    try:
        _keep(env, path, file, {"flags": best.flags, "rewrites": best.rewrites, "kernels": best.forms})
    except OSError as error:
        raise BaremetalError(f"keep=1: {path} cannot be written: {error.strerror}.") from error
    print(f"{path}: {best.how}")
