"""What the engine of a model's format answers from the integers on to which IREE, on this machine, rounds inside the model.

A difference of some steps at a quantized output may be one of the engines' float arithmetic alone: an inner value in
the middle between two steps that one engine rounds up and the other down. Where each integer that IREE takes
is one that the engine's own value may be rounded to, what the engine makes of these integers is as right as what it made
of its own.
"""

import tempfile
from pathlib import Path

from .. import formats
from ..errors import BaremetalError
from . import first_difference
from .reference import Reference


def find(source, functions, calls, dims, shapes, opset, iree_compile, given):
    """The `Reference`, whose words tell of how many elements the engine takes other integers; given: further arguments of the import.

    A `BaremetalError` where an integer is none that the engine's value may be rounded to, or IREE cannot show them.
    """
    tracing, roundings = formats.tracing_of(source), formats.roundings_of(source)
    rounded = set(roundings.tensors(source, dims, shapes))
    if not rounded:
        raise BaremetalError(f"{source}: nothing in it is rounded to integers.")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"exposed{Path(source).suffix}"
        others = {name for name, _ in tracing.expose(source, functions, calls[:1], dims, shapes, target)[0]} - rounded
        made, exposed, *_ = tracing.expose(source, functions, calls, dims, shapes, target, others)
        mine, _ = first_difference.answers(target, exposed, calls, opset, iree_compile, given)
    taken = {name: arrays for (name, _), arrays in zip(made, zip(*mine))}
    outputs, engine, words = roundings.follow(source, functions, calls, dims, shapes, taken)
    return Reference(outputs, engine, words, formats.reference_of(source).STEPS)
