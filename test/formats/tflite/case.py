"""One operator in one type: a net, and what it is fed."""

import zlib
from dataclasses import dataclass

import numpy
from net import Net

INTEGERS = {"int8": 8, "uint8": 8, "int16": 16}


@dataclass
class Case:
    """operator: its name in the schema; kind: int8, int16 (int16 activations, int8 weights), float, uint8, hybrid, … .

    low, high: of the floats it is fed, or of integers of 32 bits and more. twin: what LiteRT answers in its place, where
    LiteRT computes otherwise than a board does (hybrid). exact: whether floats must be equal bitwise, too. optimized: asks LiteRT's
    optimized kernels, where the reference kernels are wrong; these round otherwise, so one step is allowed.
    """

    operator: str
    kind: str
    variant: str
    net: Net
    low: float = -4
    high: float = 4
    twin: Net = None
    exact: bool = False
    optimized: bool = False

    @property
    def name(self):
        return f"{self.operator}-{self.kind}" + (f"-{self.variant}" if self.variant else "")

    def calls(self, count=3):
        """Seeded inputs, a list of arrays for each call: random, then the extremes, then small numbers."""
        generator = numpy.random.default_rng(zlib.crc32(self.name.encode()))
        return [[self._array(generator, n, call) for n in self.net.inputs] for call in range(count)]

    def _array(self, generator, number, call):
        shape, type_ = tuple(self.net.tensors[number].shape), numpy.dtype(self.net.types[number])
        if type_.kind == "b":
            return generator.integers(0, 2, shape).astype(bool)
        if type_.kind == "f":
            values = generator.uniform(self.low, self.high, shape)
            ends = generator.choice([self.low, self.high, min(max(0.0, self.low), self.high)], shape)
            return (values, ends, values / 16 if self.low < 0 else values)[call].astype(type_)
        info = numpy.iinfo(type_)
        low, high = (info.min, info.max) if type_.itemsize <= 2 else (int(self.low), int(self.high))
        values = generator.integers(low, high, shape, endpoint=True)
        middle = (low + high) // 2
        near = numpy.clip(middle + generator.integers(-9, 9, shape, endpoint=True), low, high)
        return (values, generator.choice([low, high], shape), near)[call].astype(type_)


class Typed(Net):
    """A net whose tensors are of one kind: quantized so that they reach over a real range, or float."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.real = kind not in INTEGERS
        self.type = "float32" if kind in ("float", "hybrid") else kind

    def quantization(self, low, high, kind=None):
        """(scale, zero point) that reach from low to high, both real."""
        kind = kind or self.kind
        if kind not in INTEGERS:
            return None, 0
        bits = INTEGERS[kind]
        if kind == "int16":
            return max(-low, high) / 32767, 0
        scale = (high - low) / (2**bits - 1)
        return scale, int(round(-low / scale)) - (0 if kind == "uint8" else 2 ** (bits - 1))

    def x(self, *shape, low=-4, high=6):
        """An input."""
        return self.input(self.type, shape, *self.quantization(low, high))

    def y(self, low=-5, high=7, type_=None):
        """A tensor that an operator makes; LiteRT says its shape."""
        return self.tensor(type_ or self.type, None, *self.quantization(low, high, type_))

    def c(self, array, low=-4, high=6):
        """A constant of the kind with these real values."""
        array = numpy.asarray(array, numpy.float64)
        scale, zero = self.quantization(low, high)
        if scale is None:
            return self.constant(array.astype(self.type))
        info = numpy.iinfo(self.type)
        return self.constant(numpy.clip(numpy.round(array / scale) + zero, info.min, info.max).astype(self.type), scale, zero)

    def integers(self, values, type_="int32"):
        """A constant of integers: axes, paddings, shapes."""
        return self.constant(numpy.asarray(values, type_))

    def weights(self, generator, shape, axis=None, inputs=8):
        """Weights in -1..1 over the root of inputs, per channel along axis where it is given; (tensor, scales)."""
        values = generator.uniform(-1, 1, shape) / inputs**0.5
        if self.kind == "float":
            return self.constant(values.astype("float32")), None
        if self.kind == "uint8":
            scale = 2 / inputs**0.5 / 255
            return self.constant(numpy.clip(numpy.round(values / scale) + 121, 0, 255).astype("uint8"), scale, 121), scale
        others = tuple(i for i in range(len(shape)) if i != axis)
        scale = numpy.float32(abs(values).max(axis=others if axis is not None else None) / 127)
        spread = scale.reshape([-1 if i == axis else 1 for i in range(len(shape))]) if axis is not None else scale
        return self.constant(numpy.round(values / spread).astype("int8"), scale, 0, axis or 0), scale

    def bias(self, generator, count, input_scale, scales):
        """A bias in -1..1: int32, int64 for int16 activations, or float."""
        values = generator.uniform(-1, 1, count)
        if self.real:
            return self.constant(values.astype("float32"))
        scale = numpy.float32(input_scale) * numpy.float32(scales)
        return self.constant(numpy.round(values / scale).astype("int64" if self.kind == "int16" else "int32"), scale)


def seeded(*words):
    """A generator of random numbers that words decide."""
    return numpy.random.default_rng(zlib.crc32(repr(words).encode()))
