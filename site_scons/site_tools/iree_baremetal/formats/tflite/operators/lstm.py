"""UNIDIRECTIONAL_SEQUENCE_LSTM: its gates over a sequence, its states kept from call to call."""

import math

import numpy
from iree.compiler import ir
from iree.compiler.dialects import arith, scf
from iree.compiler.dialects import math as math_ops

from .. import emit, fixed_point, quantization, rescale
from ..registry import operator
from .conv import multiply_add

GATES = ("input", "forget", "cell", "output")
_INPUT, _RECURRENT, _PEEPHOLE, _BIAS, _PROJECTION, _HIDDEN_STATE, _CELL_STATE, _NORM = 1, 5, 9, 12, 16, 18, 19, 20
_SIGMOID_IN = numpy.float32(2**-12)  # scale of what goes into a gate


@operator("UNIDIRECTIONAL_SEQUENCE_LSTM", "float32", "int8")
def unidirectional_sequence_lstm(node):
    """kernels/lstm_eval.cc. Inputs: weights and biases of `GATES`, each in this order; without the first there is no
    input gate (CIFG)."""
    if any(node.has(n) for n in range(_NORM, _NORM + 4)):
        raise node.error("layer normalization is not supported")
    cells = (_Integers if node.kind == "int8" else _Floats)(node)
    extents = node.shape(0)
    if len(extents) != 3:
        raise node.error(f"its input has the shape {extents}, not three dimensions")
    x = node.value(0)
    if not node.option("TimeMajor", False):
        x = emit.transpose(x, [1, 0, 2])
    steps, batch, depth = emit.shape(x)
    given = emit.reshape(cells.given(emit.reshape(x, [steps * batch, depth])), [steps, batch, cells.width])
    states = _States(node, batch, cells)
    sequence = emit.empty([steps, batch, cells.outputs], emit.element(node.outputs[0].dtype))
    loop = scf.ForOp(_index(0), _index(steps), _index(1), [*states.read(), sequence])
    with ir.InsertionPoint(loop.body):
        h, c, so_far = loop.inner_iter_args
        h, c = cells.step(emit.row(given, loop.induction_variable), h, c)
        scf.yield_([h, c, emit.put_row(h, so_far, loop.induction_variable)])
    *last, sequence = loop.results
    states.write(*last)
    return sequence if node.option("TimeMajor", False) else emit.transpose(sequence, [1, 0, 2])


class _States:
    """Hidden state and cells as one variable: two that always change together would share a buffer, unseparably."""

    def __init__(self, node, batch, cells):
        self.batch, self.sizes = batch, (cells.outputs, cells.count)
        kept = [node.initial(n, [batch, size]) for n, size in zip((_HIDDEN_STATE, _CELL_STATE), self.sizes)]
        self.types = [emit.element(k.dtype.name) for k in kept]
        self.variable = node.lowering.variables.of(node.inputs[_HIDDEN_STATE], numpy.concatenate(kept, 1))

    def read(self):
        whole, (outputs, count) = self.variable.read(), self.sizes
        hidden = emit.extract(whole, [0, 0], [self.batch, outputs])
        if self.types[0] != self.types[1]:
            hidden = emit.elementwise(lambda x: arith.trunci(self.types[0], x), self.types[0], hidden)
        return [hidden, emit.extract(whole, [0, outputs], [self.batch, count])]

    def write(self, hidden, cell):
        if self.types[0] != self.types[1]:
            hidden = emit.elementwise(lambda x: arith.extsi(self.types[1], x), self.types[1], hidden)
        self.variable.write(emit.concatenate([hidden, cell], 1))


def _index(value):
    return arith.constant(ir.IndexType.get(), value)


def _matrix(x, weights, type_):
    n, channel, inner = emit.dims(3)
    start = emit.filled([emit.shape(x)[0], emit.shape(weights)[0]], type_, 0)
    return emit.generic([x, weights], [[n, inner], [channel, inner]], start, multiply_add, "ppr")


class _Cells:
    """What both kinds share. gates: those that there are; count: cells; outputs: elements of the hidden state."""

    def __init__(self, node):
        self.node = node
        self.gates = [n for n, _ in enumerate(GATES) if node.has(_INPUT + n)]
        self.count = node.shape(_INPUT + 1)[0]
        self.outputs = node.shape(_RECURRENT + 1)[1]
        self.width = len(self.gates) * self.count
        self.has_peephole = node.has(_PEEPHOLE + 2)
        self.has_projection = node.has(_PROJECTION)
        if not self.has_projection and self.outputs != self.count:
            raise node.error(f"it has {self.count} cells and {self.outputs} outputs, but no projection")

    def stacked(self, first, get):
        """The weights of all gates, above each other."""
        return numpy.concatenate([get(first + gate) for gate in self.gates])

    def parts(self, sums):
        """{gate: its part} of sums [batch, width]."""
        batch = emit.shape(sums)[0]
        return {gate: emit.extract(sums, [0, n * self.count], [batch, self.count]) for n, gate in enumerate(self.gates)}

    def peephole(self, gate):
        """The number of the gate's weights for the cell's state, which the cell itself has none of; None."""
        return None if not self.has_peephole or gate == 2 else _PEEPHOLE + min(gate, 2)


class _Floats(_Cells):
    def given(self, x):
        weights = self.stacked(_INPUT, self.node.real_array)
        sums = _matrix(x, emit.constant(weights), emit.f32())
        if not self.node.has(_BIAS + 1):
            return sums
        return emit.elementwise(arith.addf, emit.f32(), sums, emit.constant(self.stacked(_BIAS, self.node.real_array)))

    def step(self, given, hidden, cell):
        node, f32 = self.node, emit.f32()
        sums = emit.elementwise(
            arith.addf, f32, given, _matrix(hidden, emit.constant(self.stacked(_RECURRENT, node.real_array)), f32)
        )
        gates = self.parts(sums)
        forget = _sigmoid(self._seen(gates[1], 1, cell))
        entering = (
            _sigmoid(self._seen(gates[0], 0, cell))
            if 0 in gates
            else emit.elementwise(lambda x: arith.subf(emit.number(f32, 1), x), f32, forget)
        )
        new = node.activated(gates[2])
        clip = node.option("CellClip", 0.0)

        def body(f, c, i, n):
            total = arith.addf(arith.mulf(f, c), arith.mulf(i, n))
            return quantization.clamped(total, -clip, clip) if clip > 0 else total

        cell = emit.elementwise(body, f32, forget, cell, entering, new)
        leaving = _sigmoid(self._seen(gates[3], 3, cell))
        hidden = emit.elementwise(arith.mulf, f32, leaving, node.activated(cell))
        return (self._projected(hidden) if self.has_projection else hidden), cell

    def _seen(self, gate, number, cell):
        place = self.peephole(number)
        if place is None:
            return gate
        return emit.elementwise(lambda g, w, c: arith.addf(g, arith.mulf(w, c)), emit.f32(), gate, self.node.real(place), cell)

    def _projected(self, hidden):
        node, clip = self.node, self.node.option("ProjClip", 0.0)
        result = _matrix(hidden, node.real(_PROJECTION), emit.f32())
        if node.has(_PROJECTION + 1):
            result = emit.elementwise(arith.addf, emit.f32(), result, node.real(_PROJECTION + 1))
        return emit.elementwise(lambda x: quantization.clamped(x, -clip, clip), emit.f32(), result) if clip > 0 else result


def _sigmoid(value):
    one = lambda x: emit.number(x.type, 1)  # noqa: E731
    return emit.elementwise(lambda x: arith.divf(one(x), arith.addf(one(x), math_ops.exp(arith.negf(x)))), emit.f32(), value)


class _Integers(_Cells):
    """int8 activations, int16 cells; after LstmStepInteger8x8_16() of kernels/lstm_eval.cc. Scales are float32."""

    def __init__(self, node):
        super().__init__(node)
        self.source, self.state = node.inputs[0], node.inputs[_HIDDEN_STATE]
        cell = node.inputs[_CELL_STATE]
        self.cell_bits = round(math.log2(node.scale(cell)))
        if 2.0**self.cell_bits != cell.scale or cell.dtype != "int16":
            raise node.error(f"the scale of {cell.label} is {cell.scale:g}; it has to be a power of 2, of int16")
        if not 0 <= 15 + self.cell_bits <= 4:
            raise node.error(f"the scale of {cell.label} is {cell.scale:g}; 2**-15 to 2**-11 are supported")
        inner = node.operator.intermediates
        self.hidden = inner[4] if len(inner) > 4 and inner[4] is not None and inner[4].scale else self.state

    def _product(self, x, first, scale, zero, bias, dtype):
        """[batch, width]: x times the weights from number first on, saturated to elements of dtype."""
        node, weights = self.node, self.stacked(first, lambda n: self.node.signed_array(n)[0])
        scales = [
            numpy.float32(scale) * numpy.float32(node.scale(node.inputs[first + gate])) / _SIGMOID_IN for gate in self.gates
        ]
        offsets = -zero * weights.astype("i8").sum(1) + (self.stacked(_BIAS, node.array) if bias else 0)
        sums = _matrix(x, emit.constant(weights), emit.i32())
        return rescale.scaled(sums, numpy.repeat(scales, self.count), offsets, 0, quantization.LIMITS[dtype], dtype)

    def given(self, x):
        return self._product(x, _INPUT, self.source.scale, self.source.zero, self.node.has(_BIAS + 1), "int16")

    def step(self, given, hidden, cell):
        # As MatrixBatchVectorMultiplyAccumulate() has it: only what was there before and the sum are saturated.
        recurrent = self._product(hidden, _RECURRENT, self.state.scale, self.state.zero, False, "int32")
        gates = self.parts(emit.elementwise(_saturated_sum, emit.element("int16"), given, recurrent))
        cell = self._cell(gates, cell)
        hidden = self._hidden(gates[3], cell)
        return (self._projected(hidden) if self.has_projection else hidden), cell

    def _seen(self, gate, number, cell):
        """The gate's numbers with what it sees of the cell: VectorBatchVectorCwiseProductAccumulate()."""
        place = self.peephole(number)
        if place is None:
            return gate
        tensor = self.node.inputs[place]
        pair = quantization.multiplier(float(numpy.float32(2.0**self.cell_bits * tensor.scale / float(_SIGMOID_IN))))

        def body(g, w, c):
            g, w, c = (arith.extsi(emit.i32(), v) for v in (g, w, c))
            total = arith.addi(g, quantization.double_rounded(arith.muli(w, c), *pair))
            return emit.saturated(total, *quantization.LIMITS["int16"], emit.element("int16"))

        return emit.elementwise(body, emit.element("int16"), gate, self.node.value(place), cell)

    def _cell(self, gates, cell):
        node, narrow = self.node, emit.element("int16")
        clip = node.option("CellClip", 0.0)
        limit = int(numpy.clip(numpy.float32(clip) / numpy.float32(2.0**self.cell_bits), -32768, 32767)) if clip > 0 else None
        values = [self._seen(gates[1], 1, cell), gates[2], cell]
        values += [self._seen(gates[0], 0, cell)] if 0 in gates else []

        def body(forget, new, c, *entering):
            forget, new, c, *given = (arith.extsi(emit.i32(), v) for v in (forget, new, c, *entering))
            forget, new = fixed_point.logistic_16(forget), fixed_point.tanh_16(new, 3)
            kept = _narrowed(quantization.rounding_shift(arith.muli(forget, c), 15))
            share = fixed_point.logistic_16(given[0]) if given else arith.subi(emit.number(emit.i32(), 2**15 - 1), forget)
            added = _narrowed(quantization.rounding_shift(arith.muli(share, new), 30 + self.cell_bits))
            total = emit.clamp(arith.addi(kept, added), -(2**15), 2**15 - 1)
            return arith.trunci(narrow, total if limit is None else emit.clamp(total, -limit, limit))

        return emit.elementwise(body, narrow, *values)

    def _hidden(self, gate, cell):
        pair = quantization.multiplier(float(numpy.float32(2.0**-15 / self.hidden.scale * 2.0**-15)))

        def body(g, c):
            g, c = (arith.extsi(emit.i32(), v) for v in (g, c))
            product = arith.muli(fixed_point.logistic_16(g), fixed_point.tanh_16(c, 15 + self.cell_bits))
            value = arith.addi(quantization.double_rounded(product, *pair), emit.number(emit.i32(), self.hidden.zero))
            return emit.saturated(value, -128, 127, emit.i8())

        return emit.elementwise(body, emit.i8(), self._seen(gate, 3, cell), cell)

    def _projected(self, hidden):
        node, clip = self.node, self.node.option("ProjClip", 0.0)
        weights = node.signed_array(_PROJECTION)[0]
        scale = (
            numpy.float32(node.scale(node.inputs[_PROJECTION]))
            * numpy.float32(self.hidden.scale)
            / numpy.float32(self.state.scale)
        )
        offsets = -self.hidden.zero * weights.astype("i8").sum(1) + (
            node.array(_PROJECTION + 1) if node.has(_PROJECTION + 1) else 0
        )
        result = rescale.scaled(
            _matrix(hidden, emit.constant(weights), emit.i32()), [scale], offsets, self.state.zero, (-128, 127), "int8"
        )
        if clip <= 0:
            return result
        limit = int(numpy.clip(numpy.float32(clip) / numpy.float32(self.state.scale), -128, 127))
        return emit.elementwise(lambda x: emit.clamp(x, -limit, limit), emit.i8(), result)


def _saturated_sum(a, b):
    """Of an int16 and an int32 the int16."""
    total = arith.addi(arith.extsi(emit.i32(), a), b)
    return emit.saturated(total, *quantization.LIMITS["int16"], emit.element("int16"))


def _narrowed(x):
    """As C's cast to int16_t."""
    return arith.extsi(emit.i32(), arith.trunci(emit.element("int16"), x))
