"""QUANTIZE, DEQUANTIZE, CAST, and float16 weights."""

import numpy
from case import Case, Typed, seeded

TYPES = {"float32": 0, "int32": 2, "uint8": 3, "int64": 4, "bool": 6, "int16": 7, "int8": 9}


def quantize(kind, target, variant="", given=(-4, 6), out=(-5, 5)):
    made = Typed(kind)
    x = made.x(4, 40, low=given[0], high=given[1])
    made.op("QUANTIZE", [x], [made.y(*out, type_=target)])
    return Case("QUANTIZE", kind, f"to_{target}{variant}", made, given[0] * 1.2, given[1] * 1.2)


def dequantize(kind, given=(-4, 6)):
    made = Typed(kind)
    made.op("DEQUANTIZE", [made.x(4, 40, low=given[0], high=given[1])], [made.tensor("float32")])
    return Case("DEQUANTIZE", kind, "", made)


def cast(source, target, low=-100, high=100):
    made = Typed(source)
    made.type = source
    x = made.input(source, (4, 40))
    made.op("CAST", [x], [made.tensor(target)], "CastOptions", inDataType=TYPES[source], outDataType=TYPES[target])
    return Case("CAST", source, f"to_{target}", made, low, high)


def half_weights():
    made = Typed("float")
    generator = seeded("half")
    x = made.x(1, 5, 5, 3)
    w = made.constant(generator.uniform(-1, 1, (4, 3, 3, 3)).astype("float16"))
    b = made.constant(generator.uniform(-1, 1, 4).astype("float16"))
    wide = [made.op("DEQUANTIZE", [t], [made.tensor("float32", s)]) for t, s in ((w, (4, 3, 3, 3)), (b, (4,)))]
    made.op(
        "CONV_2D",
        [x, *wide],
        [made.y()],
        "Conv2DOptions",
        strideH=1,
        strideW=1,
        dilationHFactor=1,
        dilationWFactor=1,
        padding="SAME",
    )
    return Case("DEQUANTIZE", "float16", "weights", made)


def dequantized_weights():
    """int8 weights that DEQUANTIZE makes floats, as some converters leave hybrid models."""
    made = Typed("float")
    w = made.constant(seeded("dequantized").integers(-127, 127, (7, 12)).astype("int8"), 0.01, 0)
    wide = made.op("DEQUANTIZE", [w], [made.tensor("float32", (7, 12))])
    made.op("FULLY_CONNECTED", [made.x(2, 12), wide, -1], [made.y()], "FullyConnectedOptions")
    return Case("DEQUANTIZE", "int8", "weights", made)


def per_channel_weights():
    made = Typed("float")
    scales = numpy.linspace(0.01, 0.03, 7)
    w = made.constant(seeded("channels").integers(-127, 127, (7, 12)).astype("int8"), scales, 0)
    wide = made.op("DEQUANTIZE", [w], [made.tensor("float32", (7, 12))])
    made.op("FULLY_CONNECTED", [made.x(2, 12), wide, -1], [made.y()], "FullyConnectedOptions")
    return Case("DEQUANTIZE", "int8", "channels", made)


CASES = [quantize("float", target) for target in ("int8", "uint8", "int16")]
CASES += [
    quantize(s, t)
    for s, t in (
        ("int8", "int8"),
        ("int8", "uint8"),
        ("uint8", "int8"),
        ("uint8", "uint8"),
        ("int8", "int16"),
        ("int16", "int8"),
        ("int16", "int16"),
    )
]
CASES += [
    quantize("int8", "int8", "_finer", (-4, 6), (-0.5, 0.7)),
    quantize("int8", "uint8", "_same", (-4, 6), (-4, 6)),
    quantize("uint8", "int8", "_same", (-4, 6), (-4, 6)),
]
CASES += [dequantize(kind) for kind in ("int8", "uint8", "int16")] + [
    half_weights(),
    dequantized_weights(),
    per_channel_weights(),
]
for pair in (
    "float32 int32", "float32 int8", "float32 uint8", "float32 bool", "float32 int64", "float32 int16", "int32 float32", "int64 float32", "int8 float32",
    "uint8 float32", "int16 float32", "bool float32", "int8 int32", "int32 int8", "uint8 int32", "int32 uint8", "int32 int64", "int64 int32", "int32 bool", "bool int32", "int16 int32",
):  # fmt: skip
    source, target = pair.split()
    CASES.append(cast(source, target, 0 if target == "uint8" and source == "float32" else -100))
