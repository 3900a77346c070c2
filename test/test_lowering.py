"""From a model to its buffers with the real iree-compile: barriers are kept where the arena shrinks."""

import pytest

import tools
from iree_baremetal import compiler, lowering, modules
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import commands

# Quantized, and at once taken back, in front of a mean over the last dimension.
MODEL = """
func.func @f(%x: tensor<48x32xi8>, %w: tensor<32x64xi8>) -> tensor<48xf32> {
  %zero = arith.constant 0 : i32
  %nought = arith.constant 0.0 : f32
  %scale = arith.constant 0.125 : f32
  %offset = arith.constant 3 : i64
  %wide = tensor.empty() : tensor<48x64xi32>
  %init = linalg.fill ins(%zero : i32) outs(%wide : tensor<48x64xi32>) -> tensor<48x64xi32>
  %product = linalg.matmul ins(%x, %w : tensor<48x32xi8>, tensor<32x64xi8>) outs(%init : tensor<48x64xi32>) -> tensor<48x64xi32>
  %real = arith.sitofp %product : tensor<48x64xi32> to tensor<48x64xf32>
  %i8 = tensor.empty() : tensor<48x64xi8>
  %q = iree_linalg_ext.quantize_affine <indexing_maps = [
      affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> ()>, affine_map<(a, b) -> ()>, affine_map<(a, b) -> (a, b)>],
      quant_min = -128, quant_max = 127> ins(%real, %scale, %offset : tensor<48x64xf32>, f32, i64)
      outs(%i8 : tensor<48x64xi8>) -> tensor<48x64xi8>
  %f32 = tensor.empty() : tensor<48x64xf32>
  %d = iree_linalg_ext.dequantize_affine <indexing_maps = [
      affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> ()>, affine_map<(a, b) -> ()>, affine_map<(a, b) -> (a, b)>],
      quant_min = -128, quant_max = 127> ins(%q, %scale, %offset : tensor<48x64xi8>, f32, i64)
      outs(%f32 : tensor<48x64xf32>) -> tensor<48x64xf32>
  %sums = tensor.empty() : tensor<48xf32>
  %none = linalg.fill ins(%nought : f32) outs(%sums : tensor<48xf32>) -> tensor<48xf32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(a, b) -> (a, b)>, affine_map<(a, b) -> (a)>], iterator_types = ["parallel", "reduction"]}
      ins(%d : tensor<48x64xf32>) outs(%none : tensor<48xf32>) {
    ^bb0(%e: f32, %s: f32):
      %t = arith.addf %s, %e : f32
      linalg.yield %t : f32
  } -> tensor<48xf32>
  return %sum : tensor<48xf32>
}
"""


@pytest.fixture(scope="module")
def lower(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lowering")
    (folder / "net.mlir").write_text(MODEL)
    library = f"--iree-llvmcpu-static-library-output-path={folder}/net_library.o"
    command = [compiler.find(), *compiler.target_flags(tools.HOST), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS, library]
    return lambda **options: lowering.lower(folder / "net.mlir", command, 64, **options)


def names(program, phase, operation):
    with modules.parsed(program, phase) as module:
        return [op.attributes["sym_name"].value for op in modules.operations(module, operation)]


def test_quantized_tensors_stay_narrow_between_dispatches(lower):
    narrow, wide = lower(), lower(is_narrow=False)
    assert commands.arena_size(narrow.stream, 64) == 64 * 48
    assert commands.arena_size(wide.stream, 64) == 4 * 64 * 48
    assert narrow.notes == ["narrow: 1 barriers, arena 12288 without them, 3072 with them: kept"]
    assert wide.notes == []
    assert b"optimization_barrier" not in narrow.flow + narrow.stream


def test_what_it_leaves_at_the_flow_phase_has_the_kernels_of_the_end(lower):
    lowered = lower()
    exported = names(lowered.stream, "stream", "stream.executable.export")
    executables = names(lowered.flow, "flow", "flow.executable")
    assert exported and all(any(symbol.startswith(name) for name in executables) for symbol in exported)


def test_an_error_of_the_compiler_is_told_in_its_own_words(tmp_path):
    (tmp_path / "net.mlir").write_text("func.func @f() { what }")
    with pytest.raises(BaremetalError, match=r"net\.mlir:1:18: error"):
        lowering.lower(tmp_path / "net.mlir", [compiler.find(), *compiler.GUIDE_FLAGS], 64)


def test_sizes_of_run_time_give_no_estimate():
    program = """
util.func @f(%a: !stream.resource<transient>, %n: index) {
  %c0 = arith.constant 0 : index
  %v = arith.constant 0 : i8
  %done = stream.cmd.execute with(%a as %b: !stream.resource<transient>{%n}) {
    stream.cmd.fill %v, %b[%c0 for %n] : i8 -> !stream.resource<transient>{%n}
  } => !stream.timepoint
  util.return
}
"""
    assert commands.arena_size(program, 64) is None
    assert commands.arena_size(program.replace("%n: index", "").replace("transient>, ", "transient>").replace(
        "%c0 =", "%n = arith.constant 100 : index\n  %c0 ="), 64) == 128  # fmt: skip
