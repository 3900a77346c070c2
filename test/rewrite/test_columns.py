"""Which tiles of pixels share the activations that they read."""

import int8_products
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import dispatches, product
from iree_baremetal.rewrite.dsp import columns, smlad
from test_products import flow

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)
# name -> (along which reduction four factors make a word, (its taps, their columns for two pixels))
EXPECTED = {
    "conv_deep": (0, (3, 4)),
    "conv_strided": (0, (3, 5)),
    "conv_odd": (0, (3, 4)),
    "conv_last": (2, (3, 4)),
    "conv_wide": (0, None),  # 1x1
    "matmul_odd": (0, None),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_windows_of_neighbours_overlap(tmp_path, name):
    along, expected = EXPECTED[name]
    with modules.parsed(flow(tmp_path, int8_products.module([int8_products.PRODUCTS[name][0]])), "flow") as module:
        (dispatch,) = dispatches.find(module)
        found = product.find(dispatch)
        assert smlad._along(found)[0] == along
        shared = columns.find(found, 2, along)
        assert (shared and (shared.taps, shared.count(2))) == expected
        assert columns.find(found, 1, along) is None, "one pixel shares nothing"
