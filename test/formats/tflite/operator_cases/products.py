"""FULLY_CONNECTED, BATCH_MATMUL."""

from case import Case, Typed, seeded

from .convolutions import _case


def fully_connected(kind, variant, shape=(2, 12), out=7, per_channel=False, bias=True, weights_kind=None, low=-4, **options):
    def make():
        generator, made = seeded("fully", kind, variant), Typed(kind)
        x = made.x(*shape, low=low)
        w, scales = made.weights(generator, (out, shape[-1]), 0 if per_channel else None, shape[-1])
        inputs = [x, w] + ([made.bias(generator, out, made.quantization(low, 6)[0], scales)] if bias else [-1])
        made.op("FULLY_CONNECTED", inputs, [made.y()], "FullyConnectedOptions", **options)
        return made

    return _case("FULLY_CONNECTED", kind, variant, make)


def matmul(kind, variant, left=(2, 3, 5), right=(2, 5, 4), constant=False, **options):
    made = Typed(kind)
    x = made.x(*left)
    y = made.c(seeded("matmul", kind).uniform(-4, 6, right)) if constant else made.x(*right)
    made.op("BATCH_MATMUL", [x, y], [made.y(-40, 60)], "BatchMatMulOptions", **options)
    return Case("BATCH_MATMUL", kind, variant, made)


CASES = []
for kind in ("int8", "int16", "float", "uint8", "hybrid"):
    CASES += [fully_connected(kind, ""), fully_connected(kind, "relu", bias=False, fusedActivationFunction="RELU")]
CASES += [fully_connected(kind, "per_channel", per_channel=True) for kind in ("int8", "int16", "hybrid")]
CASES += [fully_connected(kind, "kept", shape=(2, 3, 12), keepNumDims=True) for kind in ("int8", "float")]
CASES += [fully_connected(kind, "flattened", shape=(1, 3, 2, 6)) for kind in ("int8", "float")]
CASES += [fully_connected("int16", "large", shape=(1, 300), out=3)]
CASES += [
    fully_connected("int8", "large", shape=(1, 300), out=3),
    fully_connected("int8", "relu6", fusedActivationFunction="RELU6"),
]
for kind in ("int8", "int16", "float"):
    CASES += [
        matmul(kind, ""),
        matmul(kind, "transposed", left=(2, 5, 3), right=(2, 4, 5), adjX=True, adjY=True),
        matmul(kind, "broadcast", left=(2, 2, 3, 5), right=(5, 4)),
        matmul(kind, "constant", left=(1, 3, 5), right=(1, 4, 5), constant=True, adjY=True),
    ]
