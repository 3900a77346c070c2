"""CONV_2D, DEPTHWISE_CONV_2D, TRANSPOSE_CONV."""

from case import Case, Typed, seeded

KINDS = ("int8", "int16", "float", "uint8", "hybrid")


def _dequantized(made):
    """made with the weights as floats, as a board has them: made again with its hybrid weights dequantized."""
    import numpy

    for number, tensor in enumerate(made.tensors):
        if made.types[number] == "int8" and tensor.buffer:
            data = numpy.frombuffer(bytes(made.buffers[tensor.buffer].data), "int8").reshape(tensor.shape)
            scale, axis = tensor.quantization.scale, tensor.quantization.quantizedDimension
            spread = scale if len(scale) == 1 else scale.reshape([-1 if i == axis else 1 for i in range(data.ndim)])
            made.buffers[tensor.buffer].data = numpy.frombuffer((data * spread).astype("float32").tobytes(), "uint8")
            tensor.type, tensor.quantization = 0, None
    return made


def hybrid_twins(make):
    """(net, twin) of what make() makes: the twin's weights are floats."""
    return make(), _dequantized(make())


def convolution(kind, variant, shape=(1, 7, 6, 5), window=(3, 3), out=4, per_channel=True, **options):
    fields = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1, "padding": "SAME"} | options

    def make():
        generator, made = seeded("conv", kind, variant), Typed(kind)
        x = made.x(*shape)
        axis = 0 if per_channel and kind != "uint8" else None
        w, scales = made.weights(generator, (out, *window, shape[3]), axis, window[0] * window[1] * shape[3])
        b = made.bias(generator, out, made.quantization(-4, 6)[0], scales)
        made.op("CONV_2D", [x, w, b], [made.y()], "Conv2DOptions", **fields)
        return made

    return _case("CONV_2D", kind, variant, make)


def depthwise(kind, variant, shape=(1, 7, 6, 4), window=(3, 3), multiplier=1, per_channel=True, **options):
    fields = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1, "padding": "SAME"} | options

    def make():
        generator, made = seeded("depthwise", kind, variant), Typed(kind)
        x, out = made.x(*shape), shape[3] * multiplier
        axis = 3 if per_channel and kind != "uint8" else None
        w, scales = made.weights(generator, (1, *window, out), axis, window[0] * window[1])
        b = made.bias(generator, out, made.quantization(-4, 6)[0], scales)
        made.op("DEPTHWISE_CONV_2D", [x, w, b], [made.y()], "DepthwiseConv2DOptions", depthMultiplier=multiplier, **fields)
        return made

    return _case("DEPTHWISE_CONV_2D", kind, variant, make)


def transposed(kind, variant, size, shape=(1, 4, 3, 5), window=(3, 3), out=4, bias=True, **options):
    fields = {"strideH": 2, "strideW": 2, "padding": "SAME"} | options

    def make():
        generator, made = seeded("transposed", kind, variant), Typed(kind)
        x = made.x(*shape)
        axis = 0 if kind != "uint8" else None
        w, scales = made.weights(generator, (out, *window, shape[3]), axis, window[0] * window[1] * shape[3])
        inputs = [made.integers((1, *size, out)), w, x]
        if bias:
            inputs.append(made.bias(generator, out, made.quantization(-4, 6)[0], scales))
        made.op("TRANSPOSE_CONV", inputs, [made.y()], "TransposeConvOptions", **fields)
        return made

    return _case("TRANSPOSE_CONV", kind, variant, make)


def _case(operator, kind, variant, make):
    net, twin = hybrid_twins(make) if kind == "hybrid" else (make(), None)
    return Case(operator, kind, variant, net, -4, 6, twin)


CASES = [convolution(kind, "") for kind in KINDS]
for kind in ("int8", "int16", "float", "uint8"):
    CASES += [
        convolution(kind, "strided", strideH=2, strideW=2, fusedActivationFunction="RELU"),
        convolution(kind, "dilated", padding="VALID", dilationHFactor=2, dilationWFactor=2, fusedActivationFunction="RELU6"),
    ]
for kind in ("int8", "float"):
    CASES += [
        convolution(kind, "dilated_same", dilationHFactor=2, dilationWFactor=3, shape=(2, 9, 8, 3)),
        convolution(kind, "pointwise", window=(1, 1), fusedActivationFunction="RELU_N1_TO_1"),
        convolution(kind, "uneven", shape=(1, 8, 9, 2), window=(4, 2), strideH=3, strideW=2, padding="VALID"),
        convolution(kind, "one_row", shape=(1, 1, 16, 3), window=(1, 5), strideW=2),
    ]
CASES += [convolution("int8", "per_tensor", per_channel=False)]
CASES += [depthwise(kind, "") for kind in KINDS]
for kind in ("int8", "int16", "float", "uint8"):
    CASES += [
        depthwise(kind, "multiplier", multiplier=3, shape=(1, 6, 7, 2), strideH=2, strideW=2, fusedActivationFunction="RELU6"),
        depthwise(kind, "valid", padding="VALID", window=(4, 2), fusedActivationFunction="RELU"),
    ]
CASES += [depthwise(kind, "dilated", dilationHFactor=2, dilationWFactor=2) for kind in ("int8", "float")]
CASES += [depthwise(kind, "from_one", shape=(1, 8, 8, 1), multiplier=6) for kind in ("int8", "int16", "float")]
CASES += [transposed(kind, "", (8, 6)) for kind in ("int8", "int16", "float", "uint8")]
for kind in ("int8", "float"):
    CASES += [
        transposed(kind, "valid", (9, 7), padding="VALID"),
        transposed(kind, "wide", (8, 6), window=(4, 4), bias=False),
        transposed(kind, "one_step", (4, 3), strideH=1, strideW=1, fusedActivationFunction="RELU"),
        transposed(kind, "uneven", (7, 9), strideH=2, strideW=3, window=(2, 5)),
    ]
