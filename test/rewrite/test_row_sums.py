"""Sums over rows: one number after the other, each product rounded before it is added."""

from iree_baremetal import modules
from iree_baremetal.rewrite.by_rows import row_sums

SUM = """
func.func @kernel(%x: tensor<6x4xi8>, %start: tensor<4xf32>) -> tensor<4xf32> {
  %scale = arith.constant 0.1 : f32
  %sum = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d1)>],
    iterator_types = ["reduction", "parallel"]} ins(%x : tensor<6x4xi8>) outs(%start : tensor<4xf32>) {
  ^bb0(%a: i8, %old: f32):
    %1 = arith.sitofp %a : i8 to f32
    %2 = arith.mulf %1, %scale : f32
    %3 = arith.addf %old, %2 : f32
    linalg.yield %3 : f32
  } -> tensor<4xf32>
  return %sum : tensor<4xf32>
}
"""


def test_products_are_rounded_before_they_are_added():
    with modules.parsed(SUM, "flow") as module:
        (op,) = modules.operations(module.operation, "linalg.generic")
        row_sums.replace(op)
        text = str(module)
    assert text.count("scf.for") == 2 and "linalg.generic" not in text
    product, addition = text.index("arith.mulf"), text.index("arith.addf")
    # LLVM joins a product and a sum that it sees side by side (VFMA), which rounds once.
    assert product < text.index("llvm.inline_asm") < addition
    assert text.index("arith.bitcast", text.index("llvm.inline_asm")) < addition


class Core:
    fuses, is_scalar, features = False, True, ()


def test_where_it_matters():
    assert not row_sums.matter(Core())
    for name, value in (("fuses", True), ("is_scalar", False), ("features", ["+m", "+f"])):
        core = Core()
        setattr(core, name, value)
        assert row_sums.matter(core)
