"""A .tflite of products of int8 activations and int4 weights, each from an input of its own to an output of its own."""

import numpy
from ai_edge_litert.schema_py_generated import TensorType
from case import Typed, seeded

INT4 = TensorType.INT4


def net():
    """The `Net`."""
    made = Typed("int8")
    made.products = []
    _convolution(made, "padded", (1, 6, 5, 7), (5, 3, 3, 7), (1, 6, 5, 5))
    _convolution(made, "strided", (1, 7, 6, 4), (6, 3, 2, 4), (1, 3, 3, 6), stride=2, padding="VALID")
    _convolution(made, "pointwise", (1, 5, 5, 16), (12, 1, 1, 16), (1, 5, 5, 12))
    _dense(made, "dense", 30, 7)
    _dense(made, "dense_long", 640, 33)
    made.outputs = made.products
    return made


def calls():
    """{input: an array of calls}: random, the extremes, one extreme alone."""
    generator, made = seeded("int4"), net()
    result = {}
    for number in made.inputs:
        shape = tuple(made.tensors[number].shape)
        whole = [numpy.full(shape, end) for end in (-128, 127)]
        ends = generator.choice([-128, 127], shape)
        result[made.tensors[number].name.decode()] = numpy.stack([*generator.integers(-128, 128, (2, *shape)), ends, *whole])
    return {name: array.astype("i1") for name, array in result.items()}


def _weights(made, generator, shape):
    """(the tensor, the scale of each channel): random, and the least and greatest numbers."""
    scales = generator.uniform(0.5, 1, shape[0]).astype("f4") / 8
    values = generator.choice([-8, 7, *range(-8, 8)], shape)
    return made.int4(values, scales), scales


def _convolution(made, name, x, weights, out, stride=1, **options):
    generator = seeded(name)
    source = made.input("int8", x, 1 / 64, -3, name=name)
    tensor, scales = _weights(made, generator, weights)
    bias = made.constant(generator.integers(-500, 500, weights[0]).astype("i4"), scales / 64)
    result = made.tensor("int8", out, 1 / 8, 5, name=f"{name}_out")
    made.op(
        "CONV_2D", [source, tensor, bias], [result], "Conv2DOptions",
        **{"padding": "SAME", "strideW": stride, "strideH": stride, **options},
    )  # fmt: skip
    made.products.append(result)


def _dense(made, name, factors, channels):
    generator = seeded(name)
    source = made.input("int8", (1, factors), 1 / 64, -3, name=name)
    tensor, scales = _weights(made, generator, (channels, factors))
    bias = made.constant(generator.integers(-500, 500, channels).astype("i4"), scales / 64)
    result = made.tensor("int8", (1, channels), 1 / 4, 5, name=f"{name}_out")
    made.op("FULLY_CONNECTED", [source, tensor, bias], [result], "FullyConnectedOptions")
    made.products.append(result)
