"""Where a kernel's output may lie over its input: proven by traces of the very machine code.

What is proven holds for one binary: whenever the kernels' object changes, they are traced again.
What a dispatch does must not depend on its data: it is run on two sets, and must do the same.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy

from . import blocks, packing
from .model import Dispatch, Runs

ACCESSES = 300_000  # of a dispatch that will hardly show anything: some tenths of a second
_SAMPLES = 64  # bytes of an input that are held against each shift before all are
_NEVER = numpy.iinfo("i8").max


def key(step):
    """What identifies a dispatch."""
    return f"{step.kernel} {list(step.workgroups)} {list(step.constants)} {[span.length for span in step.bindings]}"


@dataclass
class Proven:
    """What traces have proven of dispatches, by their `key`.

    shifts: {(input, output): how far the input may begin after the output, in bytes}: no byte is
    written before it was read for the last time. left: {output: `Runs`} that are never touched, of
    those whose old content the compiler takes for needed though the kernel reads nothing of it.
    """

    by_key: dict = field(default_factory=dict)

    def shifts(self, step):
        return self.by_key.get(key(step), ({}, {}))[0]

    def left(self, step):
        return self.by_key.get(key(step), ({}, {}))[1]


NOTHING = Proven()


def prove(plan, kernels, alignment):
    """`Proven` for all dispatches of plan, by `trace.Kernels`: shifts are the multiples of alignment at which the two overlap."""
    return _useful({name: _prove(step, plan, kernels, alignment) for name, step in _dispatches(plan).items()})


def _dispatches(plan):
    return {key(step): step for f in plan.functions for step in f.steps if isinstance(step, Dispatch)}


def expected(plan, kernels, alignment, known, name):
    """As `prove`, for a choice between programs: by one run of each dispatch, and only if there was none of its name(step).

    known: {name: what was found}, to which comes what is found now.
    """
    found = _dispatches(plan)
    for step in found.values():
        if name(step) not in known:
            known[name(step)] = _prove(step, plan, kernels, alignment, is_checked=False)
    return _useful({own: known[name(step)] for own, step in found.items()})


def _useful(found):
    return Proven({name: proofs for name, proofs in found.items() if any(proofs)})


def prove_fullest(plan, kernels, alignment, likely):
    """As `prove`, but only as long as the arena gets smaller: of the dispatch at the fullest step of all functions, then of that
    at what is the fullest then, …

    likely: symbols of kernels whose outputs can probably lie over inputs; others are not traced to the end where that takes long.
    """
    named, found = [blocks.split(function.steps, alignment) for function in plan.functions], {}
    while True:
        proven, fullest = _useful(found), None
        for steps, own in named:
            over = packing.Pairs(possible(steps, proven), own)
            for number, size in packing.used(own, alignment, over).items():
                fullest = max(fullest or (0, None), (size, steps[number]), key=lambda pair: pair[0])
        step = fullest[1] if fullest else None
        if not isinstance(step, Dispatch) or key(step) in found:
            return proven
        found[key(step)] = _prove(step, plan, kernels, alignment, None if step.kernel in likely else ACCESSES)


def _prove(step, plan, kernels, alignment, limit=None, is_checked=True):
    """(shifts, what is left) of a dispatch. is_checked: whether other data must give the same."""
    traced = [n for n, span in enumerate(step.bindings) if span.place == "transient" and span.length]
    inputs = [n for n in traced if step.access[n] == "r"]
    outputs = [n for n in traced if "w" in step.access[n]]
    if not inputs or not outputs or not all(isinstance(word, int) for word in step.constants):
        return {}, {}

    def run(seed):
        generator = numpy.random.default_rng(seed)
        contents = [_content(span, plan, generator) for span in step.bindings]
        return kernels.run(step.kernel, step.workgroups, step.constants, contents, traced, limit)

    log = run(1)
    found = ({}, {}) if log is None else _found(step, log, traced, inputs, outputs, alignment)
    again = log if not is_checked else run(2) if any(found) else None
    return found if again is not None and again == log else ({}, {})


def _found(step, log, traced, inputs, outputs, alignment):
    """(shifts, what is left) by the log of a run."""
    outputs = [n for n in outputs if step.access[n] == "w" or log.is_write[log.buffer == n].all()]
    size = {n: step.bindings[n].length for n in traced}
    reads = {n: _times(log, n, size[n], numpy.maximum, -1) for n in inputs}
    writes = {n: _times(log, n, size[n], numpy.minimum, _NEVER) for n in outputs}
    found = {(i, o): _shifts(reads[i], writes[o], alignment) for i in inputs for o in outputs}
    left = {o: _runs(writes[o] == _NEVER) for o in outputs if step.access[o] == "rw"}
    return {pair: shifts for pair, shifts in found.items() if shifts}, {o: runs for o, runs in left.items() if runs}


def _runs(left):
    """The bytes that are left, as `Runs`; none where their places are irregular."""
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], left, [0]])))
    starts, lengths, found = edges[::2], edges[1::2] - edges[::2], []
    for length in sorted(set(lengths.tolist())):
        places = starts[lengths == length]
        steps = numpy.diff(places)
        inner = int(numpy.argmax(steps != steps[0])) + 1 if (steps != steps[:1]).any() else len(places)
        if len(places) % inner:
            return []
        rows = places.reshape(-1, inner)
        strides = [set(numpy.diff(rows, axis=axis).flat) for axis in (1, 0)]
        if any(len(stride) > 1 for stride in strides):
            return []
        found.append(Runs(int(places[0]), length, rows.shape[::-1], tuple(int(*stride) for stride in strides)))
    return found


def _content(span, plan, generator):
    if span.place == "constant":
        start = span.index + span.offset
        return plan.constants[start : start + span.length]
    return generator.uniform(-1, 1, span.length // 4 + 1).astype("<f4").tobytes()[: span.length]


def _times(log, buffer, size, choose, never):
    """For each byte of the buffer the last or first time (choose) that it is accessed."""
    result = numpy.full(size, never)
    (time,) = numpy.nonzero(log.buffer == buffer)
    for byte in range(log.width.max(initial=0)):
        now = time[(log.width[time] > byte) & (log.offset[time] + byte < size)]
        choose.at(result, log.offset[now] + byte, now)
    return result


def _shifts(last_read, first_write, alignment):
    shifts = numpy.arange(-((len(last_read) - 1) // alignment) * alignment, len(first_write), alignment)
    for byte in numpy.linspace(0, len(last_read) - 1, _SAMPLES, dtype=int):  # rules most out
        target = byte + shifts
        is_over = (target >= 0) & (target < len(first_write))
        shifts = shifts[~is_over | (last_read[byte] < first_write[target.clip(0, len(first_write) - 1)])]
    latest, earliest = _units(last_read, alignment, numpy.maximum, -1), _units(first_write, alignment, numpy.minimum, _NEVER)
    return [s for s in shifts.tolist() if _is_safe(latest, earliest, s // alignment) or _is_safe(last_read, first_write, s)]


def _units(times, size, choose, never):
    """The last or first (choose) of the times of so many bytes each."""
    padded = numpy.full(-(-len(times) // size) * size, never)
    padded[: len(times)] = times
    return choose.reduce(padded.reshape(-1, size), axis=1)


def _is_safe(last_read, first_write, shift):
    start, end = max(0, shift), min(len(first_write), len(last_read) + shift)
    return bool((last_read[start - shift : end - shift] < first_write[start:end]).all())


def possible(steps, proven):
    """{(input block, output block): shifts} of steps whose buffers are blocks: where the one may lie over the other.

    That is where the input's last reader is the output's first writer, which depends on the order of the steps: see `pairs`.
    """
    return {pair: shifts for step in steps if isinstance(step, Dispatch) for pair, shifts in _possible(step, proven.shifts(step))}


def _possible(step, shifts_of):
    spans = [(n, span) for n, span in enumerate(step.bindings) if span.place == "transient"] if shifts_of else []
    found = {}
    for i, source in spans:
        for o, target in spans:
            allowed = shifts_of.get((i, o), ()) if step.access[o] == "w" else ()
            shifts = {s - source.offset + target.offset for s in allowed}
            pair = source.index, target.index  # of a block with several bindings, all must be safe
            found[pair] = found[pair] & shifts if pair in found else shifts
    return [(pair, shifts) for pair, shifts in found.items() if shifts and pair[0] != pair[1]]


def pairs(steps, found_blocks, proven):
    """{(input block, output block): shifts} where the input's last reader is the output's first writer."""
    over = possible(steps, proven)
    return {pair: shifts for pair, shifts in over.items() if packing.follow(found_blocks, *pair)}


def write(path, proven):
    """Writes what `prove` found to path."""
    content = {}
    for name, (shifts, left) in proven.by_key.items():
        left = [[o, [asdict(r) for r in runs]] for o, runs in left.items()]
        content[name] = {"shifts": [[*pair, found] for pair, found in shifts.items()], "left": left}
    Path(path).write_text(json.dumps(content) + "\n")


def read(path):
    """What `write` wrote."""
    return Proven({name: _proofs(**content) for name, content in json.loads(Path(path).read_text()).items()})


def _proofs(shifts, left):
    def runs(start, length, counts, strides):
        return Runs(start, length, tuple(counts), tuple(strides))

    return {(i, o): found for i, o, found in shifts}, {o: [runs(**r) for r in found] for o, found in left}
