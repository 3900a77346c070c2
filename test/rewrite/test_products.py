"""Products at the flow phase: which rewrite takes which, and what it leaves."""

import re

import int8_functions
import int8_products
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import lowering
from iree_baremetal.errors import BaremetalError
from iree_baremetal.rewrite import pipeline

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)


def lowered(folder, text, rewrites=(), on="mps2-an386"):
    """The model, `lowering.Lowered`."""
    model = folder / "model.mlir"
    model.write_text(text)
    flags = [*compiler.target_flags(board.load(on)), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    return lowering.lower(model, [compiler.find(), *flags], 16, rewrites, is_narrow=False)


def flow(folder, text, on="mps2-an386"):
    """The model at the flow phase, as bytes."""
    return lowered(folder, text, on=on).flow


def said(notes, name):
    """{rewrite: outcome} of the dispatches of function name."""
    return dict(line.split(": ", 2)[1:] for line in notes if line.startswith(f"{name}_dispatch"))


def executable(program, name):
    """The text of the executables of function name."""
    with modules.parsed(program, "flow") as module:
        found = modules.operations(module.operation, "flow.executable")
        return "".join(str(op) for op in found if f"@{name}_dispatch" in str(op)[:200])


def names(rewrites="all"):
    return pipeline.parse_names(rewrites)


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory):
    """(program, notes) of all products in one model."""
    text = int8_products.module(text for text, _ in int8_products.PRODUCTS.values())
    return pipeline.rewrite(flow(tmp_path_factory.mktemp("products"), text), names())


@pytest.fixture(scope="module")
def padded(tmp_path_factory):
    """(program, notes) of all products whose input is padded in one model."""
    text = int8_products.module(text for text, _ in int8_products.PADDED.values())
    return pipeline.rewrite(lowered(tmp_path_factory.mktemp("padded"), text, names()).flow, names())


@pytest.mark.parametrize("name", int8_products.PRODUCTS)
def test_each_product_meets_its_rewrite(rewritten, name):
    program, notes = rewritten
    _, rewrite = int8_products.PRODUCTS[name]
    assert not said(notes, name)[rewrite].startswith("no:"), said(notes, name)
    text = executable(program, name)
    uses_smlad = re.search(r"smla(d|[bt][bt])", text) is not None
    assert uses_smlad == (rewrite != "round")
    assert ("linalg.generic" in text) == (rewrite == "round"), "nothing of a product stays beside its loops"
    assert "math.roundeven" not in text


@pytest.mark.parametrize("name", int8_products.PADDED)
def test_padding_is_nowhere_in_memory(padded, name):
    program, notes = padded
    assert not said(notes, name)[int8_products.PADDED[name][1]].startswith("no:"), said(notes, name)
    text = executable(program, name)
    assert "tensor.pad" not in text and "smla" in text


def test_what_no_rewrite_takes_is_padded_in_memory(tmp_path):
    text = int8_functions.conv("large", 2, 9, 3, 3, pads=int8_products.ROUND, extend="extui")
    program = lowered(tmp_path, text + int8_products.PADDED["padded_odd"][0], names())
    with modules.parsed(program.stream, "stream") as module:
        fills = modules.operations(module, "stream.cmd.fill")
        assert len(fills) == 1  # of the unsigned one
        assert "tensor.pad" not in str(module)


def test_weights_are_words_behind_what_sums_begin_with(rewritten):
    program, _ = rewritten
    with modules.parsed(program, "flow") as module:
        text = str(module)
    assert f"tensor<{6 * (1 + 64 * 9 // 4)}xi32>" in text


@pytest.mark.parametrize("name", int8_products.OTHERS)
def test_what_does_not_match_stays(tmp_path, name):
    program = flow(tmp_path, int8_products.module([int8_products.OTHERS[name]]))
    after, notes = pipeline.rewrite(program, names("mve,smlad,compact,depthwise,attention"))
    assert after == program
    assert notes and all(": no: " in line for line in notes)


def test_a_core_without_dsp_keeps_its_products(tmp_path):
    text, _ = int8_products.PRODUCTS["matvec_odd"]
    program, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), "mps2-an385"), names())
    assert said(notes, "matvec_odd")["smlad"] == "no: the core has no DSP extension"
    text = executable(program, "matvec_odd")
    assert "llvm.arm" not in text and "math.roundeven" not in text


def test_a_core_with_mve_takes_sixteen_products_at_once(tmp_path):
    text, _ = int8_products.PRODUCTS["matvec_odd"]
    program, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), "mps3-an547"), names())
    assert said(notes, "matvec_odd")["mve"] == "int8 product"
    assert "vector.reduction <add>" in executable(program, "matvec_odd")
    text = int8_products.module([text])
    assert (
        said(pipeline.rewrite(flow(tmp_path, text, "mps3-an547-nomve"), names())[1], "matvec_odd")["mve"]
        == "no: the core has no MVE"
    )


STRIPS = {
    "conv_vectors": True,
    "conv_parts": True,
    "conv_large": True,
    "conv_skipped": True,
    "matmul_tall": True,
    "matmul_odd": True,  # three pixels
    "padded_deep": True,
    "padded_last_deep": True,
    "padded_channels": False,
    "matvec_odd": False,
}


@pytest.mark.parametrize("name", STRIPS)
def test_a_core_with_mve_lays_activations_out_in_strips(tmp_path, name):
    text = {**int8_products.PRODUCTS, **int8_products.PADDED}[name][0]
    program = lowered(tmp_path, int8_products.module([text]), names(), "mps3-an547").flow
    program, notes = pipeline.rewrite(program, names())
    assert said(notes, name)["mve"] == "int8 product"
    text = executable(program, name)
    assert ("vmlava.s8" in text) == STRIPS[name] != ("vector.reduction" in text) and "tensor.pad" not in text


LANES = {
    "depthwise_lines": True,
    "depthwise_wide_lines": True,
    "depthwise_excepted": True,
    "depthwise_bent_lines": False,
    "depthwise_mixed": False,
}


@pytest.mark.parametrize("name", LANES)
def test_a_core_with_mve_takes_four_pixels_of_a_depthwise_row_at_once(tmp_path, name):
    program = flow(tmp_path, int8_products.module([int8_products.PRODUCTS[name][0]]), "mps3-an547")
    program, notes = pipeline.rewrite(program, names())
    assert said(notes, name)["depthwise"] == "depthwise int8 product"
    assert ("llvm.arm.mve.vmulh" in executable(program, name)) == LANES[name]


@pytest.mark.parametrize("name, stores", [("depthwise_excepted", 4), ("depthwise_lines", 2)])
def test_channels_without_exceptions_have_loops_without_their_code(tmp_path, name, stores):
    program = flow(tmp_path, int8_products.module([int8_products.PRODUCTS[name][0]]))
    program, _ = pipeline.rewrite(program, names())
    text = executable(program, name)
    assert text.count("tensor.insert ") == stores
    assert text.count("arith.cmpi ult") == (2 if stores == 4 else 0)  # one for each pixel of one of two tiles


@pytest.mark.parametrize("name", ["depthwise_lines", "depthwise_bent_lines"])
def test_lines_are_loaded_before_assembly(tmp_path, name):
    """LLVM repeats what is loaded behind assembly for each tile: 0.5 M of the 4.5 M cycles of kws_int8.tflite."""
    program = flow(tmp_path, int8_products.module([int8_products.PRODUCTS[name][0]]))
    program, _ = pipeline.rewrite(program, names())
    lines = executable(program, name).splitlines()
    first = next(number for number, line in enumerate(lines) if "llvm.inline_asm" in line)
    assert not [line for line in lines[first:] if "tensor.extract" in line]


ROWS = {"qemu-rv32": 5, "mps2-an386": 2, "microbit": 2}


@pytest.mark.parametrize("on", ROWS)
def test_as_many_pixels_of_a_depthwise_row_as_registers_hold(tmp_path, on):
    program = flow(tmp_path, int8_products.module([int8_products.PRODUCTS["depthwise_lines"][0]]), on)
    program, notes = pipeline.rewrite(program, names())
    assert said(notes, "depthwise_lines")["depthwise"] == "depthwise int8 product"
    assert executable(program, "depthwise_lines").count("tensor.insert ") == ROWS[on]


CHANNELS = ["depthwise_last_four", "depthwise_last_excepted", "depthwise_last_bent", "depthwise_last_large"]


@pytest.mark.parametrize("name", [*CHANNELS, "padded_depthwise_last_four"])
def test_a_core_with_mve_takes_four_channels_that_lie_side_by_side_at_once(tmp_path, name):
    text = {**int8_products.PRODUCTS, **int8_products.PADDED}[name][0]
    program = lowered(tmp_path, int8_products.module([text]), names(), "mps3-an547").flow
    program, notes = pipeline.rewrite(program, names())
    assert said(notes, name)["depthwise"] == "depthwise int8 product, four channels at once"
    assert "llvm.arm.mve.vmulh" in executable(program, name)


@pytest.mark.parametrize("board", ["mps2-an385", "mps3-an547"])
def test_channels_that_lie_side_by_side_are_left_to_the_compiler(tmp_path, board):
    text, _ = int8_products.PRODUCTS["depthwise_last"]
    _, notes = pipeline.rewrite(flow(tmp_path, int8_products.module([text]), board), names())
    assert said(notes, "depthwise_last")["depthwise"] == "no: its taps do not lie side by side"


def test_only_what_is_asked_for(tmp_path):
    text, _ = int8_products.PRODUCTS["depthwise_3"]
    program = flow(tmp_path, int8_products.module([text]))
    after, notes = pipeline.rewrite(program, names("round"))
    assert said(notes, "depthwise_3") == {"round": "1 quantizations"}
    assert "llvm.arm" not in executable(after, "depthwise_3")
    assert pipeline.rewrite(program, names("none")) == (program, [])


def test_an_unknown_name_is_refused():
    with pytest.raises(BaremetalError, match="rewrites=smlad,rond: there is no 'rond'. There are: nhwc, mve, compact, smlad, "):
        names("smlad,rond")
