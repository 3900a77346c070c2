"""Weights in files beside an .onnx: their names as the package onnx writes them."""

import numpy
import onnx
from iree_baremetal.formats.onnx import external
from onnx import TensorProto, helper, numpy_helper


def test_the_names_that_onnx_wrote(tmp_path):
    weights = [numpy_helper.from_array(numpy.full((40, 40), n, "f4"), f"w{n}") for n in range(3)]
    nodes = [helper.make_node("Sum", ["x", "w0", "w1", "w2"], ["y"])]
    declared = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [40, 40]) for name in "xy"]
    model = helper.make_model(helper.make_graph(nodes, "net", declared[:1], declared[1:], weights))
    onnx.save(model, tmp_path / "plain.onnx")
    onnx.save(model, tmp_path / "one.onnx", save_as_external_data=True, location="weights of it.bin", size_threshold=0)
    onnx.save(
        onnx.load(tmp_path / "plain.onnx"),
        tmp_path / "each.onnx",
        save_as_external_data=True,
        all_tensors_to_one_file=False,
        size_threshold=0,
    )
    assert external.files(tmp_path / "plain.onnx") == []
    assert external.files(tmp_path / "one.onnx") == ["weights of it.bin"]
    assert external.files(tmp_path / "each.onnx") == ["w0", "w1", "w2"]
    assert external.files(tmp_path / "none.onnx") == []


def test_what_no_file_can_be_called_is_none(tmp_path):
    weights = TensorProto(name="w", data_location=TensorProto.EXTERNAL)
    weights.external_data.add(key="location", value="a\0b")
    (tmp_path / "net.onnx").write_bytes(weights.SerializeToString())
    assert external.files(tmp_path / "net.onnx") == []
