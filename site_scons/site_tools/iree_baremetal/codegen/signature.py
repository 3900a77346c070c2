"""What the tools after code generation know of a model: its functions, in ``<model>.plan.json``.

Of a function for the direct deployment that is, too: its steps, in their order, and the buffers in the arena, each at
its offset from the step that first uses it to the last.
"""

import json
from dataclasses import asdict
from pathlib import Path

from ..plan.model import Dispatch, Function, Pushed, Tensor, accesses
from . import names, source


def write(path, plan):
    """Writes the functions, kernels and sizes of plan to path."""
    kernel_names = names.kernels(plan)
    content = {
        "model": plan.name,
        "arena": plan.arena_size,
        "weights": len(plan.constants),
        "state": plan.state_size,
        "keeps_state": plan.keeps_state,
        "kernels": [{**asdict(kernel), "name": kernel_names[kernel.symbol]} for kernel in plan.kernels],
        "called": list(source.used_kernels(plan).values()),
        "functions": [
            {
                "name": f.name,
                "c_name": c,
                "arena": f.arena_size,
                "inputs": [asdict(t) for t in f.inputs],
                "outputs": [asdict(t) for t in f.outputs],
                "pushed": f.pushed and asdict(f.pushed),
                "dispatches": [s.kernel for s in f.steps if isinstance(s, Dispatch)],
                "steps": [_step(s) for s in f.steps],
                "buffers": [
                    {"offset": offset, "size": size, "first": first, "last": last}
                    for offset, size, (first, last) in zip(f.offsets, f.transients, f.lives)
                ],
            }
            for f, c in zip(plan.functions, names.functions(plan))
        ],
    }
    Path(path).write_text(json.dumps(content, indent=1) + "\n")


def _step(step):
    """A step, and the transient buffers that it uses, by their numbers in the function's buffers."""
    used = [(span.index, access) for span, access in accesses(step) if span.place == "transient"]
    content = {
        "kind": type(step).__name__.lower(),
        "reads": sorted({number for number, access in used if "r" in access}),
        "writes": sorted({number for number, access in used if "w" in access}),
    }
    if not isinstance(step, Dispatch):
        return content
    return content | {"kernel": step.kernel, "location": step.location} | ({"is_row": True} if step.is_row else {})


def _tensor(values):
    shape = values["shape"]
    return Tensor(**{**values, "shape": None if shape is None else tuple(shape)})


def read(path):
    """The `Function`s (without steps) that `write` wrote."""
    content = json.loads(Path(path).read_text())
    return [_function(f) for f in content["functions"]]


def _function(values):
    inputs, outputs = ([_tensor(t) for t in values[key]] for key in ("inputs", "outputs"))
    pushed = values.get("pushed")
    return Function(
        values["name"], inputs, outputs, [], [], pushed=pushed and Pushed(**{**pushed, "dispatches": tuple(pushed["dispatches"])})
    )


def called_kernels(path):
    """The names of the kernels that the model calls, by the numbers they have in its steps."""
    return json.loads(Path(path).read_text())["called"]
