"""DFT and STFT by a product with a constant matrix of cosines and sines: IREE has a lowering for few forms of them."""

import numpy as np

from ..node import Refused
from . import rule


@rule("DFT")
def dft(graph, node):
    """x, with its axis next to last, times the matrix of all pairs of samples and frequencies."""
    x = node.input(0)
    shape, length, axis = graph.shape(x), graph.value(node.input(1)), node.get("axis", 1)
    if graph.opset >= 20:  # an input from there on
        axis = graph.value(node.input(2)) if node.input(2) else -2
    if axis is None or (node.input(1) and length is None):
        raise Refused("its axis or dft_length is computed at run time; export the model with constant ones.")
    if node.get("inverse", 0) and node.get("onesided", 0):
        raise Refused("the inverse of one side has no lowering; export the model with both sides.")
    if shape is None:
        return None
    axis = int(axis) % len(shape)
    last = len(shape) - 2
    order = [n for n in range(len(shape)) if n not in (axis, last + 1)]
    moved = graph.add("Transpose", x, perm=[*order, axis, last + 1]) if axis != last else x
    samples, parts = shape[axis], shape[-1]
    matrix = _matrix(samples, parts, samples if length is None else int(length), node.get("inverse", 0), node.get("onesided", 0))
    outer = [shape[n] for n in order]
    flat = graph.add("Reshape", moved, graph.ints(int(np.prod(outer, dtype=int)), samples * parts))
    product = graph.add("MatMul", flat, graph.constant(matrix, graph.dtype(x)))
    result = graph.add("Reshape", product, graph.ints(*outer, matrix.shape[1] // 2, 2))
    if axis == last:
        return result
    return graph.add("Transpose", result, perm=[int(n) for n in np.argsort([*order, axis, last + 1])])


def _matrix(samples, parts, length, inverse, onesided):
    """Rows: samples, or pairs of their real and imaginary parts; columns: such pairs of frequencies."""
    frequencies = length // 2 + 1 if onesided else length
    turns = np.outer(np.arange(samples), np.arange(frequencies)) % length / length
    wave = np.exp((2j if inverse else -2j) * np.pi * turns) / (length if inverse else 1)
    wave[length:] = 0  # what is beyond is cut off; what is missing is 0
    rows = np.stack([wave, 1j * wave], 1)[:, :parts]
    return np.stack([rows.real, rows.imag], -1).reshape(samples * parts, 2 * frequencies)


@rule("STFT")
def stft(graph, node):
    """Frames, gathered, by the window, and their DFT."""
    x, step, window = node.input(0), graph.value(node.input(1)), node.input(2)
    shape, length = graph.shape(x), graph.value(node.input(3))
    if step is None or (node.input(3) and length is None):
        raise Refused("its frame_step or frame_length is computed at run time; export the model with constant ones.")
    if shape is None or (window and graph.shape(window) is None):
        return None
    length, step = int(length if length is not None else graph.shape(window)[0]), int(step)
    frames = (shape[1] - length) // step + 1
    places = step * np.arange(frames)[:, None] + np.arange(length)
    framed = graph.add("Gather", x, graph.constant(places, np.int64), axis=1)
    if len(shape) == 2:
        framed = graph.add("Unsqueeze", framed, graph.ints(3))
    if window:
        framed = graph.add("Mul", framed, graph.add("Reshape", window, graph.ints(length, 1)))
    if graph.opset >= 20:
        return graph.add("DFT", framed, "", graph.constant(2, np.int64), onesided=node.get("onesided", 1))
    return graph.add("DFT", framed, axis=2, onesided=node.get("onesided", 1))
