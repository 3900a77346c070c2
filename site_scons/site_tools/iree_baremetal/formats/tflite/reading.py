"""Reads a .tflite file into a `graph.Model`, and refuses what is none."""

import importlib
import struct
from pathlib import Path

import numpy
import tflite

from ...errors import BaremetalError
from .flatbuffer import Malformed, Table
from .graph import Model, Operator, Subgraph, Tensor

_IDENTIFIER = b"TFL3"
_VERSION = 3
_LARGEST = 2**31 - 1  # elements of a tensor


def _names(enumeration):
    return {number: name for name, number in vars(enumeration).items() if isinstance(number, int)}


OPERATORS = _names(tflite.BuiltinOperator)
_TYPES = {number: name.lower() for number, name in _names(tflite.TensorType).items()}
_OPTIONS, _OPTIONS_2 = _names(tflite.BuiltinOptions), _names(importlib.import_module("tflite.BuiltinOptions2").BuiltinOptions2)
_NUMPY = {"bool": "?", "float16": "f2", "float32": "f4", "float64": "f8"} | {
    f"{sign}int{8 * size}": f"{sign or 'i'}{size}" for sign in ("u", "") for size in (1, 2, 4, 8)
}


def read(source):
    """The `Model` of the file source; `BaremetalError` unless it is one."""
    try:
        return parse(Path(source).read_bytes(), str(source))
    except Malformed as error:
        raise BaremetalError(f"{source} is not a valid .tflite file: {error}.") from error


def parse(data, source):
    """The `Model` of data (bytes); raises `Malformed`."""
    if len(data) < 8 or data[4:8] != _IDENTIFIER:
        raise Malformed(f"it does not have '{_IDENTIFIER.decode()}' at byte 4" if data else "it is empty")
    root = Table.root(data)
    version = root.number(0, "I")
    if version != _VERSION:
        raise Malformed(f"its schema is of version {version}, not {_VERSION}")
    buffers = [_buffer(data, table) for table in root.tables(4)]
    codes = [_code(table) for table in root.tables(1)]
    subgraphs = [_subgraph(n, table, buffers, codes) for n, table in enumerate(root.tables(2))]
    if not subgraphs:
        raise Malformed("it has no subgraph")
    signatures = {}
    for table in root.tables(7):
        signatures[table.text(2)] = _entry(subgraphs, table.number(4, "I"), "subgraph", "a signature")
    return Model(source, subgraphs, signatures)


def _entry(entries, number, what, where):
    if not 0 <= number < len(entries):
        raise Malformed(f"{where} names {what} {number} of {len(entries)}")
    return entries[number]


def _buffer(data, table):
    # Files of more than 2 GB, and some converters, keep content behind the flatbuffer.
    start, size = table.number(1, "Q"), table.number(2, "Q")
    if start > 1:
        if start + size > len(data):
            raise Malformed(f"a buffer of bytes {start} to {start + size} is outside the file, of {len(data)}")
        return numpy.frombuffer(data, "u1", size, start)
    return table.array(0, "u1")


def _code(table):
    """(operator's name, whether it is custom, version) of an OperatorCode."""
    number = max(table.number(0, "b"), table.number(3, "i"))  # in the first alone, up to 127, by older files
    name = OPERATORS.get(number, f"operator code {number}")
    is_custom = name == "CUSTOM"
    return (table.text(1) or "CUSTOM" if is_custom else name), is_custom, table.number(2, "i", 1)


def _subgraph(index, table, buffers, codes):
    where = f"subgraph {index}"
    tensors = [_tensor(n, t, buffers) for n, t in enumerate(table.tables(0))]

    def named(numbers, what, optional=False):
        return [None if optional and n == -1 else _entry(tensors, int(n), "tensor", f"{where}, {what}") for n in numbers]

    operators = []
    for number, t in enumerate(table.tables(3)):
        name, is_custom, version = _entry(codes, t.number(0, "I"), "operator code", f"{where}, operator {number}")
        what = f"operator {number}, {name},"
        inputs, intermediates = (named(t.array(f, "i4"), what, True) for f in (1, 8))
        outputs = named(t.array(2, "i4"), what)
        custom = t.array(5, "u1").tobytes()
        operators.append(Operator(number, name, is_custom, version, inputs, outputs, intermediates, _options(t), custom))
    inputs, outputs = (named(table.array(f, "i4"), what) for f, what in ((1, "its inputs"), (2, "its outputs")))
    return Subgraph(index, table.text(4), tensors, inputs, outputs, operators)


def _tensor(index, table, buffers):
    shape, signature = (tuple(map(int, table.array(f, "i4"))) for f in (0, 7))
    name, number = table.text(3), table.number(1, "b")
    where = f"tensor {index} '{name}'"
    dtype = _TYPES.get(number)
    if dtype is None:
        raise Malformed(f"{where} has elements of type number {number}, which is none")
    size = 1
    for extent in shape:
        size *= extent
        if extent < 0 or size > _LARGEST:
            raise Malformed(f"{where} has the shape {list(shape)}")
    content = _entry(buffers, table.number(2, "I"), "buffer", where)
    data = _content(where, dtype, shape, content, table.table(6)) if len(content) else None
    scales, zeros, axis = _quantization(where, table.table(4), shape)
    if len(signature) != len(shape):
        signature = shape
    dtype = "int8" if dtype == "int4" else dtype
    return Tensor(index, name, dtype, shape, signature, scales, zeros, axis, data, bool(table.number(5, "B")))


def _quantization(where, table, shape):
    if table is None:
        return numpy.zeros(0, "f4"), numpy.zeros(0, "i8"), 0
    scales, zeros, axis = table.array(2, "f4"), table.array(3, "i8"), table.number(6, "i")
    if len(scales) == 1:
        axis = 0
    if len(scales) > 1 and len(shape) == 1:
        axis = 0  # some converters leave that of the weights at a bias
    if len(scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(scales)):
        raise Malformed(f"{where} has {len(scales)} scales for axis {axis} of its shape, {list(shape)}")
    if not numpy.isfinite(scales).all() or (scales < 0).any():
        raise Malformed(f"{where} has a scale that is no positive number")
    if len(zeros) > 1 and len(zeros) != len(scales):
        raise Malformed(f"{where} has {len(scales)} scales and {len(zeros)} zero points")
    if len(zeros) and (abs(zeros) > 2**31).any():
        raise Malformed(f"{where} has a zero point of {zeros[abs(zeros).argmax()]}")
    if not len(zeros):
        zeros = numpy.zeros(len(scales), "i8")
    return scales, zeros, axis


def _content(where, dtype, shape, content, sparsity):
    count = int(numpy.prod(shape, dtype="i8"))
    if dtype == "int4":
        if len(content) != (count + 1) // 2:
            raise Malformed(f"{where} has {len(content)} bytes for {count} elements of int4")
        pairs = content.view("i1")
        return numpy.stack([pairs << 4 >> 4, pairs >> 4], 1).reshape(-1)[:count].reshape(shape)
    if dtype not in _NUMPY:
        return None
    numbers = numpy.dtype(_NUMPY[dtype]).newbyteorder("<")
    if sparsity is not None:
        from .sparsity import dense

        return dense(where, content.view("u1"), numbers, shape, sparsity)
    if len(content) != count * numbers.itemsize:
        raise Malformed(f"{where} has {len(content)} bytes for {count} elements of {dtype}")
    if dtype == "bool":
        return (content != 0).reshape(shape)
    return (
        numpy.frombuffer(content.tobytes(), numbers).reshape(shape)
        if content.ctypes.data % numbers.itemsize
        else content.view(numbers).reshape(shape)
    )


class Options:
    """An operator's options by the names of the schema, in the spelling of the package tflite: options("StrideW").

    Vectors ("NewShape") are lists. An absent table has every default.
    """

    def __init__(self, kind, table):
        self._kind, self._object = kind, None
        if kind:
            self._object = getattr(importlib.import_module(f"tflite.{kind}"), kind)()
            self._object.Init(table.data, table.position)  # whose vtable `Table` has checked

    def __call__(self, name, default=0):
        if self._object is None:
            return default
        try:
            if hasattr(self._object, f"{name}AsNumpy"):
                return (
                    [int(n) for n in numpy.atleast_1d(getattr(self._object, f"{name}AsNumpy")())]
                    if getattr(self._object, f"{name}Length")()
                    else []
                )
            return getattr(self._object, name)()
        except (struct.error, ValueError, TypeError, IndexError, OverflowError) as error:
            raise Malformed(f"the option {name} of {self._kind} is outside the file") from error
        except AttributeError:
            return default  # the table is that of another operator


def _options(table):
    for number, place, names in ((3, 4, _OPTIONS), (11, 12, _OPTIONS_2)):
        found = table.table(place)
        kind = names.get(table.number(number, "B"), "NONE")
        if found is not None and kind != "NONE":
            try:
                importlib.import_module(f"tflite.{kind}")
            except ImportError:
                continue
            return Options(kind, found)
    return Options("", None)
