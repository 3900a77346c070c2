"""Which kernels are compiled for size, and how."""

import int8_elementwise
import int8_functions
import int8_products
import pytest
from iree_baremetal import compiler, modules
from iree_baremetal.rewrite import brevity, dispatches, pipeline
from test_products import flow

pytestmark = pytest.mark.skipif(
    compiler.version(compiler.find()) != compiler.PINNED, reason="other versions leave other operations at this phase"
)
EXP = """
  func.func @exp(%x: tensor<24xf32>) -> tensor<24xf32> {
    %y = math.exp %x : tensor<24xf32>
    return %y : tensor<24xf32>
  }
"""
BIG = int8_functions.matmul("big", 40, 64, 24)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """61,440 multiply-accumulates, 700, and 24 exponentials."""
    text = int8_products.module([BIG, int8_products.PRODUCTS["matvec_odd"][0], EXP])
    return flow(tmp_path_factory.mktemp("brevity"), text)


def attributes(program, names):
    """{name of a function of the model: (LLVM's attributes, whether it goes through a pipeline of our choice)}"""
    after, lines = pipeline.rewrite(program, names)
    with modules.parsed(after, "flow") as module:
        found = {d.name.split("_dispatch")[0]: d.function.attributes for d in dispatches.find(module)}
        own = {
            name: ([a.value for a in one["passthrough"]] if "passthrough" in one else [], "translation_info" in one)
            for name, one in found.items()
        }
    return own, [line for line in lines if line.endswith("for size")]


def test_what_takes_little_time_is_compiled_for_size(program):
    own, lines = attributes(program, ["brief"])
    assert own["big"] == ([], False)
    assert own["exp"] == (["minsize", "optsize"], True)
    assert own["matvec_odd"] == ([], False)  # about a hundredth, but a product that keeps the compiler's vectors
    assert len(lines) == 1 and all(": brief: " in line for line in lines)


def test_all_for_size(program):
    own, lines = attributes(program, ["small"])
    assert own["big"] == (["optsize"], False) and own["exp"] == (["minsize", "optsize"], True)
    assert len(lines) == 3


def test_rewritten_products_count_as_they_were(program):
    own, _ = attributes(program, pipeline.parse_names("all"))
    assert own["big"] == ([], False) and own["matvec_odd"] == (["optsize"], False)
    assert "small" not in pipeline.parse_names("all")


@pytest.mark.parametrize("names, own", [("all", ["optsize"]), ("all,small", ["minsize", "optsize"])])
def test_the_least_product_is_for_size_at_any_cost_only_where_all_are(tmp_path, names, own):
    program = flow(tmp_path, int8_products.module([BIG, int8_products.matvec("least", 16, 10)]))
    assert attributes(program, pipeline.parse_names(names))[0]["least"] == (own, False)


def test_a_kernel_takes_the_time_of_all_layers_that_it_computes(tmp_path):
    layer, _ = int8_products.PRODUCTS["matvec_odd"]
    program = flow(tmp_path, int8_products.module([BIG, layer, layer.replace("@matvec_odd", "@again")]))
    own, _ = attributes(program, ["share", "brief"])
    assert own == {"big": ([], False), "matvec_odd": ([], False)}


def test_what_would_put_tensors_on_the_stack_keeps_its_pipeline(tmp_path):
    program = flow(tmp_path, int8_products.module([EXP, int8_products.PRODUCTS["conv_odd"][0]]))
    with modules.parsed(program, "flow") as module:
        plain = {d.name.split("_dispatch")[0]: brevity.work(d).is_plain for d in dispatches.find(module)}
    assert plain == {"exp": True, "conv_odd": False}


def test_sums_of_floats_keep_their_order(tmp_path):
    """An average pool's ties go by the order of its additions, which another pipeline would change."""
    mean = int8_elementwise.mean("mean_of_ties", **int8_elementwise.MEANS["mean_of_ties"])
    big = int8_functions.matmul("big", 320, 128, 48)
    own, _ = attributes(flow(tmp_path, int8_products.module([big, mean, EXP])), ["small"])
    assert own["mean_of_ties"][1] is False and own["exp"][1] is True
