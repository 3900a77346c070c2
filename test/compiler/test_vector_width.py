"""Products of numbers that are wider than the vectors of the target: iree-compile must not die of them."""

import tools
from iree_baremetal import board, compiler
from iree_baremetal.compiler import lowering, tuning

PRODUCT = """
#x = affine_map<(n, c, k) -> (n, k)>
#w = affine_map<(n, c, k) -> (c, k)>
#y = affine_map<(n, c, k) -> (n, c)>
func.func @main(%x: tensor<2x12xi16>, %w: tensor<7x12xi8>) -> tensor<2x7xi64> {
  %zero = arith.constant dense<0> : tensor<2x7xi64>
  %y = linalg.generic {indexing_maps = [#x, #w, #y], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<2x12xi16>, tensor<7x12xi8>) outs(%zero : tensor<2x7xi64>) {
    ^bb0(%a: i16, %b: i8, %so_far: i64):
      %aw = arith.extsi %a : i16 to i64
      %bw = arith.extsi %b : i8 to i64
      %p = arith.muli %aw, %bw : i64
      %s = arith.addi %so_far, %p : i64
      linalg.yield %s : i64
  } -> tensor<2x7xi64>
  return %y : tensor<2x7xi64>
}
"""


def test_vectors_are_as_wide_as_the_numbers(tmp_path):
    rv32 = board.load("qemu-rv32")
    (tmp_path / "model.mlir").write_text(PRODUCT)
    flags = [
        *compiler.target_flags(rv32),
        *tuning.flags("width4,one-workgroup,unroll,no-lanes"),
        *compiler.GUIDE_FLAGS,
        *compiler.STATIC_FLAGS,
    ]
    command = [compiler.find(), *flags, f"--iree-llvmcpu-static-library-output-path={tmp_path / 'model.o'}"]
    (tmp_path / "model.stream.mlirbc").write_bytes(lowering.lower(tmp_path / "model.mlir", command, rv32.arena_alignment).stream)
    tools.run(*command, *compiler.HOST_PROGRAM_FLAGS, tmp_path / "model.stream.mlirbc", "-o", tmp_path / "model.hal.mlirbc")
    assert (tmp_path / "model.o").is_file()
