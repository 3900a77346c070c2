"""ONNX models."""

import corpus
import onnx
from hypothesis import strategies as st
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import description, reading
from onnx import helper

from .mutation import mutated

_DIGITS = (corpus.ROOT / "samples/digits/digits.onnx").read_bytes()


def _small():
    graph = helper.make_graph(
        [
            helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
            helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"]),
        ],
        "net",
        [helper.make_tensor_value_info("x", 1, ["batch", 4])],
        [helper.make_tensor_value_info("y", 1, ["batch", 4])],
        [helper.make_tensor("s", 1, [], [0.5]), helper.make_tensor("z", 2, [], [3])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


@st.composite
def _onnx_models(draw):
    """A small model with random fields."""
    made = onnx.ModelProto.FromString(_small())
    numbers, texts = st.integers(-(2**63), 2**63 - 1), st.text(max_size=6)
    for _ in range(draw(st.integers(1, 4))):
        value = draw(st.sampled_from([*made.graph.input, *made.graph.output]))
        weights = draw(st.sampled_from(list(made.graph.initializer)))
        node = draw(st.sampled_from(list(made.graph.node)))
        extents = value.type.tensor_type.shape.dim
        match draw(st.integers(0, 9)):
            case 0:
                value.type.tensor_type.elem_type = draw(st.integers(-1, 40))
            case 1:
                extents.add().dim_value = draw(numbers)
            case 2:
                extents.add().dim_param = draw(texts)
            case 3:
                value.type.Clear()
            case 4:
                weights.data_type = draw(st.integers(-1, 40))
            case 5:
                weights.raw_data = draw(st.binary(max_size=9))
                weights.dims[:] = draw(st.lists(st.integers(-2, 5), max_size=3))
            case 6:
                del node.input[draw(st.integers(0, 3)) :]
            case 7:
                node.op_type = draw(st.one_of(texts, st.sampled_from(["Constant", "Relu", "If", "QuantizeLinear"])))
            case 8:
                value.name = draw(texts)
            case _:
                made.opset_import[0].version = draw(numbers)
    return made.SerializeToString()


def _read_onnx(folder, content):
    path = folder / "net.onnx"
    path.write_bytes(content)
    try:
        description.describe(path, reading.read(path, "*=2"))
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise


READERS = {
    "ONNX models, mutated bytes": (mutated([_DIGITS, _small()]), _read_onnx, 60, 1000),
    "ONNX models, random fields": (_onnx_models(), _read_onnx, 60, 1500),
}
