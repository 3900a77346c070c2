"""Calibration data: an .npz with an array for each input, one sample for each entry along its first axis."""

import numpy

from .... import npz
from ....errors import BaremetalError
from ....plan.model import Function, Tensor
from ....verify import calls
from ..graph import inputs_of

_DTYPES = {
    1: "f32",
    2: "ui8",
    3: "i8",
    4: "ui16",
    5: "i16",
    6: "i32",
    7: "i64",
    9: "i1",
    10: "f16",
    11: "f64",
    12: "ui32",
    13: "ui64",
}
LABELS = ("label", "labels")


def read(path, model):
    """([{input: array} for each sample], labels or None) from the .npz at path.

    Integers for a float input are converted, as an application would. A `BaremetalError` names an
    input that has no array or one of another shape, a type that loses, and data that cannot calibrate:
    fewer than two samples, values that are not finite, or all the same.
    """
    inputs = inputs_of(model)
    tensors = [Tensor(i.name, _dtype(path, i), tuple(d.dim_value for d in i.type.tensor_type.shape.dim)) for i in inputs]
    function = Function("main", tensors, [], [], [])
    samples = [call.inputs for call in calls.npz_calls([function], path)]
    if len(samples) < 2:
        raise BaremetalError(f"{path} holds one sample; the range of a model's values is learnt from several, best some hundred.")
    for tensor, stack in zip(tensors, zip(*samples)):
        values = numpy.stack(stack)
        if values.dtype.kind != "f":
            continue
        if not numpy.isfinite(values).all():
            where = numpy.argwhere(~numpy.isfinite(values))[0]
            raise BaremetalError(
                f"{path}: sample {where[0]} of input {tensor.name} holds {values[tuple(where)]}; calibrate with finite values."
            )
        if values.min() == values.max():
            raise BaremetalError(
                f"{path}: every value of input {tensor.name} is {values.flat[0]:g}; calibrate with data such as the model will see."
            )
    feeds = [{t.name: array for t, array in zip(tensors, arrays)} for arrays in samples]
    return feeds, labels(path, len(feeds))


def _dtype(path, value):
    dtype = value.type.tensor_type.elem_type
    if dtype not in _DTYPES:
        raise BaremetalError(
            f"{path}: input {value.name} has elements of a type that no .npz holds; quantize a model of float inputs."
        )
    return _DTYPES[dtype]


def labels(path, count):
    """The class of each sample, where the .npz holds as many in ``label`` or ``labels``; else None."""
    arrays = npz.load(path)
    for name in LABELS:
        if name in arrays and arrays[name].dtype.kind in "iu" and arrays[name].size == count:
            return arrays[name].ravel()
    return None


def unused(path, model):
    """The names of arrays in path that feed no input and are no labels."""
    known = {value.name for value in inputs_of(model)} | {*LABELS, "outputs"}
    if len(inputs_of(model)) == 1:
        known.add("inputs")
    return [name for name in npz.load(path) if name not in known]
