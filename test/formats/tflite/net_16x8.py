"""A .tflite of products of int16 activations and int8 weights, each from an input of its own to an output of its own."""

import numpy
from case import Typed, seeded

LONG = 600  # factors, of which the greatest products take more than 32 bits


def net():
    """The `Net`."""
    made = Typed("int16")
    made.products = []
    _convolution(made, "padded", (1, 6, 5, 7), (5, 3, 3, 7), (1, 6, 5, 5), fusedActivationFunction="RELU")
    _convolution(made, "strided", (1, 7, 6, 4), (6, 3, 2, 4), (1, 3, 3, 6), stride=2, padding="VALID")
    _convolution(made, "pointwise", (1, 5, 5, 8), (6, 1, 1, 8), (1, 5, 5, 6), spread=40)
    _convolution(made, "long", (1, 2, 2, LONG), (3, 1, 1, LONG), (1, 2, 2, 3), is_loud=True)
    _convolution(made, "deep", (1, 4, 5, 6), (1, 3, 3, 6), (1, 4, 5, 6), operator="DEPTHWISE_CONV_2D")
    _convolution(made, "deep_odd", (1, 7, 6, 3), (1, 3, 3, 3), (1, 4, 3, 3), operator="DEPTHWISE_CONV_2D", stride=2)
    _dense(made, "dense", 12, 7)
    _dense(made, "dense_long", LONG, 5, is_loud=True)
    _residual(made)
    made.outputs = made.products
    return made


def calls():
    """{input: an array of calls}: random, the extremes, one extreme alone, small numbers."""
    generator, made = seeded("16x8"), net()
    result = {}
    for number in made.inputs:
        tensor = made.tensors[number]
        shape = tuple(tensor.shape)
        ends = generator.choice([-32768, 32767], shape)
        random = generator.integers(-32768, 32768, (2, *shape))
        whole = [numpy.full(shape, end) for end in (-32768, 32767)]
        result[tensor.name.decode()] = numpy.stack([*random, ends, *whole, random[0] // 4096]).astype("i2")
    return result


def _convolution(made, name, x, weights, out, operator="CONV_2D", stride=1, is_loud=False, spread=8, **options):
    generator, channels = seeded(name), weights[0] if operator == "CONV_2D" else weights[-1]
    axis = 0 if operator == "CONV_2D" else 3
    source = made.input("int16", x, 1 / 4096, name=name)
    scales = (generator.uniform(0.5, 1, channels) / spread / 127).astype("f4")
    values = numpy.full(weights, 127) * (1 - 2 * (numpy.arange(channels) % 2)).reshape(-1, 1, 1, 1) if is_loud else None
    values = generator.integers(-127, 128, weights) if values is None else values
    inputs = [source, made.constant(values.astype("i1"), scales, 0, axis), _bias(made, generator, scales)]
    result = made.tensor("int16", out, 1 / 1024, name=f"{name}_out")
    kind = "Conv2DOptions" if operator == "CONV_2D" else "DepthwiseConv2DOptions"
    more = {} if operator == "CONV_2D" else {"depthMultiplier": 1}
    made.op(operator, inputs, [result], kind, **{"padding": "SAME", "strideW": stride, "strideH": stride, **more, **options})
    made.products.append(result)
    return result


def _dense(made, name, factors, channels, is_loud=False):
    generator = seeded(name)
    source = made.input("int16", (1, factors), 1 / 4096, name=name)
    values = numpy.full((channels, factors), 127) if is_loud else generator.integers(-127, 128, (channels, factors))
    values[0, 0] = 1  # else, where all are equal, IREE adds up the activations
    scales = numpy.float32([1 / 127 / factors**0.5])
    result = made.tensor("int16", (1, channels), 1 / 512, name=f"{name}_out")
    bias = _bias(made, generator, numpy.repeat(scales, channels), scales)
    made.op("FULLY_CONNECTED", [source, made.constant(values.astype("i1"), scales), bias], [result], "FullyConnectedOptions")
    made.products.append(result)


def _bias(made, generator, scales, told=None):
    told = scales if told is None else told
    return made.constant(numpy.round(generator.uniform(-2, 2, len(scales)) * 4096 / scales).astype("i8"), told / 4096)


def _residual(made):
    product = _convolution(made, "summed", (1, 3, 4, 8), (8, 1, 1, 8), (1, 3, 4, 8))
    other = made.input("int16", (1, 3, 4, 8), 1 / 3000, name="other")
    made.products[-1] = made.tensor("int16", (1, 3, 4, 8), 1 / 1024, name="sum")
    made.op("ADD", [product, other], made.products[-1:], "AddOptions")
