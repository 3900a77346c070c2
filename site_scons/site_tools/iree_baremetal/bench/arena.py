"""The arena over time: which buffer lives where from step to step, and what each step holds."""

from ..plan.model import aligned


def over_time(function, kernels):
    """{"steps", "buffers", "peak"} of a function and the kernels, as in .plan.json.

    steps: {"kind", "dispatch" (which one, from 0, or None), "used" (bytes in use), "reads", "writes" (numbers of buffers)}.
    buffers: {"offset", "size" (bytes), "first", "last" (steps), "scratch" (whether it is a kernel's own)}. peak: the first
    step that uses the most, or None.
    """
    scratch = {kernel["symbol"]: kernel["local_memory"] for kernel in kernels}
    buffers = [{**buffer, "scratch": False} for buffer in function.get("buffers", ())]
    steps, dispatches = [], 0
    begin = function["arena"] - aligned(max((scratch.get(kernel, 0) for kernel in function["dispatches"]), default=0))
    for number, step in enumerate(function.get("steps", ())):
        dispatch = None
        if step["kind"] == "dispatch":
            dispatch, dispatches = dispatches, dispatches + 1
            if size := scratch.get(step["kernel"], 0):
                buffers.append({"offset": begin, "size": size, "first": number, "last": number, "scratch": True})
        steps.append({"kind": step["kind"], "dispatch": dispatch, "reads": step["reads"], "writes": step["writes"]})
    for number, step in enumerate(steps):
        step["used"] = _union((b["offset"], b["offset"] + b["size"]) for b in buffers if b["first"] <= number <= b["last"])
    peak = max(range(len(steps)), key=lambda n: steps[n]["used"], default=None)
    return {"steps": steps, "buffers": buffers, "peak": peak if buffers else None}


def _union(spans):
    """How many bytes spans [(start, end)] cover: one buffer may lie over another that is read for the last time."""
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
