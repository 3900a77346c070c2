"""Which kind of product a dispatch is, beside its multiply-accumulates."""

import float_products
import int8_products
import pytest
from iree_baremetal import bench, board, compiler
from iree_baremetal.bench import macs
from iree_baremetal.compiler import phases

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)

KINDS = {
    "conv_3x3": [6 * 7 * 6 * 5 * 9, "float of many pixels"],
    "channels_last": [5 * 3 * 16 * 12, "float of many pixels"],
    "matvec": [13 * 37, "float of one pixel"],
}


def flow(folder, text):
    """The model at the flow phase, as bytes."""
    (folder / "model.mlir").write_text(text)
    flags = [*compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    return phases.compile_to([compiler.find(), *flags], "flow", folder / "model.mlir")


def test_floats(tmp_path):
    counts = macs.count(flow(tmp_path, "\n".join(float_products.PRODUCTS[name] for name in KINDS)))
    for name, expected in KINDS.items():
        (found,) = (value for symbol, value in counts.items() if symbol.startswith(f"{name}_dispatch"))
        assert found == expected


def test_int8(tmp_path):
    text = int8_products.module([int8_products.PRODUCTS[name][0] for name in ("conv_odd", "matvec_odd", "depthwise_3")])
    found = {name.partition("_dispatch")[0]: kind for name, (_, kind) in macs.count(flow(tmp_path, text)).items()}
    assert found == {"conv_odd": "int8 of many pixels", "matvec_odd": "int8 of one pixel", "depthwise_3": None}


def test_a_kernel_has_the_counts_of_its_dispatch():
    counts = {"net_dispatch_1": [5, "float of one pixel"], "net_dispatch_10": [7, None]}
    assert bench.kernel_macs(counts, "net_dispatch_10_matmul") == 7
    assert bench.kernel_macs(counts, "net_dispatch_1_matmul") == 5
    assert bench.kernel_macs(counts, "net_dispatch_2_copy") == 0
