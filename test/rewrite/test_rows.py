"""Kernels by rows, and what has to be changed in a model for them: at the phases where it is done."""

import int8_elementwise
import int8_products
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import lowering, phases
from iree_baremetal.plan import slabs
from iree_baremetal.plan.slabs import Slab, Window
from iree_baremetal.rewrite import pipeline
from iree_baremetal.rewrite.by_rows import few_rows, rows
from iree_baremetal.rewrite.layout import channels_last, sums

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)
# A window says what a row is; the sum and what becomes of it follow.
CHAIN = """
  func.func @mean(%w: tensor<8x5x8xf32>) -> tensor<8xf32> {
    %zero = arith.constant 0.0 : f32
    %taps = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
    %map = tensor.empty() : tensor<6x5x8xf32>
    %before = linalg.fill ins(%zero : f32) outs(%map : tensor<6x5x8xf32>) -> tensor<6x5x8xf32>
    %x = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0 + d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%w, %taps : tensor<8x5x8xf32>, tensor<3xf32>) outs(%before : tensor<6x5x8xf32>) {
    ^bb0(%a: f32, %b: f32, %old: f32):
      %1 = arith.mulf %a, %b : f32
      %2 = arith.addf %old, %1 : f32
      linalg.yield %2 : f32
    } -> tensor<6x5x8xf32>
    %empty = tensor.empty() : tensor<8xf32>
    %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<8xf32>) -> tensor<8xf32>
    %sum = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d2, d0)>, affine_map<(d0, d1, d2) -> (d0)>],
      iterator_types = ["parallel", "reduction", "reduction"]} ins(%x : tensor<6x5x8xf32>) outs(%start : tensor<8xf32>) {
    ^bb0(%a: f32, %old: f32):
      %1 = arith.addf %old, %a : f32
      linalg.yield %1 : f32
    } -> tensor<8xf32>
    %count = arith.constant dense<30.0> : tensor<8xf32>
    %y = arith.divf %sum, %count : tensor<8xf32>
    return %y : tensor<8xf32>
  }
"""
FUNCTIONS = [
    int8_products.PADDED["padded_last"][0],
    int8_products.PADDED["padded_depthwise_last"][0],
    int8_products.PRODUCTS["conv_last"][0],
    int8_products.PRODUCTS["conv_strided"][0],
    int8_elementwise.addition("added", **int8_elementwise.ADDITIONS["sum_whole"]),
    CHAIN,
]


def command():
    return [compiler.find(), *compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]


@pytest.fixture(scope="module")
def optimized(tmp_path_factory):
    """All of them, at the global-optimization phase."""
    model = tmp_path_factory.mktemp("rows") / "model.mlir"
    model.write_text(int8_products.module(FUNCTIONS))
    return phases.compile_to(command(), "global-optimization", model)


@pytest.fixture(scope="module")
def flow(optimized):
    apart, counts = modules.edited(optimized, "global-optimization", sums.bar)
    assert counts == [1]
    return lowering._flow([*command(), *lowering._IN_KERNELS], apart)


@pytest.fixture(scope="module")
def found(flow):
    """{name of a dispatch without its number: its `Slab`, or why it has none}"""
    with modules.parsed(flow, "flow") as module:
        all_ = rows.find(module).items()
        return {name.split("_", 1)[0] + name.split("dispatch")[1]: k if isinstance(k, str) else k.slab() for name, k in all_}


def only(found, text):
    (slab,) = [slab for name, slab in found.items() if text in name]
    return slab


def test_what_a_row_needs(found):
    assert only(found, "conv_6x6x5x3x3x4") == Slab(6, 30, {0: Window(1, -1, 3, 6, 24, (251, 1))})
    assert only(found, "elementwise_144_i8") == Slab(6, 24, {0: Window(1, 0, 1, 6, 24)})  # of the same rows, 24 elements each
    assert only(found, "conv_7x7x6x3x3") == Slab(7, 42, {0: Window(1, -1, 3, 7, 42, (251, 1))})
    assert only(found, "conv_4x4x5x3x3x4") == Slab(4, 20, {0: Window(1, 0, 3, 6, 24)})


def test_sums_over_rows_begin_with_a_number(found):
    assert only(found, "reduction_8x30") == Slab(6, 32, {0: Window(1, 0, 1, 6, 160)}, (0, 4))


def test_what_has_no_rows_says_why(found):
    assert only(found, "elementwise_1200") == "no convolution or pool says what a row is"
    assert isinstance(only(found, "conv_3x4x4x4x3x3"), str)  # channels first


def test_kernels_are_cut_to_a_row(flow):
    with modules.parsed(flow, "flow") as module:
        names = [name for name, k in rows.find(module).items() if not isinstance(k, str) and "padded_last" in name]
    cut, counts = modules.edited(flow, "flow", lambda module: few_rows.apply(module, dict.fromkeys(names, 1)))
    assert counts == [2]
    with modules.parsed(cut, "flow") as module:
        assert {name: slab.rows for name, slab in slabs.marks(module).items()} == dict.fromkeys(names, 6)
        text = "".join(str(op) for op in modules.operations(module.operation, "func.func") if "padded_last" in str(op)[:200])
    assert "readonly:tensor<3x6x4xi8>" in text and "writeonly:tensor<1x6x5xi8>" in text
    assert "low[0, 1, 0] high[0, 1, 0]" in text, "rows above and below are not the kernel's any more"
    assert "readonly:tensor<24xi8>" in text


def test_kernels_are_cut_to_several_rows_and_told_how_many(flow):
    with modules.parsed(flow, "flow") as module:
        names = [name for name, k in rows.find(module).items() if not isinstance(k, str) and k.may_be_several]
    names = [name for name in names if "padded" in name]
    cut, counts = modules.edited(flow, "flow", lambda module: few_rows.apply(module, dict.fromkeys(names, 3)))
    assert counts == [2]
    rewritten, _ = pipeline.rewrite(cut, pipeline.parse_names("all"))
    with modules.parsed(cut, "flow") as module:
        text = "".join(str(op) for op in modules.operations(module.operation, "func.func") if "padded_last" in str(op)[:200])
        assert "readonly:tensor<5x6x4xi8>" in text and "writeonly:tensor<3x6x5xi8>" in text
        assert slabs.uncounted(module) == set(names), "before they are rewritten they compute all three"
    with modules.parsed(rewritten, "flow") as module:
        assert slabs.uncounted(module) == set()


def test_channels_first_become_last(optimized):
    changed, (count,) = modules.edited(optimized, "global-optimization", channels_last.apply)
    assert count
    with modules.parsed(changed, "global-optimization") as module:
        text = "".join(str(op) for op in modules.operations(module.operation, "util.func") if "conv_strided" in str(op)[:200])
    assert "tensor<4x4x3xi32>" in text  # the sums; their reader outside gets them with channels first
    assert "-> tensor<3x4x4xi8>" in text


def test_marks_follow_where_inputs_go():
    first, second = Window(1, -1, 3, 6, 24, (251, 1)), Window(1, 0, 1, 6, 30)
    with modules.parsed("func.func @kernel() { return }", "flow") as module:
        (function,) = modules.operations(module.operation, "func.func")
        slabs.mark(function, Slab(6, 30, {0: first, 4: second}))
        slabs.renumber(function, [2, 3])
        assert slabs.marks(module) == {"kernel": Slab(6, 30, {0: first, 2: second})}
