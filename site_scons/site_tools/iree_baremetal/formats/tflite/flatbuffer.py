"""Reads flatbuffers without trust: each access is held against the file's end, which flatbuffers' own Python does not do.

A table's fields go by their numbers in the schema (tensorflow/compiler/mlir/lite/schema/schema.fbs).
"""

import struct

import numpy

from ...errors import BaremetalError


class Malformed(BaremetalError):
    """A place of the file that cannot be."""


class Table:
    """A table at position of data (bytes). An absent field is its default, an absent vector empty."""

    def __init__(self, data, position):
        self.data, self.position = data, position
        self._vtable = position - _number(data, position, "<i")
        self._size = _number(data, self._vtable, "<H")
        if self._size < 4 or self._size % 2:
            raise Malformed(f"a table at byte {position} has a vtable of {self._size} bytes")
        _span(data, self._vtable, self._size)

    @classmethod
    def root(cls, data):
        return cls(data, _number(data, 0, "<I"))

    def place(self, field):
        """Where in data a field's content lies; None where it is absent."""
        at = 4 + 2 * field
        offset = _number(self.data, self._vtable + at, "<H") if at + 2 <= self._size else 0
        return self.position + offset if offset else None

    def _target(self, field):
        place = self.place(field)
        return None if place is None else place + _number(self.data, place, "<I")

    def number(self, field, form, default=0):
        """A scalar; form as struct has it: "i", "I", "b", "B", "q", "Q"."""
        place = self.place(field)
        return default if place is None else _number(self.data, place, f"<{form}")

    def table(self, field):
        target = self._target(field)
        return None if target is None else Table(self.data, target)

    def array(self, field, dtype):
        """A vector of numbers as an array that shares the file's bytes."""
        target = self._target(field)
        if target is None:
            return numpy.zeros(0, dtype)
        dtype = numpy.dtype(dtype).newbyteorder("<")
        count = _number(self.data, target, "<I")
        _span(self.data, target + 4, count * dtype.itemsize)
        return numpy.frombuffer(self.data, dtype, count, target + 4)

    def tables(self, field):
        first = self._target(field)
        if first is None:
            return []
        offsets = self.array(field, "u4")
        return [Table(self.data, first + 4 + 4 * n + int(offset)) for n, offset in enumerate(offsets)]

    def text(self, field):
        return self.array(field, "u1").tobytes().decode(errors="replace")


def _span(data, start, length):
    if start < 0 or start + length > len(data):
        raise Malformed(f"bytes {start} to {start + length} are outside the file, of {len(data)}")


def _number(data, place, form):
    _span(data, place, struct.calcsize(form))
    return struct.unpack_from(form, data, place)[0]
