"""The first node of a model of which IREE, on this machine, gives other values than the engine of the model's format.

All inner tensors of the model become its outputs, on both sides. Where IREE cannot compile that, halves of
them do, and their halves; what it cannot compile as an output even alone is left out.
"""

import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from .. import board, compiler, formats
from ..errors import BaremetalError
from ..plan import described
from . import compare, reference


def find(source, functions, calls, dims, shapes, opset, iree_compile, given):
    """What to say of the first node that differs, or that none does; given: further arguments of the import.

    A model of dynamic shape is looked at in each size that calls have, until it differs.
    """
    if not functions[0].is_dynamic:
        return _of_one_size(source, functions, calls, dims, shapes, opset, iree_compile, given)[0]
    names, alike, text = formats.tracing_of(source).input_names(source), {}, f"{source}: no call to look at."
    for call in calls:
        alike.setdefault(tuple(array.shape for array in call.inputs), []).append(call)
    for extents, some in alike.items():
        inputs = [replace(tensor, shape=shape) for tensor, shape in zip(functions[0].inputs, extents)]
        open_ = [number for number, tensor in enumerate(functions[0].inputs) if tensor.is_dynamic]
        shapes = ",".join(f"{names[number]}={'x'.join(map(str, extents[number]))}" for number in open_)
        fixed = [replace(functions[0], inputs=inputs, outputs=[])]
        text, differs = _of_one_size(source, fixed, some, "", shapes, opset, iree_compile, given)
        text = f"shapes={shapes}: {text}"
        if differs:
            break
    return text


def _of_one_size(source, functions, calls, dims, shapes, opset, iree_compile, given):
    """(what to say, whether a node differs)."""
    tracing, steps = formats.tracing_of(source), formats.reference_of(source).STEPS
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"exposed{Path(source).suffix}"

        def sides(skip):
            """name -> (node, tensor, IREE's array of each call, the engine's)."""
            made, exposed, theirs, engine = tracing.expose(source, functions, calls, dims, shapes, target, skip)
            mine, known = answers(target, exposed, calls, opset, iree_compile, given)
            tensors = [described.described(tensor, k) for tensor, k in zip(exposed[0].outputs, known)]
            columns = zip(zip(*mine), zip(*theirs))
            return {name: (node, tensor, *column, engine) for (name, node), tensor, column in zip(made, tensors, columns)}

        names = [name for name, _ in tracing.expose(source, functions, calls[:1], dims, shapes, target)[0]]
        found, failed = _bisected(sides, names, names)
    return _text(found, failed, functions[0], calls, steps)


def _bisected(sides, chosen, names):
    """({name: its sides} of those chosen, [(name, why)] of what cannot be compiled as an output)."""
    try:
        return sides(set(names) - set(chosen)), []
    except BaremetalError as error:
        if len(chosen) == 1:
            return {}, [(chosen[0], error)]
    middle = len(chosen) // 2
    found, failed = _bisected(sides, chosen[:middle], names)
    more, others = _bisected(sides, chosen[middle:], names)
    return {**found, **more}, failed + others


def answers(target, functions, calls, opset, iree_compile, given):
    """(IREE's outputs for calls, what .names.json says of each) of the file target."""
    mlir, vmfb = target.with_suffix(formats.WRITTEN[target.suffix]), target.with_suffix(".vmfb")
    formats.of(target).import_model(target, mlir, iree_compile, "", "", opset, **given)
    words = [iree_compile, *compiler.target_flags(board.load("host")), *compiler.GUIDE_FLAGS, mlir, "-o", vmfb]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise BaremetalError(compiler.failure(done.stderr))
    known = json.loads(mlir.with_suffix(".names.json").read_text())["outputs"]
    (name,) = _exported(vmfb)
    return reference.run(vmfb, [replace(functions[0], name=name)], calls), known


def _exported(vmfb):
    with reference.loaded(vmfb) as module:
        names = module.vm_module.function_names
    return [name for name in names if not name.startswith("__") and not name.endswith("$async")]


def _text(found, failed, function, calls, steps):
    """(what to say, whether a node differs)."""
    for number, (name, (node, tensor, mine, theirs, engine)) in enumerate(found.items()):
        one = replace(function, outputs=[tensor])
        verdict = compare.compare(
            [one] * (1 + max(c.function for c in calls)),
            calls,
            [[a] for a in mine],
            [[a] for a in theirs],
            steps=steps,
            engine=engine,
        )
        if verdict.worst:
            return (
                f"The first node of which IREE on this machine gives other values: {node}, tensor {name} of {tensor.shape} {tensor.dtype}, "
                f"after {number} that agree. {str(verdict.worst).replace('board', 'IREE', 1)} ({verdict})."
            ), True
    left_out = "".join(f"\n{name} cannot be looked at: {str(error).splitlines()[0]}" for name, error in failed)
    return (
        f"IREE on this machine gives the same values for all {len(found)} inner tensors, where they are outputs: what differs is made "
        f"of nodes together, or on the board. Try flags=none and rewrites=none.{left_out}"
    ), False
