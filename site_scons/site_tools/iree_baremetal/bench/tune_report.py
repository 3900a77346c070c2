"""What `tune` found: every way to generate a model's code, measured and verified, and which to choose."""

from dataclasses import asdict, dataclass, field

from ..compiler.tuning import Generation
from ..errors import BaremetalError
from . import kernelwise
from .kernelwise import SLACK

MEASURES = ("cycles", "instructions")  # what the fastest may have least of
_SHOWN = 5  # lines of a failure; all of them are in the JSON


@dataclass(frozen=True)
class Found:
    """What one `Generation` gave. Sizes are in bytes; what was left out has a reason in failed, and zeros.

    count: of one call of each function, in unit: instructions of an emulator, or cycles of a part. cycles: those, or
    estimated, of the same; None where the core has no timing table. kernels: with their data.
    code: kernels, generated code, and the libraries that they pull in. difference: the largest to the
    host's floats, None where all answers are equal bit by bit. is_float: of the float model of a quantized one.
    is_kernelwise: kernel by kernel, whose forms are what `kernelwise.choose` gives.
    """

    flags: str
    rewrites: str
    failed: str = ""
    count: int = 0
    kernels: int = 0
    code: int = 0
    weights: int = 0
    arena: int = 0
    stack: int = 0
    difference: float | None = None
    is_float: bool = False
    cycles: int | None = None
    unit: str = "instructions"
    is_kernelwise: bool = False
    forms: dict = field(default_factory=dict, hash=False)

    @property
    def generation(self):
        return Generation(self.flags, self.rewrites)

    @property
    def how(self):
        return f"{self.generation}{', in float' if self.is_float else ''}{', kernel by kernel' if self.is_kernelwise else ''}"

    def cost(self, by):
        """The measure of `MEASURES` that by names."""
        return self.cycles if by == "cycles" else self.count

    @property
    def flash(self):
        return self.code + self.weights

    @property
    def answers(self):
        return "equal" if self.difference is None else f"within {self.difference:.1g}"


def ranked(found, by="cycles"):
    """What passed, the fastest first, those of equal speed by size. by: of `MEASURES`; instructions where cycles are not known."""
    passed = [f for f in found if not f.failed]
    return sorted(passed, key=lambda f: (f.cost(measure(passed, by)), f.flash, f.arena))


def measure(found, by="cycles"):
    """What found is ranked by: by, or instructions where not all have cycles."""
    return by if all(f.cycles is not None for f in found if not f.failed) else "instructions"


def best(found, by="cycles"):
    """(the fastest, the smallest in flash) of what passed; a BaremetalError where nothing did."""
    passed = ranked(found, by)
    if not passed:
        reasons = "\n".join(_left_out(f) for f in found)
        raise BaremetalError(f"nothing that was tried works:\n{reasons}")
    return passed[0], min(passed, key=lambda f: (f.flash, f.cost(measure(passed, by)), f.arena))


def text(title, found, goals, by="cycles"):
    """The table, and what follows of it. goals: name -> `Generation` of each optimize=; by: of `MEASURES`."""
    fastest, smallest = best(found, by)
    by = measure(found, by)
    unit = next((f.unit for f in found if not f.failed), "instructions")
    timed = measure(found) == "cycles" and unit != "cycles"
    names = {generation: f"optimize={goal}" for goal, generation in goals.items()}
    rows = [
        (*(["cycles, est."] if timed else []), unit, "kernels", "code", "weights", "arena", "stack", "answers", "generated with")
    ]
    for f in ranked(found, by):
        numbers = (*([f.cycles] if timed else []), f.count, f.kernels, f.code, f.weights, f.arena, f.stack)
        how = f"{f.how}  {_goal(f, names)}".rstrip()
        rows.append((*(f"{n:,}" for n in numbers), f.answers, how))
    widths = [max(map(len, column)) for column in zip(*rows)]
    lines = [title]
    for row in rows:
        *cells, answers, how = (cell.rjust(width) for cell, width in zip(row, widths))
        lines.append("  ".join([*cells, answers.strip().ljust(widths[-2]), how.strip()]))
    lines += [_left_out(f) for f in found if f.failed]
    lines += _by_kernel(found, by)
    for what, choice, goal in (("speed", fastest, "speed"), ("size", smallest, "size")):
        lines += ["", *_advice(what, choice, goal, goals, found, by)]
    lines += ["", _kept(found, goals, by)]
    return "\n".join(lines)


def _by_kernel(found, by):
    """What was chosen for each kernel, and what it gains."""
    chosen = next((f for f in found if f.is_kernelwise and not f.failed), None)
    if not chosen:
        return []
    rows = kernelwise.lines(chosen.forms)
    if not rows:
        return ["", "kernel by kernel: each is best as it is"]
    return ["", f"kernel by kernel, {by} and code of each that has another form than its own:", *rows]


def _goal(f, names):
    """Which optimize= f is, or ""; names: {`Generation`: that}."""
    return "" if f.is_kernelwise else names.get(f.generation, "")


def to_keep(found, by="cycles", speed=None):
    """What keep=1 keeps: of what is at most `SLACK` slower than the fastest of this model, and not slower than speed, the
    `Generation` of the default, the smallest in flash."""
    passed = [f for f in found if not (f.failed or f.is_float)]
    by, default = measure(passed, by), _default(passed, speed)
    limit = (1 + SLACK) * min((f.cost(by) for f in passed), default=0)
    limit = min(limit, default.cost(by)) if default else limit
    return min((f for f in passed if f.cost(by) <= limit), key=lambda f: (f.flash, f.cost(by), f.is_kernelwise), default=None)


def _kept(found, goals, by):
    """What keep=1 would keep, held against optimize=speed."""
    choice, default = to_keep(found, by, goals["speed"]), _default(found, goals["speed"])
    if choice is None or choice is default:
        return "for keep=1: optimize=speed, the default: nothing else is worth it"
    beside = "" if default is None else f"{_beside(choice, default, 'speed', by)}"
    return f"for keep=1, which leaves it beside the model, where builds find it: {choice.how}{beside}"


def _default(found, generation):
    return next((f for f in found if f.generation == generation and not (f.is_float or f.is_kernelwise)), None)


def _beside(choice, default, goal, by):
    if default.failed:
        return f" (optimize={goal} was left out)"
    cost, flash = _share(choice.cost(by), default.cost(by)), _share(choice.flash, default.flash)
    return f": {cost} of the {by} and {flash} of the flash of optimize={goal}"


def _left_out(f):
    lines = f.failed.splitlines()
    shown = lines[:_SHOWN] + (["…"] if len(lines) > _SHOWN else [])
    return f"left out: {f.how}: " + "\n  ".join(shown)


def _advice(what, choice, goal, goals, found, by):
    """What to do for the best `what`, held against optimize=goal."""
    default = _default(found, goals[goal])
    if choice is default:
        return [f"best for {what}: optimize={goal}" + (", the default" if goal == "speed" else "")]
    first = f"best for {what}: {choice.how}" + (" (leave out quantize=)" if choice.is_float else "")
    first += _beside(choice, default, goal, by) if default else ""
    if choice.is_kernelwise:
        return [first, "  beside the model:     tune keep=1"]
    flags, rewrites = choice.flags, choice.rewrites
    return [
        first,
        f"  on the command line:  {choice.generation}",
        f'  in custom.py:         flags, rewrites = "{flags}", "{rewrites}"',
        f'  in an SConstruct:     env.Clone(IREE_FLAGS="{flags}", IREE_REWRITES="{rewrites}").IreeModel(…)',
    ]


def _share(value, of):
    return f"{100 * value / of:.1f} %" if of else "–"


def json_of(found, goals):
    """What the table says, for programs."""
    names = {generation: goal for goal, generation in goals.items()}
    return [{**asdict(f), "optimize": _goal(f, names) or None} for f in found]


def rows(found, model, board):
    """What the table says, as rows of `sweep.table`."""
    return [
        {
            "model": model,
            "board": board,
            "setting": f.how,
            "failed": f.failed,
            **dict.fromkeys(("flash", "ram", "instructions", "accuracy", "state")),
            **{name: None if f.failed else getattr(f, name) for name in ("cycles", "code", "weights", "arena", "stack")},
            **({} if f.failed else {"flash": f.flash, "ram": f.arena + f.stack, "instructions": f.count}),
        }
        for f in found
    ]
