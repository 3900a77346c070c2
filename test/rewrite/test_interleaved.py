"""An input of channels, rows and columns gets channels last, where nothing but convolutions reads it."""

import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import phases
from iree_baremetal.rewrite.layout import channels_last, interleaved

CONV = """
func.func @f(%x: tensor<1x{c}x8x8xf32>) -> tensor<1x4x6x6xf32> {{
  %w = arith.constant dense<0.5> : tensor<4x{c}x3x3xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x4x6x6xf32>
  %start = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32>
  %y = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x{c}x8x8xf32>, tensor<4x{c}x3x3xf32>) outs(%start : tensor<1x4x6x6xf32>)
    -> tensor<1x4x6x6xf32>
  {more}
}}
"""
PLAIN = "return %y : tensor<1x4x6x6xf32>"
# What reads the input, too, and sees channels first.
OTHER = """%first = tensor.extract_slice %x[0, 0, 0, 0] [1, 1, 6, 6] [1, 1, 1, 1] : tensor<1x{c}x8x8xf32> to tensor<6x6xf32>
  %sum = linalg.generic {{indexing_maps = [affine_map<(a, b, c, d) -> (c, d)>, affine_map<(a, b, c, d) -> (a, b, c, d)>],
    iterator_types = ["parallel", "parallel", "parallel", "parallel"]}} ins(%first : tensor<6x6xf32>) outs(%y : tensor<1x4x6x6xf32>) {{
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %a, %b : f32
    linalg.yield %c : f32
  }} -> tensor<1x4x6x6xf32>
  return %sum : tensor<1x4x6x6xf32>"""


@pytest.mark.parametrize("channels, more, count", [(3, PLAIN, 1), (1, PLAIN, 0), (3, OTHER, 0)])
def test_an_input_is_interleaved_where_convolutions_alone_read_it(tmp_path, channels, more, count):
    model = tmp_path / "model.mlir"
    model.write_text(CONV.format(c=channels, more=more.format(c=channels)))
    command = [compiler.find(), *compiler.target_flags(board.load("mps2-an386")), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    start = phases.compile_to(command, "global-optimization", model)
    last, _ = modules.edited(start, "global-optimization", channels_last.apply)
    changed, counts = modules.edited(last, "global-optimization", interleaved.apply)
    assert counts == [count]
    with modules.parsed(changed, "global-optimization") as module:
        (given,) = modules.operations(module, "hal.tensor.import")
        shape = list(given.results[0].type.shape)
    assert shape == ([1, 8, 8, channels] if count else [1, channels, 8, 8])
    phases.compile_to(command, "flow", changed, "global-optimization")  # which holds types against each other
