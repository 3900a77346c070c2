"""Kernels that differ in the content of their constants alone become one."""

import re

import float_products
import int8_functions
import int8_products
import numpy
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import dispatches, pipeline
from test_products import flow

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)


def kernels(program):
    """{name: number of sites} of the dispatches of a program."""
    with modules.parsed(program, "flow") as module:
        return {dispatch.name: len(dispatch.sites) for dispatch in dispatches.find(module)}


def shared(folder, *functions, names=("share",)):
    return pipeline.rewrite(flow(folder, "\n".join(functions)), names)


@pytest.mark.parametrize("names", [["share"], ["blocks", "share"]])
def test_one_kernel_with_each_sites_constants(tmp_path, names):
    program, notes = shared(tmp_path, float_products.biased(), float_products.biased("again", 5), names=names)
    ((name, sites),) = kernels(program).items()
    assert name.startswith("biased_dispatch") and sites == 2
    assert any(note.endswith(f"share: {name} stands for it") for note in notes)
    with modules.parsed(program, "flow") as module:
        contents = [
            op.attributes["initial_value"] for op in modules.operations(module, "util.global") if "initial_value" in op.attributes
        ]
        found = [numpy.asarray(value).tolist() for value in contents if "tensor<12xf32>" in str(value)]
    assert sorted(found) == sorted([((n + seed) * 37 % 64 - 31) / 16 for n in range(12)] for seed in (0, 5))


def test_kernels_that_differ_in_more_stay(tmp_path):
    program = flow(
        tmp_path,
        float_products.biased() + float_products.biased("residual", 0, residual=True) + float_products.PRODUCTS["matmul"],
    )
    assert pipeline.rewrite(program, ["share"]) == (program, [])


def test_it_has_to_be_asked_for(tmp_path):
    program, _ = shared(tmp_path, float_products.biased(), float_products.biased("again", 5), names=["blocks"])
    assert len(kernels(program)) == 2
    assert "share" in pipeline.parse_names("all")


def test_depthwise_products_keep_what_they_hold_in_registers(tmp_path):
    text, _ = int8_products.PRODUCTS["depthwise_3"]
    other = re.sub(r'"0x(\w+)"', lambda found: f'"0x{found[1][::-1]}"', text.replace("@depthwise_3", "@again"))
    program = flow(tmp_path, int8_products.module([text, other]))
    assert len(kernels(pipeline.rewrite(program, ["share"])[0])) == 1
    assert len(kernels(pipeline.rewrite(program, ["depthwise", "share"])[0])) == 2


@pytest.mark.parametrize("twice", [False, True])
def test_int8_products_for_size_may_differ_in_the_shift_of_their_lines(tmp_path, twice):
    """It is among the weights. Of sums that are rounded twice each channel has its own, anyway."""
    text = int8_functions.matvec("one", 70, 10, twice=twice, scale=int8_functions.NO_TIES)
    other = text.replace("by = arith.constant 7", "by = arith.constant 9").replace(int8_functions.NO_TIES, "0.0213719")
    assert other != text
    program = flow(tmp_path, int8_products.module([text, re.sub(r"@\w+", "@again", other)]))
    assert len(kernels(pipeline.rewrite(program, ["compact", "share"])[0])) == 1
    assert len(kernels(pipeline.rewrite(program, ["smlad", "share"])[0])) == (1 if twice else 2)


def test_what_no_kernel_reads_any_more_is_not_given_to_it(tmp_path):
    """The bias of a product whose requantization has it in its lines: here too long to be part of the kernel."""
    text = int8_functions.matvec("wide", 16, 80, scale=int8_functions.NO_TIES)
    program = flow(tmp_path, int8_products.module([text]))
    after = pipeline.rewrite(program, ["smlad"])[0]
    assert [_inputs(one) for one in (program, after)] == [3, 2]


def _inputs(program):
    with modules.parsed(program, "flow") as module:
        (dispatch,) = dispatches.find(module)
        (site,) = dispatch.sites
        assert len(dispatch.block.arguments) == len(site.operands) + 1
        return len(site.operands)
