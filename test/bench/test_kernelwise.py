"""The form of each kernel: the quickest, and where it is worth it, a smaller one; never slower than with all as they are."""

from iree_baremetal.bench import kernelwise

# Kernels: a product whose own block is not the best, a softmax that is large when wide, an addition that is best as it is.
COSTS = {
    "product": {"": (9000, 400), "2x3": (8000, 430), "1x5": (9500, 300)},
    "softmax": {"": (500, 20000), "width4": (520, 1300)},
    "addition": {"": (400, 100), "width4": (700, 80)},
}


def forms(costs, **options):
    return {kernel: found["form"] for kernel, found in kernelwise.choose(costs, **options).items()}


def test_the_quickest_of_each():
    assert forms(COSTS, slack=0) == {"product": "2x3"}


def test_a_smaller_kernel_where_all_in_all_it_costs_little():
    """20 of 8,920 cycles for 18,700 of 20,500 bytes; not 300 for 20."""
    assert forms(COSTS) == {"product": "2x3", "softmax": "width4"}
    found = kernelwise.choose(COSTS)["softmax"]
    assert found == {"form": "width4", "cost": [500, 520], "bytes": [20000, 1300]}


def test_never_slower_than_all_as_they_are():
    """Half of what is gained can be spent: without the product's better block nothing is."""
    own = COSTS | {"product": {"": (9000, 400), "1x5": (9500, 300)}}
    assert forms(own) == {}
    little = COSTS | {"product": {"": (9000, 400), "2x3": (8962, 430)}}  # 38 gained, 20 would be spent
    assert forms(little) == {"product": "2x3"}
    assert forms(COSTS | {"product": {"": (9000, 400), "2x3": (8959, 430)}}) == {"product": "2x3", "softmax": "width4"}


def test_a_few_bytes_are_not_worth_speed():
    costs = {"big": {"": (10000, 1000), "2x2": (9000, 1000)}, "small": {"": (500, 90), "size": (550, 80)}}
    assert forms(costs, slack=1) == {"big": "2x2"}
    costs["small"]["size"] = (501, 80)
    assert forms(costs, slack=1) == {"big": "2x2", "small": "size"}


def test_of_equal_cost_the_smaller_one_and_of_equals_its_own():
    assert forms({"k": {"": (10, 9), "a": (10, 5), "b": (10, 7)}}) == {"k": "a"}
    assert forms({"k": {"": (10, 5), "a": (10, 5)}}) == {}


def test_whom_a_kernel_stands_for_has_its_form():
    found = kernelwise.choose(COSTS, {"twin": "product", "other": "addition"}, slack=0)
    assert set(found) == {"product", "twin"} and found["twin"] == {"form": "2x3"}


def test_where_nothing_was_measured():
    assert kernelwise.choose({}) == {}


def measured(kernels, forms, failed=""):
    return {"failed": failed, "kernels": kernels, "forms": forms}


def test_the_options_are_those_of_builds_that_work():
    base = measured({"a": [100, 10, 2], "b": [50, 10, 1]}, {})
    others = [
        measured({"a": [90, 12, 2], "b": [50, 10, 1]}, {"a": "2x3"}),
        measured({"a": [1, 1, 2]}, {"a": "1x5"}, failed="board b differs from the host reference"),
        measured({"a": [60, 12, 1], "a2": [30, 12, 1]}, {"a": "2x2", "a2": "2x2"}),  # no longer one for both layers
        measured({"a": [100, 10, 2], "b": [40, 9, 1]}, {"b": "size"}),
    ]
    assert kernelwise.options(base, others) == {"a": {"": (100, 10), "2x3": (90, 12)}, "b": {"": (50, 10), "size": (40, 9)}}


def test_the_table_says_what_each_gains():
    first, second = kernelwise.lines(kernelwise.choose(COSTS, {"twin": "product"}))
    assert first.split() == "9,000 → 8,000 400 → 430 bytes 2x3 product".split()
    assert second.split() == "500 → 520 20,000 → 1,300 bytes width4 softmax".split()
    assert kernelwise.lines({}) == []
