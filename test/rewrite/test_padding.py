"""Edits of padded tensors at the global-optimization phase: what they change, and what they leave."""

import pytest
from iree_baremetal import modules
from iree_baremetal.rewrite.layout import barriers, padding

_MODULE = """
#id = affine_map<(a, b) -> (a, b)>
#left = affine_map<(a, b, k) -> (a, k)>
#right = affine_map<(a, b, k) -> (k, b)>
#out = affine_map<(a, b, k) -> (a, b)>
func.func @f(%%x: tensor<8x8xf32>, %%w: tensor<8x8xf32>, %%n: index, %%v: f32) -> (tensor<10x10xf32>, tensor<8x8xf32>) {
  %%empty = tensor.empty() : tensor<8x8xf32>
  %%product = linalg.generic {indexing_maps = [#left, #right, #out], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%%x, %%w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%%empty : tensor<8x8xf32>) {
    ^bb0(%%a: f32, %%b: f32, %%c: f32):
      %%m = arith.mulf %%a, %%b : f32
      %%s = arith.addf %%m, %%c : f32
      linalg.yield %%s : f32
  } -> tensor<8x8xf32>
  %s
}
"""
_SUM = """
  %%%s = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%%%s, %%%s : tensor<8x8xf32>, tensor<8x8xf32>) outs(%%empty : tensor<8x8xf32>) {
    ^bb0(%%a: f32, %%b: f32, %%c: f32):
      %%s = arith.addf %%a, %%b : f32
      linalg.yield %%s : f32
  } -> tensor<8x8xf32>
"""


def module(body):
    return _MODULE % body


def sum_of(name, one, other):
    return _SUM % (name, one, other)


def pad(name, source, low="1, 1", high="1, 1", value="%zero", type_="10x10", zero="%zero = arith.constant 0.0 : f32"):
    return f"""
  {zero}
  %{name} = tensor.pad %{source} low[{low}] high[{high}] {{
    ^bb0(%i: index, %j: index):
      tensor.yield {value} : f32
  }} : tensor<8x8xf32> to tensor<{type_}xf32>"""


def edited(edit, body):
    """(number of changes, the module's text) after edit."""
    with modules.parsed(module(body), "input") as found:
        count = edit(found)
        found.operation.verify()
        return count, str(found)


def after(text, *words):
    """Where the words come in text, which must be in this order."""
    places = [text.index(word) for word in words]
    assert places == sorted(places), text
    return text


RETURN = "return %padded, %sum : tensor<10x10xf32>, tensor<8x8xf32>"
RESIDUAL = sum_of("sum", "product", "x") + pad("padded", "product") + RETURN


def test_a_padded_result_lives_on_as_a_part():
    count, text = edited(padding.hoist, RESIDUAL)
    assert count == 1 and text.count("util.optimization_barrier") == 2
    after(text, "arith.mulf", "tensor.pad", "util.optimization_barrier", "tensor.extract_slice", "arith.addf %in")
    assert "[1, 1] [8, 8] [1, 1] : tensor<10x10xf32> to tensor<8x8xf32>" in text
    with modules.parsed(module(RESIDUAL), "input") as found:
        padding.hoist(found)
        (pad_op,), (slice_op,) = modules.operations(found, "tensor.pad"), modules.operations(found, "tensor.extract_slice")
        assert [use.owner.name for use in pad_op.operands[0].uses] == ["tensor.pad"]  # nobody else needs it unpadded
        assert slice_op.operands[0].owner.operands[0] == pad_op.results[0]
        assert barriers.remove(found) == 2


def test_a_barrier_before_the_padding_goes():
    with modules.parsed(module(RESIDUAL), "input") as found:
        (product,) = [op for op in modules.operations(found, "linalg.generic") if len(op.attributes["iterator_types"]) == 3]
        barriers.barrier(product.results[0])
        assert padding.hoist(found) == 1
        (pad_op,) = modules.operations(found, "tensor.pad")
        assert pad_op.operands[0].owner == product and len(modules.operations(found, "util.optimization_barrier")) == 2
        found.operation.verify()


@pytest.mark.parametrize(
    "body",
    [
        sum_of("sum", "x", "x") + pad("padded", "product") + RETURN,  # nobody else reads it
        sum_of("sum", "x", "x") + pad("padded", "x") + RETURN,  # an argument
        sum_of("sum", "product", "x") + pad("padded", "product", value="%v") + RETURN,  # its value is computed
        sum_of("sum", "product", "x") + pad("some", "product", low="1, %n", type_="10x?")  # its extents are
        + "\n%padded = tensor.cast %some : tensor<10x?xf32> to tensor<10x10xf32>\n" + RETURN,
    ],
    ids=["alone", "argument", "value", "extents"],
)  # fmt: skip
def test_other_paddings_are_not_hoisted(body):
    with modules.parsed(module(body), "input") as found:
        before = str(found)
        assert padding.hoist(found) == 0 and str(found) == before


def test_a_sum_over_a_part_keeps_its_own_place():
    # It can lie where the part lies; padded it could not.
    more = pad("again", "sum", zero="") + sum_of("last", "sum", "x")
    end = "return %again, %last : tensor<10x10xf32>, tensor<8x8xf32>"
    use = sum_of("used", "product", "x")
    body = pad("padded", "product") + use + sum_of("sum", "product", "used") + more + end
    count, text = edited(padding.hoist, body)
    assert count == 1 and text.count("tensor.extract_slice") == 1


def test_paddings_of_results_become_copies():
    count, text = edited(padding.bar, sum_of("sum", "x", "x") + pad("padded", "product") + RETURN)
    assert count == 1
    after(text, "arith.mulf", "util.optimization_barrier", "tensor.pad")


def test_paddings_of_arguments_stay():
    count, text = edited(padding.bar, sum_of("sum", "product", "x") + pad("padded", "x") + RETURN)
    assert count == 0 and "util.optimization_barrier" not in text
