"""A .tflite model as data: what the file says, checked, and nothing of MLIR."""

from dataclasses import dataclass, field

import numpy


@dataclass(eq=False)
class Tensor:
    """A tensor of a subgraph.

    dtype: TensorFlow Lite's name in small letters: "float32", "int8", "resource", …; int4 is unpacked to "int8".
    signature: the shape with -1 for dynamic dimensions. scales, zeros: of its quantization, one for all or one for
    each slice along axis; empty where it is not quantized. data: its content, where that is known.
    """

    index: int
    name: str
    dtype: str
    shape: tuple
    signature: tuple
    scales: numpy.ndarray
    zeros: numpy.ndarray
    axis: int
    data: numpy.ndarray | None
    is_variable: bool

    @property
    def label(self):
        return f"tensor {self.index} '{self.name}'"

    @property
    def is_quantized(self):
        return len(self.scales) > 0 and self.dtype in ("int8", "uint8", "int16", "int32", "int64")

    @property
    def scale(self):
        """The one scale (a Python float of the file's float32) of a tensor that is quantized as a whole; else None."""
        return float(self.scales[0]) if len(self.scales) == 1 else None

    @property
    def zero(self):
        """The one zero point."""
        return int(self.zeros[0]) if len(self.zeros) else 0


@dataclass(eq=False)
class Operator:
    """An operator of a subgraph. inputs, intermediates: a `Tensor` each, or None for one that is left out.

    name: TensorFlow Lite's, in capitals; of a custom operator what the file calls it. options: of the package tflite.
    """

    number: int
    name: str
    is_custom: bool
    version: int
    inputs: list
    outputs: list
    intermediates: list
    options: object
    custom_options: bytes

    @property
    def label(self):
        outputs = ", ".join(f"'{t.name}'" if t.name else f"tensor {t.index}" for t in self.outputs)
        return f"operator {self.number}, {self.name}{outputs and f' ({outputs})'}"


@dataclass(eq=False)
class Subgraph:
    index: int
    name: str
    tensors: list
    inputs: list
    outputs: list
    operators: list


@dataclass
class Model:
    """signatures: {key: the `Subgraph` that it calls}."""

    source: str
    subgraphs: list
    signatures: dict = field(default_factory=dict)
