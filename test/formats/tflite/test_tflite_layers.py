"""Layers of a .tflite by its own operators and tensors, through the real importer and compiler."""

import subprocess

import numpy
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.bench import layers, nodes
from iree_baremetal.formats.tflite import importer
from iree_baremetal.plan import places

pytest.importorskip("ai_edge_litert")
from net import Net  # noqa: E402


def test_operators_have_the_names_of_their_tensors(tmp_path):
    made = Net()
    x = made.input("float32", (1, 12), name="features")
    w = numpy.random.default_rng(1).standard_normal((12, 12)).astype("float32")
    options = {"fusedActivationFunction": "RELU"}
    h = made.op(
        "FULLY_CONNECTED",
        [x, made.constant(w), -1],
        [made.tensor("float32", (1, 12), name="hidden/Relu;hidden/MatMul")],
        "FullyConnectedOptions",
        **options,
    )
    h = made.op(
        "FULLY_CONNECTED",
        [h, made.constant(w.T.copy()), -1],
        [made.tensor("float32", (1, 12), name='it\'s "quoted"')],
        "FullyConnectedOptions",
    )
    made.op("SOFTMAX", [h], [made.tensor("float32", (1, 12), name="")], "SoftmaxOptions", beta=1.0)
    (tmp_path / "net.tflite").write_bytes(made.bytes())
    importer.import_model(tmp_path / "net.tflite", tmp_path / "net.mlir", compiler.find())
    flow = tmp_path / "flow.mlirbc"
    flags = [*compiler.target_flags(board.load("host")), *compiler.GUIDE_FLAGS]
    subprocess.run(
        [compiler.find(), *flags, "--compile-to=flow", "--emit-mlir-bytecode", tmp_path / "net.mlir", "-o", flow], check=True
    )
    found = nodes.read(flow.read_bytes(), tmp_path / "net.mlir", tmp_path / "net.names.json")
    with modules.parsed(flow.read_bytes(), "flow") as program:
        sites = [places.first(str(op.location)) for op in modules.operations(program, "flow.dispatch")]
    told = [layers.label(layers.of(found, kernel, site), kernel) for kernel, site in zip(found["dispatches"], sites, strict=True)]
    named = [label for label in told if label.startswith("FULLY_CONNECTED")]
    assert named == ["FULLY_CONNECTED hidden/Relu", 'FULLY_CONNECTED it\'s "quoted"'], told
    assert [operator for operator, _ in found["nodes"].values()] == ["FULLY_CONNECTED", "FULLY_CONNECTED", "SOFTMAX"]
