"""Where a kernel's output may lie over its input: proven by traces of the very machine code.

What is proven holds for one binary: whenever the kernels' object changes, they are traced again.
What a dispatch does must not depend on its data: it is run on two sets, and must do the same.
"""

import json
from pathlib import Path

import numpy

from .plan.model import Dispatch, Word

_NEVER = numpy.iinfo("i8").max


def key(step):
    """What identifies a dispatch."""
    return f"{step.kernel} {list(step.workgroups)} {[span.length for span in step.bindings]}"


def prove(plan, kernels, alignment):
    """{key: {(input, output): shifts}} for the dispatches of plan, by `trace.Kernels`.

    A shift is how far the input begins after the output, in bytes, where no byte is written before
    it was read for the last time; multiples of alignment at which they overlap.
    """
    steps = {key(step): step for f in plan.functions for step in f.steps if isinstance(step, Dispatch)}
    found = {name: _prove(step, plan, kernels, alignment) for name, step in steps.items()}
    return {name: pairs for name, pairs in found.items() if pairs}


def _prove(step, plan, kernels, alignment):
    traced = [n for n, span in enumerate(step.bindings) if span.place == "transient" and span.length]
    inputs = [n for n in traced if step.access[n] == "r"]
    outputs = [n for n in traced if step.access[n] == "w"]
    if not inputs or not outputs or any(isinstance(word, Word) for word in step.constants):
        return {}
    logs = []
    for seed in (1, 2):
        generator = numpy.random.default_rng(seed)
        contents = [_content(span, plan, generator) for span in step.bindings]
        logs.append(kernels.run(step.kernel, step.workgroups, step.constants, contents, traced))
    if any(log is None for log in logs) or logs[0] != logs[1]:
        return {}
    size = {n: step.bindings[n].length for n in traced}
    reads = {n: _times(logs[0], n, size[n], numpy.maximum, -1) for n in inputs}
    writes = {n: _times(logs[0], n, size[n], numpy.minimum, _NEVER) for n in outputs}
    found = {(i, o): _shifts(reads[i], writes[o], alignment) for i in inputs for o in outputs}
    return {pair: shifts for pair, shifts in found.items() if shifts}


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
    least = -(len(last_read) - 1) // alignment * alignment
    return [s for s in range(least, len(first_write), alignment) if _is_safe(last_read, first_write, s)]


def _is_safe(last_read, first_write, shift):
    start, end = max(0, shift), min(len(first_write), len(last_read) + shift)
    return start < end and bool((last_read[start - shift : end - shift] < first_write[start:end]).all())


def pairs(steps, blocks, proven):
    """{(input block, output block): shifts} where the input's last reader is the output's first writer."""
    found = {}
    for number, step in enumerate(steps):
        if not isinstance(step, Dispatch) or key(step) not in proven:
            continue
        spans = [(n, span) for n, span in enumerate(step.bindings) if span.place == "transient"]
        for i, source in spans:
            for o, target in spans:
                if blocks[source.index].last == number == blocks[target.index].first and source.index != target.index:
                    shifts = {s - source.offset + target.offset for s in proven[key(step)].get((i, o), ())}
                    pair = source.index, target.index  # of a block with several bindings, all must be safe
                    found[pair] = found.get(pair, shifts) & shifts
    return {pair: shifts for pair, shifts in found.items() if shifts}


def write(path, proven):
    """Writes what `prove` found to path."""
    content = {name: [[*pair, shifts] for pair, shifts in found.items()] for name, found in proven.items()}
    Path(path).write_text(json.dumps(content) + "\n")


def read(path):
    """What `write` wrote."""
    content = json.loads(Path(path).read_text())
    return {name: {(i, o): shifts for i, o, shifts in found} for name, found in content.items()}
