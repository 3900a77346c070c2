"""Maps of int8 between convolutions get channels last by default; what that would transpose stays."""

import int8_functions
import int8_products
import numpy
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import phases
from iree_baremetal.rewrite.layout import nhwc

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)
C, SIDE = 4, 10


# element: (of sums, zero, a product added to %old, a sum as an element, an element added to %old)
BODIES = {
    "i8": (
        "i32",
        "0",
        "%1 = arith.extsi %a : i8 to i32 %2 = arith.extsi %b : i8 to i32 %3 = arith.muli %1, %2 : i32 %4 = arith.addi %old, %3 : i32",
        "%3 = arith.shrsi %a, %eight : i32 %4 = arith.trunci %3 : i32 to i8",
        "%3 = arith.extsi %a : i8 to i32 %4 = arith.addi %old, %3 : i32",
    ),
    "f32": (
        "f32",
        "0.0",
        "%3 = arith.mulf %a, %b : f32 %4 = arith.addf %old, %3 : f32",
        "%4 = arith.maximumf %a, %zero : f32",
        "%4 = arith.addf %old, %a : f32",
    ),
}
# (extent of windows, loops, maps)
CONV = 3, 6, ["d3, d1 + d4, d2 + d5", "d0, d3, d4, d5", "d0, d1, d2"]
DEPTHWISE = 3, 5, ["d0, d1 + d3, d2 + d4", "d0, d3, d4", "d0, d1, d2"]
POINTWISE = 1, 4, ["d3, d1, d2", "d0, d3", "d0, d1, d2"]
STRIDED = *POINTWISE, "of every other pixel"


def _generic(name, loops, maps, parallel, operands, start, body):
    """Text that makes %name; operands: [(name, shape, element)], the last of them what it gives, which begins as start or as any."""
    dims = ", ".join(f"d{n}" for n in range(loops))
    maps = ", ".join(f"affine_map<({dims}) -> ({one})>" for one in maps)
    kinds = ", ".join(['"parallel"'] * parallel + ['"reduction"'] * (loops - parallel))
    *ins, (_, shape, element) = operands
    out, types = int8_functions.tensor(shape, element), [int8_functions.tensor(*one[1:]) for one in ins]
    arguments = ", ".join(f"%{arg}: {one[2]}" for arg, one in zip("ab", ins))
    fill = f"%{name}_f = linalg.fill ins(%zero : {element}) outs(%{name}_e : {out}) -> {out}" if start else ""
    return f"""
    %{name}_e = tensor.empty() : {out}
    {fill}
    %{name} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}}
      ins({", ".join("%" + one[0] for one in ins)} : {", ".join(types)}) outs(%{name}_{"f" if start else "e"} : {out}) {{
    ^bb0({arguments}, %old: {element}):
      {body}
      linalg.yield %4 : {element}
    }} -> {out}"""


def _layer(name, kind, x, element):
    """(text that makes %name by a product of this kind and what narrows its sums, (name, shape, element)) of x, as that."""
    (window, loops, maps, *every_other), (sums, _, product, narrow, _) = kind, BODIES[element]
    channels, side, _ = x[1]
    text = ""
    if every_other:
        part = [channels, side // 2, side // 2]
        text = f"""
    %{name}_p = tensor.extract_slice %{x[0]}[0, 0, 0] {part} [1, 2, 2]
      : {int8_functions.tensor(x[1], element)} to {int8_functions.tensor(part, element)}"""
        x, side = (f"{name}_p", part, element), side // 2
    weights = [C, *([] if kind is DEPTHWISE else [channels]), *([window] * 2 if window > 1 else [])]
    out = [C, side - window + 1, side - window + 1]
    numbers = numpy.random.default_rng(len(name)).integers(-128, 128, weights, numpy.int8)
    dense = int8_functions.constant(numbers) if element == "i8" else f"dense<0.5> : {int8_functions.tensor(weights, 'f32')}"
    operands = [x, (f"{name}_w", weights, element), ("", out, sums)]
    text += f"""
    %{name}_w = arith.constant {dense}{_generic(f"{name}_s", loops, maps, 3, operands, True, product)}"""
    operands = [(f"{name}_s", out, sums), ("", out, element)]
    return text + _generic(name, 3, ["d0, d1, d2"] * 2, 3, operands, False, narrow), (name, out, element)


def _net(name, *layers, flat=False, element="i8"):
    """A function: layers of these kinds, and the sum of each channel or, flat, what the last layer gives."""
    sums, zero, _, _, add = BODIES[element]
    text, x = "", ("x", [3, SIDE, SIDE], element)
    for number, kind in enumerate(layers):
        more, x = _layer(f"layer{number}", kind, x, element)
        text += more
    if not flat:
        text += _generic("sum", 3, ["d0, d1, d2", "d0"], 1, [x, ("", [C], sums)], True, add)
    result, type_ = (x[0], int8_functions.tensor(x[1], element)) if flat else ("sum", f"tensor<{C}x{sums}>")
    return f"""
  func.func @{name}(%x: {int8_functions.tensor([3, SIDE, SIDE], element)}) -> {type_} {{
    %zero = arith.constant {zero} : {sums}
    %eight = arith.constant 8 : i32{text}
    return %{result} : {type_}
  }}"""


def _changed(folder, text, on="mps2-an386"):
    """(number of tensors, the text) after `nhwc`."""
    model = folder / "model.mlir"
    model.write_text(int8_products.module([text]))
    flags = [*compiler.target_flags(board.load(on)), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    program = phases.compile_to([compiler.find(), *flags], "global-optimization", model)
    after, (count,) = modules.edited(program, "global-optimization", nhwc.apply)
    with modules.parsed(after, "global-optimization") as module:
        assert count == 0 or after != program
        return count, "".join(str(op) for op in modules.operations(module.operation, "util.func"))


def _transposes(text):
    """How many generics do nothing but move numbers."""
    return text.count("^bb0(%in: i8, %out: i8):\n        linalg.yield %in : i8")


def test_maps_between_convolutions_change_and_nothing_is_transposed(tmp_path):
    count, text = _changed(tmp_path, _net("net", CONV, CONV, CONV))
    assert count and "-> tensor<8x8x4xi8>" in text and "-> tensor<6x6x4xi8>" in text
    assert "-> tensor<4x8x8xi8>" not in text and "tensor<3x10x10xi8>" in text and "tensor<10x10x3xi8>" not in text
    assert not _transposes(text)


@pytest.mark.parametrize("flat", [True, False])
def test_what_the_model_gives_and_what_is_added_up_stays(tmp_path, flat):
    count, text = _changed(tmp_path, _net("net", CONV, CONV, flat=flat))
    assert count and "-> tensor<8x8x4xi8>" in text and "-> tensor<4x6x6xi8>" in text and "tensor<6x6x4xi8>" not in text
    assert not _transposes(text)


def test_a_convolution_of_single_pixels_keeps_the_order(tmp_path):
    """Its result could not take the place of what it reads: the arena would grow."""
    count, text = _changed(tmp_path, _net("net", CONV, POINTWISE))
    assert not count
    count, text = _changed(tmp_path, _net("net", CONV, POINTWISE, CONV))
    assert count and "-> tensor<4x8x8xi8>" not in text


def test_one_of_every_other_pixel_may_change_it(tmp_path):
    """IREE makes a part of the tensor of them, and a product of single pixels of that: the shortcut of a residual."""
    count, text = _changed(tmp_path, _net("net", CONV, STRIDED, CONV))
    assert count and "-> tensor<8x8x4xi8>" in text and "-> tensor<4x4x4xi8>" in text
    assert "tensor.extract_slice" in text and not _transposes(text)
    count, _ = _changed(tmp_path, _net("net", CONV, STRIDED, flat=True))
    assert count


@pytest.mark.parametrize("on, is_last", [("mps2-an386", False), ("mps3-an547", True)])
def test_depthwise_products_decide_where_one_would_be_slower(tmp_path, on, is_last):
    """Without padding its activations would come one by one without MVE."""
    count, text = _changed(tmp_path, _net("net", CONV, DEPTHWISE, CONV), on)
    assert (count > 0) == is_last == ("-> tensor<8x8x4xi8>" in text)


@pytest.mark.parametrize("on, element", [("mps2-an386", "f32"), ("qemu-rv32", "i8"), ("microbit", "i8")])
def test_floats_and_cores_without_dsp_keep_channels_first(tmp_path, on, element):
    count, text = _changed(tmp_path, _net("net", CONV, CONV, element=element), on)
    assert not count and f"-> tensor<4x8x8x{element}>" in text
