"""Models for the inline HAL by the real iree-compile: what its inline-dynamic execution model lacks or loses."""

import numpy
import pytest
import tools
from iree_baremetal import compiler, modules
from iree_baremetal.compiler import inlined, phases, synchronous

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="3.11.0 has no static library with the inline HAL"
)

WEIGHTS = numpy.arange(1, 2049, dtype="f4") / 7
# As frontends with coarse fences have it, ONNX's among them.
FENCED = """
func.func @f(%x: !torch.vtensor<[4],f32>) -> !torch.vtensor<[4],f32> {
  %y = torch.aten.tanh %x : !torch.vtensor<[4],f32> -> !torch.vtensor<[4],f32>
  return %y : !torch.vtensor<[4],f32>
}
"""
WEIGHTED = f"""
func.func @f(%x: tensor<1x64xf32>) -> tensor<1x32xf32> {{
  %w = arith.constant dense<{WEIGHTS.reshape(64, 32).tolist()}> : tensor<64x32xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x32xf32>) -> tensor<1x32xf32>
  %y = linalg.matmul ins(%x, %w : tensor<1x64xf32>, tensor<64x32xf32>) outs(%init : tensor<1x32xf32>) -> tensor<1x32xf32>
  return %y : tensor<1x32xf32>
}}
"""


def command(folder):
    flags = [
        *compiler.GUIDE_FLAGS,
        *compiler.target_flags(tools.HOST),
        *compiler.STATIC_FLAGS,
        "--iree-execution-model=inline-dynamic",
    ]
    return [compiler.find(), *flags, f"--iree-llvmcpu-static-library-output-path={folder / 'm.o'}"]


def compiled(folder, text):
    (folder / "m.mlir").write_text(text)
    inlined.compile_model(folder / "m.mlir", command(folder), folder / "m.vmfb")
    return (folder / "m.vmfb").read_bytes()


def test_weights_are_kept(tmp_path):
    assert WEIGHTS.nbytes < len(compiled(tmp_path, WEIGHTED)) < 2 * WEIGHTS.nbytes


def test_functions_without_fences(tmp_path):
    """The inline HAL has no devices to make fences, and iree-compile refuses to make any."""
    program = compiled(tmp_path, FENCED)
    assert b"hal_inline" in program and b"hal.fence" not in program
    at_abi = phases.compile_to(command(tmp_path), "abi", tmp_path / "m.mlir")
    with modules.parsed(at_abi, "abi") as module:
        assert synchronous.without_fences(module) == 1
        assert not modules.operations(module, "hal.fence.create", "hal.fence.await", "hal.tensor.barrier")
        assert synchronous.without_fences(module) == 0
