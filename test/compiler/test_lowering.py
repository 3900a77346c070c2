"""From a model to its buffers with the real iree-compile: what is changed between its phases."""

import pytest
import tools
from iree_baremetal import compiler, modules
from iree_baremetal.compiler import lowering
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import commands
from iree_baremetal.rewrite.layout import barriers

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="the quantization is spelled differently elsewhere"
)

# A product, quantized and at once taken back in front of another use.
MODEL = """
#id = affine_map<(a, b) -> (a, b)>
#scalar = affine_map<(a, b) -> ()>
func.func @f(%x: tensor<48x32xi8>, %w: tensor<32x64xi8>, %v: tensor<64x16xi8>) -> tensor<48x16xi32> {
  %zero = arith.constant 0 : i32
  %scale = arith.constant 0.125 : f32
  %offset = arith.constant 3 : i64
  %wide = tensor.empty() : tensor<48x64xi32>
  %init = linalg.fill ins(%zero : i32) outs(%wide : tensor<48x64xi32>) -> tensor<48x64xi32>
  %product = linalg.matmul ins(%x, %w : tensor<48x32xi8>, tensor<32x64xi8>) outs(%init : tensor<48x64xi32>) -> tensor<48x64xi32>
  %real = arith.sitofp %product : tensor<48x64xi32> to tensor<48x64xf32>
  %i8 = tensor.empty() : tensor<48x64xi8>
  %q = iree_linalg_ext.quantize_affine <indexing_maps = [#id, #scalar, #scalar, #id], quant_min = -128, quant_max = 127>
      ins(%real, %scale, %offset : tensor<48x64xf32>, f32, i64) outs(%i8 : tensor<48x64xi8>) -> tensor<48x64xi8>
  %f32 = tensor.empty() : tensor<48x64xf32>
  %d = iree_linalg_ext.dequantize_affine <indexing_maps = [#id, #scalar, #scalar, #id], quant_min = -128, quant_max = 127>
      ins(%q, %scale, %offset : tensor<48x64xi8>, f32, i64) outs(%f32 : tensor<48x64xf32>) -> tensor<48x64xf32>
  %more = arith.addf %d, %d : tensor<48x64xf32>
  %again = iree_linalg_ext.quantize_affine <indexing_maps = [#id, #scalar, #scalar, #id], quant_min = -128, quant_max = 127>
      ins(%more, %scale, %offset : tensor<48x64xf32>, f32, i64) outs(%i8 : tensor<48x64xi8>) -> tensor<48x64xi8>
  %wide2 = tensor.empty() : tensor<48x16xi32>
  %init2 = linalg.fill ins(%zero : i32) outs(%wide2 : tensor<48x16xi32>) -> tensor<48x16xi32>
  %y = linalg.matmul ins(%again, %v : tensor<48x64xi8>, tensor<64x16xi8>) outs(%init2 : tensor<48x16xi32>) -> tensor<48x16xi32>
  return %y : tensor<48x16xi32>
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


def test_barriers_stand_behind_quantizations_that_are_taken_back():
    with modules.parsed(MODEL, "input") as module:
        assert barriers.add(module) == 1
        first, second = modules.operations(module, "iree_linalg_ext.quantize_affine")
        (barrier,) = modules.operations(module, "util.optimization_barrier")
        assert barrier.operands[0] == first.results[0]
        assert [use.owner.name for use in barrier.results[0].uses] == ["iree_linalg_ext.dequantize_affine"]
        assert [use.owner.name for use in second.results[0].uses] == ["linalg.matmul"]
        assert barriers.add(module) == 0  # the barrier is there
        assert barriers.remove(module) == 1
        assert [use.owner.name for use in first.results[0].uses] == ["iree_linalg_ext.dequantize_affine"]
        assert not modules.operations(module, "util.optimization_barrier")


def test_barriers_that_cost_ram_are_not_kept(lower):
    tried, plain = lower(), lower(is_narrow=False)
    assert tried.notes == ["narrow: 1 barriers, arena 3072 without them, 6144 with them: not kept"]
    assert (tried.flow, tried.stream, plain.notes) == (plain.flow, plain.stream, [])
    assert commands.arena_size(plain.stream, 64) == 48 * 64


# The same with its input padded twice, which somebody else reads, too.
PADDED = MODEL.replace("(%x: tensor<48x32xi8>", "(%u: tensor<44x28xi8>").replace(
    "%wide = tensor.empty",
    """
  %shift = arith.constant 1 : i8
  %some = tensor.empty() : tensor<44x28xi8>
  %v8 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%u : tensor<44x28xi8>) outs(%some : tensor<44x28xi8>) {
    ^bb0(%a: i8, %b: i8):
      %c = arith.addi %a, %shift : i8
      linalg.yield %c : i8
  } -> tensor<44x28xi8>
  %x = tensor.pad %v8 low[2, 2] high[2, 2] {
    ^bb0(%i: index, %j: index):
      tensor.yield %shift : i8
  } : tensor<44x28xi8> to tensor<48x32xi8>
  %wide = tensor.empty""",
    1,
)


def test_of_several_ways_the_one_with_the_smallest_arena_is_kept(tmp_path):
    (tmp_path / "net.mlir").write_text(PADDED)
    command = [compiler.find(), *compiler.target_flags(tools.HOST), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]

    def lowered(*sizes):
        measured = []

        def measure(stream):
            measured.append(stream)
            return sizes[len(measured) - 1]

        return lowering.lower(tmp_path / "net.mlir", command, 64, overlapped=measure), measured

    found, measured = lowered(100, 100, 90)
    assert found.notes == [
        "narrow: 1 barriers, arena 100 without them, 100 with them: not kept",
        "padding by copies: 2 barriers, arena 100 without them, 90 with them: kept",
    ]
    assert found.stream == measured[2] != measured[0]
    found, measured = lowered(100, 80, 90)
    assert [note.rsplit(": ", 1)[1] for note in found.notes] == ["kept", "not kept"]
    assert found.stream == measured[1] != measured[2]
    assert names(found.stream, "stream", "stream.executable.export"), "what is chosen can be compiled further"


def test_what_it_leaves_at_the_flow_phase_has_the_kernels_of_the_end(lower):
    lowered = lower()
    exported = names(lowered.stream, "stream", "stream.executable.export")
    executables = names(lowered.flow, "flow", "flow.executable")
    assert exported and all(any(symbol.startswith(name) for name in executables) for symbol in exported)


def test_an_error_of_the_compiler_is_told_in_its_own_words(tmp_path):
    (tmp_path / "net.mlir").write_text("func.func @f() { what }")
    with pytest.raises(BaremetalError, match=r"net\.mlir:1:18: error"):
        lowering.lower(tmp_path / "net.mlir", [compiler.find(), *compiler.GUIDE_FLAGS], 64)


FILLED = """
util.func @f(%a: !stream.resource<transient>) {
  %n = arith.constant 100 : index
  %c0 = arith.constant 0 : index
  %v = arith.constant 0 : i8
  %done = stream.cmd.execute with(%a as %b: !stream.resource<transient>{%n}) {
    stream.cmd.fill %v, %b[%c0 for %n] : i8 -> !stream.resource<transient>{%n}
  } => !stream.timepoint
  util.return
}
"""


def test_the_arena_is_estimated_where_its_sizes_are_known():
    assert commands.arena_size(FILLED, 64) == 128
    at_run_time = FILLED.replace("%n = arith.constant 100 : index", "").replace("transient>) {", "transient>, %n: index) {")
    assert commands.arena_size(at_run_time, 64) is None
