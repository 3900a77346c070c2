"""int8 products of one pixel at the flow phase: which are read in place, and that nothing of them is gathered on the stack."""

import re

import int8_functions
import int8_products
import pytest
from iree_baremetal import compiler
from iree_baremetal.rewrite import pipeline
from test_products import executable, flow, said

pytestmark = pytest.mark.skipif(compiler.version(compiler.find()) != compiler.PINNED, reason="other operations at this phase")

# name -> (text, whether it is read in place)
CASES = {
    "large": (int8_functions.matvec("large", 4000, 4), True),
    "odd": (int8_functions.matvec("odd", 701, 9), True),
    "whole": (int8_functions.conv("whole", 5, 3, 6, 3), True),
    "few": (int8_functions.matvec("few", 3, 9), False),  # no whole word
    "apart": (int8_functions.product("apart", (127,), (64, 6), (6,), ["d1 * 2", "d1, d0", "d0"], "pr", 0), False),
    "pixels": (int8_functions.matmul("pixels", 2, 64, 8), False),
}


@pytest.fixture(scope="module", params=["smlad", "compact"])
def program(request, tmp_path_factory):
    text = int8_products.module(text for text, _ in CASES.values())
    program, notes = pipeline.rewrite(flow(tmp_path_factory.mktemp("vectors"), text), [request.param])
    return program, notes, request.param


@pytest.mark.parametrize("name", CASES)
def test_activations_in_a_row_are_read_in_place(program, name):
    program, notes, rewrite = program
    assert said(notes, name)[rewrite] == "int8 product"
    text = executable(program, name)
    assert ("smlsdx" in text) == CASES[name][1]
    scratch = re.findall(r"tensor.empty\(\) : tensor<\d+xi32>", text)
    assert len(scratch) == (0 if CASES[name][1] else 1)


@pytest.mark.parametrize("board, taken", [("mps2-an385", "scalar"), ("qemu-rv32", "scalar"), ("mps3-an547", "mve")])
def test_other_cores_gather_nothing_of_one_pixel_either(tmp_path, board, taken):
    row, odd = int8_functions.matvec("row", 64, 9), int8_functions.matvec("odd", 70, 10)
    program, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([row, odd]), board), [taken])
    assert said(notes, "row")[taken] == "int8 product"
    scratch = {name: re.findall(r"tensor.empty\(\) : tensor<(\d+)xi8>", executable(program, name)) for name in ("row", "odd")}
    # The results; and what fills up the last vector.
    assert scratch == {"row": ["9"], "odd": ["10", "80"] if taken == "mve" else ["10"]}
