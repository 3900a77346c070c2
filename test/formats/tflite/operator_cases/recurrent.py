"""UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF: calls in a row, each of which starts from the state of the one before."""

import numpy
from case import Case, Typed, seeded

GATES = 4  # input, forget, cell, output


def _variable(made, type_, shape, scale=None, zero=0):
    number = made.tensor(type_, shape, scale, zero)
    made.tensors[number].isVariable = True
    return number


def lstm(kind, variant="", depth=6, cells=5, steps=1, gain=1, cell_bits=-12, gates=range(GATES), peephole=False, **options):
    """gain: how many times too large weights are for gates that do not saturate."""
    made, generator = Typed(kind), seeded("lstm", kind, variant)
    x = made.x(*((steps, 1) if options.get("timeMajor") else (1, steps)), depth)
    hidden = (1 / 128, 3) if kind == "int8" else (None, 0)
    type_ = "int8" if kind == "int8" else "float32"
    state = _variable(made, type_, (1, cells), *hidden)
    cell = _variable(made, "int16", (1, cells), 2.0**cell_bits) if kind == "int8" else _variable(made, "float32", (1, cells))

    def weights(shape):
        if kind == "int8":
            return made.constant(generator.integers(-127, 127, shape, endpoint=True).astype("int8"), gain * 0.01)
        return made.constant((generator.uniform(-1, 1, shape) * gain).astype("float32"))

    def bias(_):
        if kind == "int8":
            return made.constant(generator.integers(-99, 99, cells).astype("int32"), gain * 0.01 * made.quantization(-4, 6)[0])
        return made.constant(generator.uniform(-1, 1, cells).astype("float32"))

    def seen(_):
        if kind == "int8":
            return made.constant(generator.integers(-(2**15), 2**15, cells).astype("int16"), 2.0**-15)
        return made.constant(generator.uniform(-1, 1, cells).astype("float32"))

    def of_gates(make, *arguments):
        return [make(*arguments) if gate in gates else -1 for gate in range(GATES)]

    inputs = [x, *of_gates(weights, (cells, depth)), *of_gates(weights, (cells, cells))]
    inputs += [seen(g) if peephole and g in gates else -1 for g in (0, 1, 3)] + of_gates(bias, None)
    inputs += [-1, -1, state, cell]
    made.op(
        "UNIDIRECTIONAL_SEQUENCE_LSTM", inputs + [-1] * 4, [made.tensor(type_, None, *hidden)], "UnidirectionalSequenceLSTMOptions",
        fusedActivationFunction="TANH", **options,
    )  # fmt: skip
    if kind == "int8":
        made.operators[-1].intermediates = [made.tensor("int16", [], None) for _ in range(4)] + [made.tensor("int8", [], *hidden)]
    return Case("UNIDIRECTIONAL_SEQUENCE_LSTM", kind, variant, made)


def svdf(kind, variant="", depth=6, filters=4, memory=5, rank=2, **options):
    made, generator = Typed(kind), seeded("svdf", kind, variant)
    x = made.x(1, depth)
    feature, time, bias = (
        generator.uniform(-1, 1, (filters * rank, depth)),
        generator.uniform(-1, 1, (filters * rank, memory)),
        generator.uniform(-1, 1, filters),
    )
    if kind == "int8":
        state = _variable(made, "int16", (1, filters * rank * memory), 2.0**-11)
        parts = [
            made.constant(numpy.round(feature * 127).astype("int8"), 1 / 127),
            made.constant(numpy.round(time * 32767).astype("int16"), 1 / 32767),
        ]
        parts.append(made.constant(numpy.round(bias * 1000).astype("int32"), 2.0**-11 / 32767))
    else:
        state = _variable(made, "float32", (1, filters * rank * memory))
        parts = [made.constant(a.astype("float32")) for a in (feature, time, bias)]
    only = {"fusedActivationFunction": "RELU"} if kind == "int8" else {}
    made.op("SVDF", [x, *parts, state], [made.y()], "SVDFOptions", rank=rank, **only | options)
    return Case("SVDF", kind, variant, made)


CASES = []
for kind in ("int8", "float"):
    CASES += [
        lstm(kind),
        lstm(kind, "steps", steps=3),
        lstm(kind, "clipped", steps=2, cellClip=0.75),
        svdf(kind),
        svdf(kind, "rank_1", rank=1),
    ]
    CASES += [
        lstm(kind, "time_major", steps=3, timeMajor=True)
        if kind == "float"
        else lstm(kind, "wide_cells", steps=2, cell_bits=-11, gain=2)
    ]
CASES += [lstm("int8", "saturated", steps=3, depth=40, cells=16, gain=12), lstm("float", "cifg", steps=2, gates=range(1, GATES))]
CASES += [lstm("float", "peephole", steps=2, peephole=True), svdf("float", "relu", fusedActivationFunction="RELU")]
