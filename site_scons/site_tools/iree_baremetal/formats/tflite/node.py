"""An operator as it is lowered: what its function in operators/ sees."""

import numpy
from iree.compiler import ir

from ...errors import BaremetalError
from . import emit, quantization, state


class Node:
    """One operator of a subgraph, its inputs lowered already.

    inputs, outputs: `graph.Tensor`s (None for an input that is left out): names, types, scales, zero points.
    kind: the element type that the operator is registered with. lowering: the `lowering.Lowering` of the whole.
    """

    def __init__(self, lowering, operator, kind, known):
        self.lowering, self.operator, self.kind = lowering, operator, kind
        self.name, self.inputs, self.outputs = operator.name, operator.inputs, operator.outputs
        self.option = operator.options  # node.option("StrideW"), node.option("Axis", default)
        self._known = known  # Tensor -> ir.Value or numpy array

    def has(self, number):
        """Whether input number is there."""
        return number < len(self.inputs) and self.inputs[number] is not None

    def value(self, number):
        """Input number as an `ir.Value`; uint8 as the i8 of the same bits."""
        found = self._of(number)
        return found if isinstance(found, ir.Value) else emit.constant(found)

    def given(self, number):
        """Input number as it is known: an `ir.Value`, an array, or a `state.Variable`."""
        return self._of(number)

    def state(self, number, extents):
        """The `state.Variable` of input number, a tensor that the operator keeps between calls."""
        return self.lowering.variables.of(self._tensor(number), self.initial(number, extents))

    def initial(self, number, extents):
        """What input number, a tensor that the operator keeps between calls, starts as: an array of shape extents."""
        tensor = self._tensor(number)
        if not tensor.is_variable:
            raise self.error(f"its state, {tensor.label}, is no variable")
        return state.reset(tensor, extents)

    def constant(self, number):
        """The content of input number as an array, if it is known; else None."""
        found = self._of(number) if self.has(number) else None
        return found if isinstance(found, numpy.ndarray) else None

    def array(self, number, what="input"):
        """The content of input number as an array; an error where it is computed at run time."""
        found = self.constant(number)
        if found is None:
            raise self.error(
                f"its {what}, {self._tensor(number).label}, has to be a constant: what is computed cannot decide of sizes"
            )
        return found

    def integers(self, number, what="input"):
        """`array` as a flat list of Python's integers."""
        return [int(n) for n in self.array(number, what).reshape(-1)]

    def shape(self, number):
        """The shape of input number, as it is with dims= and shapes=, as a list."""
        found = self._of(number)
        return emit.shape(found) if isinstance(found, ir.Value) else list(found.shape)

    def real(self, number):
        """Input number as a value of f32: weights that are quantized, or float16, are dequantized now."""
        found = self.constant(number)
        if found is None:
            return self.value(number)
        return emit.constant(self.real_array(number))

    def real_array(self, number):
        """`array`, dequantized, as float32."""
        return quantization.dequantized(self.array(number), self.inputs[number])

    def signed(self, number):
        """(value, zero point) of a quantized input; uint8 as the int8 that is 128 less."""
        tensor = self.inputs[number]
        if tensor.dtype != "uint8":
            return self.value(number), tensor.zero
        found = self.constant(number)
        if found is not None:
            return emit.constant((found ^ 128).view("i1")), tensor.zero - 128
        return quantization.flipped(self.value(number)), tensor.zero - 128

    def signed_array(self, number):
        """(array, zero points) of a quantized constant; uint8 as the int8 that is 128 less."""
        tensor, found = self.inputs[number], self.array(number, "weights")
        zeros = tensor.zeros if len(tensor.zeros) else numpy.zeros(1, "i8")
        return ((found ^ 128).view("i1"), zeros - 128) if tensor.dtype == "uint8" else (found, zeros)

    def axis(self, value, rank):
        """An axis, from the front, of a tensor of that rank."""
        if not -rank <= value < rank:
            raise self.error(f"its axis is {value}, of {rank} dimensions")
        return value % rank

    def scale(self, tensor):
        """The one scale of a quantized tensor, as a Python float; an error where there is none or several."""
        if not tensor.scale:
            raise self.error(
                f"{tensor.label} has {len(tensor.scales) or 'no'} scale{'s' * (len(tensor.scales) > 1)}, not one that is above 0"
            )
        return tensor.scale

    def activation_range(self, tensor=None):
        """(low, high) that the fused activation leaves of the output's numbers; of quantized ones."""
        tensor = tensor or self.outputs[0]
        return quantization.activation_range(self._activation(), tensor, self)

    def activated(self, value):
        """value (floats) with the fused activation."""
        return quantization.activated(self._activation(), value, self)

    def _activation(self):
        return self.option("FusedActivationFunction", 0)

    def error(self, what):
        """A `BaremetalError` to raise: what is wrong, as in "its axis is 7, of 4 dimensions"."""
        where = f"subgraph {self.lowering.subgraph.index}, " if len(self.lowering.model.subgraphs) > 1 else ""
        return BaremetalError(f"{self.lowering.model.source}: {where}{self.operator.label}: {what}.")

    def _tensor(self, number):
        if not self.has(number):
            raise self.error(f"it has no input {number}")
        return self.inputs[number]

    def _of(self, number):
        return self._known[self._tensor(number)]
