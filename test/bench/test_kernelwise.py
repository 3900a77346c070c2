"""The width of vectors of each kernel: the quickest, and where it costs little, the smallest."""

from iree_baremetal.bench.kernelwise import choose

# Kernels: a product that does not care, a softmax that is large when wide, an addition that is slow when narrow.
WIDE = {"product": (9000, 400), "softmax": (500, 20000), "addition": (400, 100)}
NARROW = {"product": (9000, 400), "softmax": (520, 1300), "addition": (700, 80)}
COSTS = {16: WIDE, 4: NARROW}


def test_the_quickest_of_each():
    assert choose(COSTS, slack=0) == {"product": 16, "softmax": 16, "addition": 16}


def test_a_smaller_kernel_where_all_in_all_it_costs_little():
    assert choose(COSTS, slack=0.01) == {"product": 16, "softmax": 4, "addition": 16}


def test_what_is_saved_most_by_comes_first():
    """20 cycles for 18,700 bytes, 300 for 20: of 320 cycles of slack both are there, of 310 the first."""
    whole = 9000 + 500 + 400
    assert choose(COSTS, slack=320 / whole)["addition"] == 4
    assert choose(COSTS, slack=310 / whole) == {"product": 16, "softmax": 4, "addition": 16}


def test_of_equal_cost_the_smaller_one():
    assert choose({16: {"k": (10, 9)}, 8: {"k": (10, 5)}, 4: {"k": (10, 7)}}, slack=0) == {"k": 8}


def test_a_kernel_that_not_every_width_has_keeps_its_own():
    assert choose({16: WIDE, 4: {"product": (1, 1)}}) == {"product": 4}


def test_where_nothing_was_measured():
    assert choose({}) == {} and choose({16: {}, 4: WIDE}) == {}
