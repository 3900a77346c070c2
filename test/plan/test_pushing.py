"""What has to hold of steps whose input the caller gives row by row."""

import pytest
from iree_baremetal.plan import pushing, streaming
from iree_baremetal.plan.model import Copy, Dispatch, Function, Span, Tensor
from iree_baremetal.plan.pushing import Refused
from iree_baremetal.plan.slabs import Slab, Window

X, Y = Span("input", 0, 0, 96), Span("output", 0, 0, 96)
SLABS = {
    name: Slab(12, 8, {0: Window(1, -1, 3, 12, 8, (0, 1), False, name == "first")}) for name in ("first", "second")
}  # fmt: skip


def dispatch(kernel, *spans):
    return Dispatch(kernel, (1, 1, 1), (), spans, access=("r",) * (len(spans) - 1) + ("w",))


def t(index, length=96):
    return Span("transient", index, 0, length)


def function(*steps, shape=(1, 12, 8), inputs=()):
    streamed = streaming.stream(pushing.results_last(list(steps), SLABS), SLABS)
    return Function("f", [Tensor("x", "i8", shape), *inputs], [Tensor("y", "i8", (12, 8))], streamed, [])


def test_rows_of_the_input_are_taken_one_by_one_and_in_their_order():
    made = function(dispatch("first", X, t(0)), dispatch("second", t(0), t(1)), dispatch("last", t(1), Y))
    pushed = pushing.of(made, SLABS)
    assert (pushed.input, pushed.rows, pushed.size, pushed.needed) == (0, 12, 8, 12)
    # Two rows of the input are one of the first layer, three are two, and one of the second.
    assert pushed.dispatches[:5] == (0, 0, 1, 3, 5)


def test_results_are_written_when_all_rows_are_there():
    made = function(dispatch("first", X, t(0)), dispatch("second", t(0), Y))
    takes = [n for n, step in enumerate(made.steps) if isinstance(step, Copy) and step.source.place == "input"]
    ends = [n for n, step in enumerate(made.steps) if getattr(step, "target", Y) == Y and isinstance(step, Copy)]
    assert pushing.of(made, SLABS).rows == 12 and ends == [len(made.steps) - 1] and takes[-1] < ends[0]


def refused(*steps, **how):
    with pytest.raises(Refused) as caught:
        pushing.of(function(*steps, **how), SLABS)
    return str(caught.value)


def test_nobody_else_reads_the_input():
    steps = dispatch("first", X, t(0)), dispatch("second", t(0), t(1))
    assert "later needs the whole of the input" in refused(*steps, dispatch("later", X, t(1), Y))
    assert "before needs the whole of the input" in refused(dispatch("before", X, t(9)), *steps, dispatch("later", t(9), t(1), Y))


def test_what_comes_with_the_results_is_not_needed_before():
    other = Span("input", 1, 0, 8)
    steps = dispatch("early", other, t(9, 8)), dispatch("first", X, t(0)), dispatch("second", t(0), t(1))
    more = [Tensor("gain", "i8", (8,))]
    assert "early needs gain, which comes with the call for the results, before all rows of x are there" in refused(
        *steps, dispatch("last", t(9, 8), t(1), Y), inputs=more
    )
    late = *steps[1:], dispatch("last", other, t(1), Y)
    assert pushing.of(function(*late, inputs=more), SLABS).rows == 12
    assert "an input is a scalar" in refused(*late, inputs=[*more, Tensor("s", "f32", None)])


def test_rows_are_those_of_the_first_dimension():
    steps = dispatch("first", X, t(0)), dispatch("second", t(0), t(1)), dispatch("last", t(1), Y)
    assert "not those of its first dimension" in refused(*steps, shape=(4, 3, 8))
    assert pushing.of(function(*steps, shape=(1, 1, 12, 4, 2)), SLABS).size == 8
