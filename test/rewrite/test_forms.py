"""The forms of kernels: which there are, what asks for them, and what is told of those that are not there."""

import float_products
import int8_products
import pytest
from iree_baremetal import board, compiler, modules
from iree_baremetal.compiler import library_place, lowering
from iree_baremetal.rewrite import pipeline
from iree_baremetal.rewrite.forms import Form, Forms, is_valid
from test_products import flow


@pytest.mark.parametrize("text", ["", "2x3", "gathered", "plain", "size", "speed,width4", "width16", "1x5,size"])
def test_what_is_a_form(text):
    assert is_valid(text)


@pytest.mark.parametrize("text", ["wide", "width3", "2x", "size,speed", "2x3,1x5", "width4,width8", " size"])
def test_what_is_none(text):
    assert not is_valid(text)


def chosen(text, costs, times=None):
    """(the option, the blocks that there are, whether what is asked for is missing) of options by their names."""
    form = Form(text)
    found = form.best(list(costs), costs.get, lambda option: option.split("-")[0], times and times.get)
    return found, form.blocks, form.is_missing


def test_the_best_by_estimate_or_the_one_that_is_asked_for():
    costs = {"1x4-b": 11, "2x2-a": 10, "1x4-a": 12, "5x1-a": 13.9, "6x1-a": 14.1}
    assert chosen("", costs) == ("2x2-a", ["2x2", "1x4", "5x1"], False)  # what takes 1.4 times as long is not tried
    assert chosen("1x4", costs)[::2] == ("1x4-b", False)  # of a name the best
    assert chosen("6x1", costs)[::2] == ("6x1-a", False)
    assert chosen("9x9,size", costs)[::2] == ("2x2-a", True)
    # Where code counts, too, others are ranked by time.
    assert chosen("", costs, {name: 20 - cost for name, cost in costs.items()})[1] == ["2x2", "6x1", "5x1"]


def test_forms_by_their_number():
    forms = Forms(others={"a": ["2x3", "size"], "b": ["width4"]})
    assert [forms.numbered(n) for n in (1, 2, 3)] == [{"a": "2x3", "b": "width4"}, {"a": "size"}, {}]


def lowered(folder, on):
    folder.mkdir(exist_ok=True)
    model = folder / "model.mlir"
    model.write_text(int8_products.module(text for text, _ in int8_products.PRODUCTS.values()))
    flags = [*compiler.target_flags(board.load(on)), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS]
    command = [compiler.find(), *flags, f"--iree-llvmcpu-static-library-output-path={folder / 'own.o'}"]
    return command, lowering.lower(model, command, 16, pipeline.parse_names("all"), is_narrow=False)


@pytest.fixture(scope="module")
def products(tmp_path_factory):
    return lowered(tmp_path_factory.mktemp("forms"), "mps2-an386")


def test_every_product_that_is_rewritten_has_others(products):
    _, found = products
    taken = [line.split(":")[0] for line in found.notes if line.endswith(": int8 product")]
    assert len(taken) > 10
    assert all(set(found.forms.others[name]) & {"size", "speed"} for name in taken)
    assert any({"2x2", "2x3", "1x5", "5x1"} & set(found.forms.others[name]) for name in taken)


def test_a_form_changes_its_kernel_alone(products, tmp_path):
    command, found = products
    kernel, text = next((name, texts[0]) for name, texts in found.forms.others.items() if texts[0][0].isdigit())
    names = pipeline.parse_names("all")
    own = pipeline.rewrite(found.flow, names)[0]
    forms = Forms({kernel: text})
    other = pipeline.rewrite(found.flow, names, forms)[0]
    assert not forms.missing and kernels(own).keys() == kernels(other).keys()
    assert [name for name, asm in kernels(own).items() if kernels(other)[name] != asm] == [kernel]
    # What is not there leaves all as it is, and is told.
    forms = Forms({kernel: "9x9"})
    assert pipeline.rewrite(found.flow, names, forms)[0] == own
    assert forms.missing == [f"{kernel} has no block 9x9"]


def test_what_stands_for_another_has_its_form(tmp_path):
    """Of two layers that are one kernel, each may have forms of its own; with the same they stay one."""
    program = flow(tmp_path, float_products.biased() + float_products.biased("again", 5))
    names = ["blocks", "share"]
    pipeline.rewrite(program, names, found := Forms())
    ((twin, first),) = found.shared.items()
    assert found.others[twin] == found.others[first]
    text = found.others[first][0]
    pipeline.rewrite(program, names, both := Forms({first: text, twin: text}))
    assert both.shared == found.shared
    pipeline.rewrite(program, names, one := Forms({first: text}))
    assert one.shared == {}


def kernels(program):
    """{name: text} of a program's executables."""
    with modules.parsed(program, "flow") as module:
        return {
            op.regions[0].blocks[0].operations[0].operation.attributes["sym_name"].value: op.get_asm(use_local_scope=True)
            for op in modules.operations(module.operation, "flow.executable")
        }


def test_kernels_go_where_the_call_says(products, tmp_path):
    """The first call of iree-compile wrote a place into the program, where those of other forms must not go."""
    command, found = products
    other = [*command, f"--iree-llvmcpu-static-library-output-path={tmp_path / 'other.o'}"]
    with modules.parsed(found.flow, "flow") as module:
        assert "own.o" in str(module)
        assert library_place.follow(module, other) == 1
        assert "own.o" not in str(module) and str(tmp_path / "other.o") in str(module)
        assert library_place.follow(module, other) == 0
