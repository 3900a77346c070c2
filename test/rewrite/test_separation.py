"""Layers of 16x8 that iree-compile gives one kernel get one each, and share again what stays equal."""

import sys
from pathlib import Path

import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import lowering
from iree_baremetal.rewrite import dispatches, pipeline

pytest.importorskip("ai_edge_litert")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "formats" / "tflite"))

from case import Typed, seeded  # noqa: E402
from iree_baremetal.formats.tflite import importer  # noqa: E402

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)
COUNT = 40  # channels, whose addends are longer than what iree-compile puts into kernels


def _equal_layers(folder):
    """A model of three layers that differ in weights and biases alone."""
    net, generator = Typed("int16"), seeded("equal layers")
    x = net.input("int16", (1, COUNT), 1 / 4096)
    for _ in range(3):
        weights = net.constant(generator.integers(-127, 128, (COUNT, COUNT)).astype("i1"), 0.001)
        bias = net.constant(generator.integers(-(10**6), 10**6, COUNT).astype("i8"), 0.001 / 4096)
        x = net.op("FULLY_CONNECTED", [x, weights, bias], [net.tensor("int16", (1, COUNT), 1 / 4096)], "FullyConnectedOptions")
    (folder / "net.tflite").write_bytes(net.bytes())
    importer.import_model(folder / "net.tflite", folder / "net.mlir", compiler.find())
    return folder / "net.mlir"


@pytest.mark.parametrize("names, kernels", [("smlad", 3), ("smlad,share", 1), ("round", 3)])
def test_each_layer_has_its_own_until_they_share(tmp_path, names, kernels):
    model = _equal_layers(tmp_path)
    flags = [*compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    found = lowering.lower(model, [compiler.find(), *flags], 16, pipeline.parse_names(names), is_narrow=False)
    with modules.parsed(found.flow, "flow") as module:
        assert [len(dispatch.sites) for dispatch in dispatches.find(module)] == [1, 1, 1]
    assert sum("smlad: 16x8 product" in note for note in found.notes) == (3 if "smlad" in names else 0)
    with modules.parsed(found.stream, "stream") as module:
        assert len(modules.operations(module, "stream.executable")) == kernels
