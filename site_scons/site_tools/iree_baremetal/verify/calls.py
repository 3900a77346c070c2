"""Calls of a model's functions: their inputs, from an .npz or at random, and their outputs.

The formats of ``inputs.bin`` and ``outputs.bin`` are those of `codegen.harness`.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy

from .. import npz
from ..codegen import harness
from ..errors import BaremetalError, FirmwareError
from . import quantized

_DTYPES = {"i1": "u1", "i8": "i1", "ui8": "u1", "i16": "i2", "ui16": "u2", "i32": "i4", "ui32": "u4", "i64": "i8"}
_DTYPES |= {"ui64": "u8", "f16": "f2", "bf16": "u2", "f32": "f4", "f64": "f8"}


def numpy_dtype(tensor):
    """NumPy's type for the tensor's elements; bf16 as its bits."""
    return numpy.dtype("<" + _DTYPES[tensor.dtype])


def dtype_of(dtype):
    """The tensor's type of NumPy's: the reverse."""
    special = {"bool": "i1", "bfloat16": "bf16"}
    return special.get(dtype.name) or {"f": "f", "i": "i", "u": "ui"}[dtype.kind] + str(8 * dtype.itemsize)


@dataclass
class Call:
    """One call: the function's index and its inputs as arrays."""

    function: int
    inputs: list


def load(functions, npz_file):
    """The calls of an .npz, or seeded random ones where npz_file is empty, but for functions of dynamic shapes.

    `BaremetalError` where there is no other.
    """
    if not npz_file and functions and all(function.is_dynamic for function in functions):
        raise BaremetalError(
            f"{', '.join(function.name for function in functions)}: its shapes are known only at run time. Feed it by inputs=, an .npz "
            "whose arrays have shapes (docs/runtime.md), or give the sizes of an .onnx or .tflite by dims= or shapes=."
        )
    return npz_calls(functions, npz_file) if npz_file else random_calls(functions)


def random_calls(functions, count=4, seed=0):
    """count seeded calls of every function: floats in -1..1, 8- and 16-bit integers over their range."""
    generator = numpy.random.default_rng(seed)

    def tensor(t):
        dtype, shape = numpy_dtype(t), t.shape or ()
        if t.dtype == "i1":
            return generator.integers(0, 2, shape).astype(dtype)
        if t.dtype == "bf16":
            return (generator.uniform(-1, 1, shape).astype("<f4").view("<u4") >> 16).astype(dtype)
        if dtype.kind == "f":
            return generator.uniform(-1, 1, shape).astype(dtype)
        info = numpy.iinfo(dtype)
        low, high = (info.min, info.max) if dtype.itemsize < 4 else (max(info.min, -1000), 1000)
        return generator.integers(low, high, shape, endpoint=True).astype(dtype)

    return [Call(i, [tensor(t) for t in f.inputs]) for _ in range(count) for i, f in enumerate(functions) if not f.is_dynamic]


def npz_calls(functions, path):
    """The calls that the .npz at path holds: an array for each input, stacked along a first axis.

    Arrays are named as the inputs; with several functions, ``function/input``. A function of one
    input may have it under "inputs". Calls of different shapes are arrays of their own, with the call's number before the
    name: ``0/input``, ``1/input``, …. Types must convert without loss; floats for a quantized input are
    real values, of which the elements are made.
    """
    arrays = npz.load(path)
    result, fed = [], False
    for index, function in enumerate(functions):
        stacks = [_stack(path, arrays, function, t, len(functions) == 1) for t in function.inputs]
        if any(stack is None for stack in stacks):
            continue  # a function that this file does not feed
        counts = {len(stack) for stack in stacks}
        if len(counts) > 1:
            raise BaremetalError(f"{path}: the inputs of {function.name} hold different numbers of calls: {sorted(counts)}.")
        fed = True
        result += [Call(index, [numpy.array(s[n], order="C") for s in stacks]) for n in range(counts.pop() if counts else 0)]
    if fed and not result:
        raise BaremetalError(f"{path} holds no calls: its arrays have no entries along their first axis.")
    if not result:
        wanted = ", ".join(t.name for f in functions for t in f.inputs)
        raise BaremetalError(f"{path} holds {', '.join(arrays) or 'no array'}; the model's inputs are {wanted}.")
    return result


def _stack(path, arrays, function, tensor, alone):
    """The tensor's arrays, one for each call; None where the file holds none."""
    keys = [f"{function.name}/{tensor.name}"] + ([tensor.name] if alone else [])
    if alone and len(function.inputs) == 1:
        keys.append("inputs")
    key = next((k for k in keys if k in arrays or f"0/{k}" in arrays), None)
    if key is None:
        return None
    if key in arrays:
        return _typed(path, key, _stacked(path, key, arrays[key], tensor), tensor)
    numbers = range(next(n for n in range(1, len(arrays) + 1) if f"{n}/{key}" not in arrays))
    return [_typed(path, f"{n}/{key}", _one(path, f"{n}/{key}", arrays[f"{n}/{key}"], tensor), tensor) for n in numbers]


def _fits(extents, shape):
    return len(extents) == len(shape) and all(wanted in (None, extent) for extent, wanted in zip(extents, shape))


def _one(path, key, array, tensor):
    """The array of one call."""
    if not _fits(array.shape, tensor.shape or ()):
        raise BaremetalError(f"{path}: array {key} has shape {array.shape}; input {tensor.name} is {_said(tensor)}.")
    return array


def _stacked(path, key, array, tensor):
    """The array with a first axis of calls."""
    shape = tensor.shape or ()
    if _fits(array.shape[1:], shape):
        return array
    if _fits(array.shape, shape):
        return array[None]
    if shape and shape[0] and _fits(array.shape[1:], shape[1:]) and len(array) % shape[0] == 0:
        return array.reshape(-1, shape[0], *array.shape[1:])  # stacked along the batch
    raise BaremetalError(f"{path}: array {key} has shape {array.shape}; input {tensor.name} is N calls of {_said(tensor)}.")


def _said(tensor):
    return str(tensor.shape or ()).replace("None", "?")


def _typed(path, key, array, tensor):
    """The array's elements as the tensor has them."""
    dtype = numpy_dtype(tensor)
    if tensor.is_quantized and array.dtype.kind == "f":
        return quantized.quantize(array, tensor, dtype)
    if array.dtype != dtype and not numpy.can_cast(array.dtype, dtype, "safe"):
        raise BaremetalError(f"{path}: array {key} has type {array.dtype}; input {tensor.name} is {tensor.dtype}.")
    return array.astype(dtype)


def write_inputs(path, functions, calls):
    """Writes calls of functions as ``inputs.bin``."""
    with open(path, "wb") as stream:
        for call in calls:
            stream.write(struct.pack("<I", call.function))
            function = functions[call.function]
            for number, (tensor, array) in enumerate(zip(function.inputs, call.inputs)):
                if function.pushed and function.pushed.is_interleaved and number == function.pushed.input:
                    array = numpy.moveaxis(array, -3, -1)
                if tensor.is_dynamic:
                    stream.write(struct.pack(f"<{array.ndim}I", *array.shape))
                stream.write(array.tobytes())


@dataclass
class Answer:
    """What one call gave: outcome (0 is good), cost in the board's counts, output arrays.

    dispatches: the cost of each dispatch, where the harness measures them. unit: that of the costs, "instructions" (of an
    emulator), "cycles" (of a part) or "ns" (of this machine).
    """

    status: int
    cost: int
    outputs: list
    dispatches: tuple = ()
    unit: str = harness.UNITS[0]


def read_outputs(path, functions, calls):
    """(`Answer`s, peak of the stack, peak of the heap, both in bytes) from ``outputs.bin``."""
    answers = []
    if not Path(path).is_file():
        raise BaremetalError("the board stopped before its first answer: it wrote no outputs.")
    with open(path, "rb") as stream:

        def take(size, where):
            data = stream.read(size)
            if len(data) < size:
                raise FirmwareError(f"the board stopped {where}.")
            return data

        for call in calls:
            head = take(16, f"after {len(answers)} of {len(calls)} calls")
            status, measured, cost = struct.unpack("<iIQ", head)
            inside = f"in the answer of call {len(answers)}"
            dispatches = struct.unpack(f"<{measured}Q", take(8 * measured, inside))
            outputs = []
            for tensor in functions[call.function].outputs:
                dtype, shape = numpy_dtype(tensor), tensor.shape
                if tensor.is_dynamic:
                    shape = struct.unpack(f"<{len(shape)}I", take(4 * len(shape), inside))
                outputs.append(numpy.frombuffer(take(math.prod(shape) * dtype.itemsize, inside), dtype).reshape(shape))
            answers.append(Answer(status, cost, outputs, dispatches))
        stack, heap, unit = struct.unpack("<QQQ", take(24, "after the last call"))
    for answer in answers:
        answer.unit = harness.UNITS[unit]
    return answers, stack, heap
