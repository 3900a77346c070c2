"""Resize as constant weights along each axis: IREE's importer misreads many of its modes, and lacks others.

Of static shapes every mode is a linear map along each axis that changes. Formulas: ONNX, Resize; where its
text leaves room (a single output element, antialias at borders), as ONNX Runtime does.
"""

import numpy as np
from onnx import TensorProto

from ..node import Refused
from . import rule

_FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE)
_GATHERED = 4  # elements that are weighed one by one; more of them are a product of matrices


@rule("Resize", "Upsample")
def resize(graph, node):
    """Gather and weights, or MatMul, along each axis that is resized."""
    x = node.input(0)
    shape, dtype = graph.shape(x), graph.dtype(x)
    if shape is None:
        raise Refused("its input's shape is not known; export the model with static shapes.")
    value, told = x, None
    if node.get("mode", "nearest") != "nearest" and dtype not in _FLOATS:
        value = graph.add("Cast", x, to=TensorProto.FLOAT)
    for axis, (size, scale, roi) in sorted(_extents(graph, node, shape).items()):
        if size == shape[axis] and scale == 1:  # a region of interest, too, ONNX Runtime leaves alone then
            continue
        if not size:
            raise Refused(f"dimension {axis} of its output is of size 0: it would hold nothing.")
        weights, outside = weights_of(node, shape[axis], size, scale, roi)
        value = _along(graph, value, axis, weights)
        if outside.any():
            told = outside.reshape([-1 if n == axis else 1 for n in range(len(shape))]) | (False if told is None else told)
    if told is not None:
        fill = graph.constant(node.get("extrapolation_value", 0.0), graph.dtype(value))
        value = graph.add("Where", graph.constant(told), fill, value)
    if graph.dtype(value) != dtype:
        value = graph.add("Cast", value, to=dtype)
    return value


def _extents(graph, node, shape):
    """{axis: (size after, scale, region of interest)}."""
    if node.op == "Upsample":
        scales, sizes, roi = graph.value(node.input(1)), None, None
    else:
        scales, sizes, roi = (graph.value(node.input(n)) if node.input(n) else None for n in (2, 3, 1))
        if node.input(1) and roi is None and node.get("coordinate_transformation_mode") == "tf_crop_and_resize":
            raise Refused("input roi is computed at run time; export the model with a constant region.")
    axes = [axis % len(shape) for axis in node.get("axes") or range(len(shape))]
    if scales is not None and scales.size:
        scales = [float(s) for s in scales]
        after = [int(np.floor(np.float32(shape[axis]) * np.float32(s))) for axis, s in zip(axes, scales)]
    elif sizes is not None and sizes.size:
        after, scales = _sizes(node, [shape[axis] for axis in axes], [int(s) for s in sizes])
    else:
        raise Refused("its scales or sizes are computed at run time; export the model with constant ones.")
    roi = np.array([0] * len(axes) + [1] * len(axes)) if roi is None or not roi.size else roi
    return {axis: (after[n], scales[n], (roi[n], roi[n + len(axes)])) for n, axis in enumerate(axes)}


def _sizes(node, before, after):
    policy = node.get("keep_aspect_ratio_policy", "stretch")
    scales = [a / b for a, b in zip(after, before)]
    if policy == "stretch":
        return after, scales
    scale = max(scales) if policy == "not_smaller" else min(scales)
    return [int(np.floor(b * scale + 0.5)) for b in before], [scale] * len(before)


def weights_of(node, before, after, scale, roi=(0, 1)):
    """The weights of an axis, [after, before], and which elements are outside of the input, bool [after]."""
    places = _places(node.get("coordinate_transformation_mode", "half_pixel"), before, after, scale, roi, node.op)
    mode, outside = node.get("mode", "nearest"), np.zeros(after, bool)
    if node.get("coordinate_transformation_mode") == "tf_crop_and_resize":
        outside = (places < 0) | (places > before - 1)
    if mode == "nearest":
        nearest = _nearest(node.get("nearest_mode", "round_prefer_floor" if node.op == "Resize" else "floor"), places)
        return np.eye(before)[np.clip(nearest, 0, before - 1).astype(int)], outside
    narrow = min(scale, 1.0) if node.get("antialias", 0) else 1.0
    support = (2 if mode == "cubic" else 1) / narrow
    first = np.floor(places - support).astype(int)
    taps = first[:, None] + np.arange(int(np.ceil(2 * support)) + 2)
    distance = np.abs(taps - places[:, None]) * narrow
    weights = _cubic(distance, node.get("cubic_coeff_a", -0.75)) if mode == "cubic" else np.maximum(1 - distance, 0)
    if node.get("exclude_outside", 0):
        weights = np.where((taps >= 0) & (taps < before), weights, 0)
    weights = weights / weights.sum(1, keepdims=True)
    table = np.zeros((after, before))
    np.add.at(table, (np.arange(after)[:, None], np.clip(taps, 0, before - 1)), weights)
    return table, outside


def _places(mode, before, after, scale, roi, op):
    """Where in the input each element of the output is, in the float32 of ONNX Runtime."""
    n, scale = np.arange(after, dtype=np.float32), np.float32(scale)
    if mode == "asymmetric" or op == "Upsample":
        return n / scale
    if mode == "align_corners":
        return n * np.float32(before - 1) / np.float32(max(after - 1, 1))
    if mode == "tf_crop_and_resize":
        start, end = map(np.float32, roi)
        if after == 1:
            return np.array([0.5 * (start + end) * (before - 1)], np.float32)
        return start * (before - 1) + n * (end - start) * (before - 1) / (after - 1)
    half = (n + 0.5) / scale - 0.5
    if mode == "pytorch_half_pixel" and after == 1:
        return np.zeros(1)
    if mode == "half_pixel_symmetric":
        return np.float32(before) / 2 * (1 - np.float32(after) / (scale * before)) + (n + 0.5) / scale - 0.5
    if mode not in ("half_pixel", "pytorch_half_pixel"):
        raise Refused(f"attribute coordinate_transformation_mode: '{mode}' is not known.")
    return half


def _nearest(mode, places):
    places = places.astype(float)
    found = {
        "round_prefer_floor": lambda: np.ceil(places - 0.5),
        "round_prefer_ceil": lambda: np.floor(places + 0.5),
        "floor": lambda: np.floor(places),
        "ceil": lambda: np.ceil(places),
    }
    return found[mode]()


def _cubic(distance, a):
    """Keys's cubic convolution."""
    near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
    far = ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
    return np.where(distance <= 1, near, np.where(distance < 2, far, 0))


def _along(graph, x, axis, weights):
    """x, its axis mapped by weights, [after, before]."""
    count, rank = int((weights != 0).sum(1).max()), len(graph.shape(x))
    order = np.argsort(-(weights != 0).astype(int), axis=1, kind="stable")[:, :count]
    if count > _GATHERED:
        last = list(range(rank))
        last[axis], last[-1] = last[-1], last[axis]
        turned = x if axis == rank - 1 else graph.add("Transpose", x, perm=last)
        product = graph.add("MatMul", turned, graph.constant(weights.T, graph.dtype(x)))
        return product if axis == rank - 1 else graph.add("Transpose", product, perm=last)
    total = None
    for tap in range(count):
        part = graph.add("Gather", x, graph.constant(order[:, tap], np.int64), axis=axis)
        weight = np.take_along_axis(weights, order[:, tap : tap + 1], 1)
        if not (weight == 1).all():
            part = graph.add(
                "Mul", part, graph.constant(weight.reshape([-1 if n == axis else 1 for n in range(rank)]), graph.dtype(x))
            )
        total = part if total is None else graph.add("Add", total, part)
    return total
