"""LSTM, GRU and RNN as a Scan over time, with one product a step.

IREE's importer forgets peepholes and most activations, and takes no clip, input_forget or reverse direction.
What the input contributes is one product over all steps, before the loop, or one of each step, where they are large. Gates, states and equations go by
the names of the ONNX operators' texts.
"""

import numpy as np
from onnx import helper

from ..node import Refused
from . import rule

# Bytes of what the input contributes, of all steps, that may lie in the arena: to compute it step by step takes a sixth
# more time of the whole node (a product of many rows loads its weights once for several), and the memory of one step.
_BEFORE_THE_LOOP = 16 * 1024

# Activation -> (alpha, beta) where they are not given (ONNX, LSTM, activation_alpha).
_DEFAULTS = {"LeakyRelu": (0.01, 0), "ThresholdedRelu": (1.0, 0), "Elu": (1.0, 0), "HardSigmoid": (0.2, 0.5)}
_PLAIN = ("Relu", "Tanh", "Sigmoid", "Softsign", "Softplus")
_ALPHA = ("LeakyRelu", "ThresholdedRelu", "Elu")


@rule("LSTM")
def lstm(graph, node):
    return _layer(graph, node, _lstm_step, gates=4, states=2, activations=["Sigmoid", "Tanh", "Tanh"])


@rule("GRU")
def gru(graph, node):
    return _layer(graph, node, _gru_step, gates=3, states=1, activations=["Sigmoid", "Tanh"])


@rule("RNN")
def rnn(graph, node):
    return _layer(graph, node, _rnn_step, gates=1, states=1, activations=["Tanh"])


def _layer(graph, node, step, gates, states, activations):
    x, w, r = node.inputs[:3]
    shape, dtype = graph.shape(x), graph.dtype(x)
    if shape is None or graph.shape(r) is None:
        raise Refused("its shapes are not known; export the model with static shapes.")
    batch_first, hidden = bool(node.get("layout", 0)), graph.shape(r)[2]
    if batch_first:
        x = graph.add("Transpose", x, perm=[1, 0, 2])
    steps, batch, _ = graph.shape(x)
    direction = node.get("direction", "forward")
    number = 2 if direction == "bidirectional" else 1
    initial = [_initial(graph, name, (number, batch, hidden), dtype, batch_first) for name in (node.input(5), node.input(6))][
        :states
    ]
    mask = _mask(graph, node.input(4), steps, batch)
    names = _activations(node, activations, number)
    outputs, finals = [], []
    for n in range(number):
        backward = direction == "reverse" or n == 1
        weights = [
            graph.add("Gather", name, graph.constant(n, np.int64), axis=0) if name else ""
            for name in (w, r, node.input(3), node.input(7))
        ]
        start = [graph.add("Gather", name, graph.constant(n, np.int64), axis=0) for name in initial]
        cell = Cell(graph, node, gates, hidden, dtype, weights, names[n])
        y, last = _direction(graph, cell, step, x, start, mask, backward)
        outputs.append(graph.add("Unsqueeze", y, graph.ints(1)))
        finals.append([graph.add("Unsqueeze", state, graph.ints(0)) for state in last])
    y = graph.add("Concat", *outputs, axis=1) if number > 1 else outputs[0]
    ends = [graph.add("Concat", *parts, axis=0) if number > 1 else parts[0] for parts in zip(*finals)]
    if batch_first:
        y, ends = graph.add("Transpose", y, perm=[2, 0, 1, 3]), [graph.add("Transpose", end, perm=[1, 0, 2]) for end in ends]
    return [y, *ends]


def _initial(graph, name, shape, dtype, batch_first):
    """A state at the start, [directions, batch, hidden]: zeros where it is absent."""
    if not name:
        return graph.constant(np.zeros(shape), dtype)
    return graph.add("Transpose", name, perm=[1, 0, 2]) if batch_first else name


def _mask(graph, lengths, steps, batch):
    """Which steps are within each sequence, bool [steps, batch, 1]; "" where all are."""
    if not lengths:
        return ""
    known = graph.value(lengths)
    if known is not None and (known >= steps).all():
        return ""
    lengths = graph.add("Reshape", lengths, graph.ints(1, batch, 1))
    return graph.add("Less", graph.constant(np.arange(steps).reshape(-1, 1, 1), graph.dtype(lengths)), lengths)


def _activations(node, defaults, number):
    """[(name, alpha, beta) …] of each direction; alpha and beta are given for those activations only that have them."""
    given = node.get("activations") or defaults * number
    known = {name.lower(): name for name in (*_PLAIN, *_DEFAULTS, "Affine", "ScaledTanh")}
    alphas, betas, found = list(node.get("activation_alpha") or []), list(node.get("activation_beta") or []), []
    for text in given:
        name = known.get(text.lower())
        if not name:
            raise Refused(f"attribute activations: '{text}' is no activation of ONNX.")
        alpha, beta = _DEFAULTS.get(name, (1.0, 0.0 if name == "Affine" else 1.0))
        if name not in _PLAIN and alphas:
            alpha = alphas.pop(0)
        if name not in (*_PLAIN, *_ALPHA) and betas:
            beta = betas.pop(0)
        found.append((name, alpha, beta))
    if len(found) != number * len(defaults):
        raise Refused(f"attribute activations has {len(found)} entries in place of {number * len(defaults)}.")
    return [found[n * len(defaults) :][: len(defaults)] for n in range(number)]


def _direction(graph, cell, step, x, start, mask, backward):
    """One direction: its outputs [steps, batch, hidden], and the states at its end."""
    steps, batch, _ = graph.shape(x)
    is_large = steps * batch * cell.gates * cell.hidden * helper.tensor_dtype_to_np_dtype(cell.dtype).itemsize > _BEFORE_THE_LOOP
    given = [x if is_large else cell.contribution(graph, x), *([mask] if mask else [])]
    if backward:
        given = [_backward(graph, name, steps) for name in given]
    body = graph.body()
    states = [body.argument(cell.dtype, graph.shape(name)) for name in start]
    slices = [body.argument(graph.dtype(name), graph.shape(name)[1:]) for name in given]
    after = step(body, cell, cell.contribution(body, slices[0]) if is_large else slices[0], *states)
    output = after[0]
    if mask:
        output = body.add("Where", slices[1], output, body.constant(0, cell.dtype))
        after = [body.add("Where", slices[1], new, old) for new, old in zip(after, states)]
    *last, y = graph.add(
        "Scan",
        *start,
        *given,
        outputs=len(states) + 1,
        body=body.proto([*states, *slices], [*after, output]),
        num_scan_inputs=len(given),
    )
    return _backward(graph, y, steps) if backward else y, last


def _backward(graph, name, steps):
    return graph.add("Gather", name, graph.constant(np.arange(steps)[::-1], np.int64), axis=0)


class Cell:
    """The weights and equations of one direction."""

    def __init__(self, graph, node, gates, hidden, dtype, weights, activations):
        self.gates, self.hidden, self.dtype, self.activations = gates, hidden, dtype, activations
        self.w, self.r, bias, peepholes = weights
        self.clip, self.forget = node.get("clip", 0.0), bool(node.get("input_forget", 0))
        self.after = not node.get("linear_before_reset", 0)
        self.wb = self.rb = ""
        if bias:
            self.wb, self.rb = graph.add("Split", bias, graph.ints(gates * hidden, gates * hidden), axis=0, outputs=2)
        # Peepholes are of input, output and forget gate.
        self.peepholes = (
            graph.add("Split", peepholes, graph.ints(hidden, hidden, hidden), axis=0, outputs=3) if peepholes else None
        )

    def contribution(self, graph, x):
        """What x adds to the gates before their activations, [steps, batch, gates * hidden]."""
        product = graph.add("MatMul", x, graph.add("Transpose", self.w, perm=[1, 0]))
        return graph.add("Add", product, self.wb) if self.wb else product

    def recurrence(self, graph, h, gates=None):
        """What the state h adds to the gates of slice gates: h * R^T + Rb."""
        first, last = gates or (0, self.gates)
        r, rb = self.r, self.rb
        if gates:
            bounds = graph.ints(first * self.hidden), graph.ints(last * self.hidden), graph.ints(0)
            r, rb = graph.add("Slice", r, *bounds), rb and graph.add("Slice", rb, *bounds)
        product = graph.add("MatMul", h, graph.add("Transpose", r, perm=[1, 0]))
        return graph.add("Add", product, rb) if rb else product

    def split(self, graph, name, parts):
        """The parts of name along its gates."""
        if parts == 1:
            return [name]
        return graph.add("Split", name, graph.ints(*[self.hidden] * parts), axis=-1, outputs=parts)

    def activate(self, graph, position, name):
        """The activation at position, of name, clipped before it where the node says so; ONNX Runtime does not clip the state."""
        if self.clip and position < 2:
            name = graph.add("Clip", name, graph.constant(-self.clip, self.dtype), graph.constant(self.clip, self.dtype))
        activation, alpha, beta = self.activations[position]
        if activation in _PLAIN:
            return graph.add(activation, name)
        if activation in _ALPHA:
            return graph.add(activation, name, alpha=alpha)
        if activation == "HardSigmoid":
            return graph.add(activation, name, alpha=alpha, beta=beta)
        a, b = graph.constant(alpha, self.dtype), graph.constant(beta, self.dtype)
        if activation == "Affine":
            return graph.add("Add", graph.add("Mul", a, name), b)
        return graph.add("Mul", a, graph.add("Tanh", graph.add("Mul", b, name)))


def _lstm_step(graph, cell, given, h, c):
    """The gates are in the order input, output, forget, cell."""
    i, o, f, new = cell.split(graph, graph.add("Add", cell.recurrence(graph, h), given), 4)
    pi, po, pf = cell.peepholes or ("", "", "")

    def peep(gate, peephole, state):
        return graph.add("Add", gate, graph.add("Mul", peephole, state)) if peephole else gate

    i = cell.activate(graph, 0, peep(i, pi, c))
    f = graph.add("Sub", graph.constant(1, cell.dtype), i) if cell.forget else cell.activate(graph, 0, peep(f, pf, c))
    state = graph.add("Add", graph.add("Mul", f, c), graph.add("Mul", i, cell.activate(graph, 1, new)))
    o = cell.activate(graph, 0, peep(o, po, state))
    return [graph.add("Mul", o, cell.activate(graph, 2, state)), state]


def _gru_step(graph, cell, given, h):
    """The gates are in the order update, reset, hidden."""
    if cell.after:
        zr = graph.add(
            "Add",
            cell.recurrence(graph, h, (0, 2)),
            graph.add("Slice", given, graph.ints(0), graph.ints(2 * cell.hidden), graph.ints(1)),
        )
        xh = graph.add("Slice", given, graph.ints(2 * cell.hidden), graph.ints(3 * cell.hidden), graph.ints(1))
        z, r = cell.split(graph, zr, 2)
        z, r = cell.activate(graph, 0, z), cell.activate(graph, 0, r)
        new = graph.add("Add", xh, cell.recurrence(graph, graph.add("Mul", r, h), (2, 3)))
    else:
        (xz, xr, xh), (hz, hr, hh) = cell.split(graph, given, 3), cell.split(graph, cell.recurrence(graph, h), 3)
        z, r = cell.activate(graph, 0, graph.add("Add", xz, hz)), cell.activate(graph, 0, graph.add("Add", xr, hr))
        new = graph.add("Add", xh, graph.add("Mul", r, hh))
    new = cell.activate(graph, 1, new)
    kept = graph.add("Mul", z, h)
    return [graph.add("Add", graph.add("Mul", graph.add("Sub", graph.constant(1, cell.dtype), z), new), kept)]


def _rnn_step(graph, cell, given, h):
    return [cell.activate(graph, 0, graph.add("Add", given, cell.recurrence(graph, h)))]
