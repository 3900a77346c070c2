"""Doubles that are constant and narrowed, with the real iree-compile and IREE's runtime on this machine."""

import subprocess

from iree_baremetal import compiler, modules
from iree_baremetal.compiler import lowering, narrowed

# 0.1 is no float, and x is not constant.
MODEL = """
#id = affine_map<(a) -> (a)>
func.func @scaled(%x: tensor<4xf32>) -> tensor<4xf32> {
  %scale = arith.constant 0.1 : f64
  %empty = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%empty : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %narrow = arith.truncf %scale : f64 to f32
    %y = arith.mulf %in, %narrow : f32
    linalg.yield %y : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
"""
VMVX = ("--iree-hal-target-device=local", "--iree-hal-local-target-device-backends=vmvx", *compiler.GUIDE_FLAGS[-1:])


def test_vmvx_takes_a_scale_that_is_a_double(tmp_path):
    model, program = tmp_path / "scaled.mlir", tmp_path / "scaled.vmfb"
    model.write_text(MODEL)
    command = [compiler.find(), *VMVX]
    assert compiler.is_to_be_mended(" ".join(VMVX))
    lowering.compile_mended(model, program, command)
    run = [compiler.find("iree-run-module"), f"--module={program}", "--device=local-sync", "--input=4xf32=1,2,3,4e7"]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "4xf32=0.1 0.2 0.3 4E+06" in said


def test_only_constants_are_folded():
    other = MODEL.replace(
        "%narrow = arith.truncf %scale", "%wide = arith.extf %in : f32 to f64\n    %narrow = arith.truncf %wide"
    )
    for text, count in ((MODEL, 1), (other, 0)):
        with modules.parsed(text.encode(), "input") as module:
            assert narrowed.constants(module) == count
