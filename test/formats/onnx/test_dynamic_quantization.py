"""Models whose scales only run time knows."""

import numpy
import onnx_models
from onnx import TensorProto
from onnx.helper import make_node
from onnx_models import model, value

X = value("x", [2, 8])


def test_a_scale_of_the_input_itself(tmp_path):
    outputs = [value("q", [2, 8], TensorProto.UINT8), value("s", []), value("z", [], TensorProto.UINT8)]
    onnx_models.check(tmp_path, model([make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"])], [X], outputs), count=8)


def dynamic():
    """Two products, as quantize_dynamic leaves them."""
    generator = numpy.random.default_rng(3)
    constants = {
        "w": generator.integers(-128, 128, (8, 4)).astype("i1"),
        "v": generator.integers(-128, 128, (4, 3)).astype("i1"),
        "ws": numpy.array(0.02, "f4"),
    }
    nodes = []
    for source, weight, target in (("x", "w", "h"), ("h", "v", "y")):
        q, s, z, p, f, r = (f"{target}_{name}" for name in "qszpfr")
        nodes += [
            make_node("DynamicQuantizeLinear", [source], [q, s, z]), make_node("MatMulInteger", [q, weight, z], [p]),
            make_node("Cast", [p], [f], to=TensorProto.FLOAT), make_node("Mul", [s, "ws"], [r]), make_node("Mul", [f, r], [target]),
        ]  # fmt: skip
    return model(nodes, [X], [value("y", [2, 3])], **constants)


def test_products_as_quantize_dynamic_leaves_them(tmp_path):
    onnx_models.check(tmp_path, dynamic(), relative=1e-3, absolute=1e-4, count=8)
