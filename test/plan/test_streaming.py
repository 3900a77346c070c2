"""Layers by rows: steps are run on real bytes, layer by layer and in turns, with kernels of NumPy; answers must be the same."""

from dataclasses import replace

import numpy
import pytest
from iree_baremetal.plan import arena, blocks, streaming
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Span, Tensor, with_spans
from iree_baremetal.plan.slabs import Slab, Window

ZERO = (7, 1)  # what rows are padded with


def dispatch(kernel, *spans):
    """The last of spans is the output."""
    return Dispatch(kernel, (1, 1, 1), (), spans, access=("r",) * (len(spans) - 1) + ("w",))


def t(index, length):
    return Span("transient", index, 0, length)


def window(rows, size, stride=1, first=-1, count=3):
    high = None if count == 1 else ZERO
    return Window(stride, first, count, rows, size, high)


def point(rows, size):
    return Window(1, 0, 1, rows, size)


class Memory:
    """Bytes of all buffers, and kernels: of a row, its number of weights times the sum of what it reads, with a rotation."""

    def __init__(self, slabs, fed):
        self.slabs, self.buffers = slabs, {("input", 0): numpy.array(fed)}

    def at(self, span):
        found = self.buffers.get((span.place, span.index), numpy.zeros(0, "u1"))
        if len(found) < span.offset + span.length:
            found = numpy.concatenate([found, numpy.full(span.offset + span.length - len(found), 0xAA, "u1")])
            self.buffers[span.place, span.index] = found
        return found[span.offset : span.offset + span.length]

    def run(self, steps, by_rows):
        for step in steps:
            if isinstance(step, Copy):
                self.at(step.target)[:] = self.at(step.source).copy()
            elif isinstance(step, Fill):
                self.at(step.target)[:] = step.pattern
            else:
                self.dispatch(step, by_rows and step.kernel in self.slabs)
        return self

    def dispatch(self, step, is_row):
        slab = self.slabs.get(step.kernel)
        given = [self.at(span).copy() for span in step.bindings[:-1]]
        if slab is None:
            self.at(step.bindings[-1])[:] = numpy.resize(sum(int(g.sum()) * (n + 3) for n, g in enumerate(given)), 1)
            return
        out = self.at(step.bindings[-1])
        called = step.constants[-1] if slab.most > 1 else 1
        for row in range(called if is_row else slab.rows):
            total = numpy.zeros(slab.size, "u1")
            for number, own in slab.windows.items():
                if own.is_spread:  # two planes of rows, of which the kernel gets what begins with its own
                    start, plane = row * own.size, own.rows * own.size
                    line = numpy.concatenate([given[number][start + n * plane :][: own.size] for n in (0, 1)])
                    total += numpy.resize(line, slab.size)
                    continue
                source = given[number].reshape(-1, own.size)
                for tap in range(own.count):
                    at = own.stride * row + tap + (0 if is_row else own.first)
                    inside = is_row or 0 <= at < own.rows
                    line = source[at] if inside else numpy.full(own.size, ZERO[0], "u1")
                    total += numpy.resize(numpy.roll(line, tap + number), slab.size) * numpy.uint8(2 * tap + number + 1)
            out[row * slab.size : (row + 1) * slab.size] = total + len(step.kernel)


def check(steps, slabs, overwrite=False, fed=None):
    """The steps by rows, packed, as a `Function`."""
    fed = numpy.random.default_rng(1).integers(0, 256, 4096).astype("u1") if fed is None else fed
    wanted = Memory(slabs, fed).run(steps, False).buffers["output", 0]
    streamed = streaming.stream(steps, slabs, lambda step, number: overwrite)
    numpy.testing.assert_array_equal(Memory(slabs, fed).run(streamed, True).buffers["output", 0], wanted)
    function = Function("f", [], [Tensor("out", "i8", (len(wanted),))], streamed, [])
    arena.place(function, alignment=4, is_ordered=True)

    def packed(span):
        return Span("arena", 0, function.offsets[span.index] + span.offset, span.length) if span.place == "transient" else span

    moved = [with_spans(step, packed) for step in function.steps]
    numpy.testing.assert_array_equal(Memory(slabs, fed).run(moved, True).buffers["output", 0], wanted)
    return function


def chain(*layers, rows=12, size=8):
    """(steps, slabs) of layers, each (window, rows, size) from the one before, the first from the input; to the output."""
    steps, slabs, source, have = [], {}, Span("input", 0, 0, rows * size), (rows, size)
    for number, (make, rows_, size_) in enumerate(layers):
        target = Span("output", 0, 0, rows_ * size_) if number == len(layers) - 1 else t(number, rows_ * size_)
        steps.append(dispatch(f"k{number}", source, target))
        slabs[f"k{number}"] = Slab(rows_, size_, {0: make(*have)})
        source, have = target, (rows_, size_)
    return steps, slabs


def strided(rows, size):
    return window(rows, size, 2, 0)


def test_three_rows_of_each_layer_are_in_memory():
    function = check(*chain((window, 12, 8), (window, 12, 8), (window, 12, 8)))
    # Of the input and of two layers, each of two rows, and one more of two at a time.
    assert function.arena_size == (3 * 2 + 2) * 8
    assert sum(step.kernel == "k1" for step in function.steps if isinstance(step, Dispatch)) == 12


def several(steps, slabs, *most):
    """As `chain` gives it, with constants and at most so many rows a call."""
    slabs = {name: replace(slab, most=count) for (name, slab), count in zip(slabs.items(), most)}
    return [replace(step, constants=(9, 0) if slabs[step.kernel].most > 1 else ()) for step in steps], slabs


@pytest.mark.parametrize("most", [(2, 2, 2), (3, 3, 3), (5, 5, 5), (3, 1, 3), (1, 4, 4), (12, 12, 12)])
def test_several_rows_at_a_time(most):
    steps, slabs = several(*chain((window, 12, 8), (window, 12, 8), (window, 12, 8)), *most)
    function = check(steps, slabs)
    counts = [
        step.constants[-1] for step in function.steps if isinstance(step, Dispatch) and step.kernel == "k2" and step.constants
    ]
    assert sum(counts) == (12 if most[2] > 1 else 0)
    if most[0] == most[1] == most[2]:
        # The layer that is there last begins with whole calls; what is left over is the end of them.
        assert counts == [most[0]] * (12 // most[0]) + ([12 % most[0]] if 12 % most[0] else [])
        assert function.arena_size <= (3 * 2 + 2 * most[0]) * 8


def test_strides_several_rows_at_a_time():
    check(*several(*chain((window, 12, 16), (strided, 6, 24), (strided, 3, 8), (window, 3, 8)), 4, 2, 1, 1))


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_residual_several_rows_at_a_time(overwrite):
    steps, slabs = residual()
    slabs = {name: replace(slab, most=4 if slab.rows == 12 else 2) for name, slab in slabs.items()}
    check([replace(step, constants=(0,) if step.kernel in slabs else ()) for step in steps], slabs, overwrite)


def test_an_unpadded_input_is_read_where_it_is():
    inner = lambda rows, size: Window(1, 0, 3, rows, size)  # noqa: E731
    steps, slabs = chain((inner, 10, 8), (window, 10, 8))
    assert check(steps, slabs).arena_size == 3 * 8


def test_rows_that_lie_in_each_other_are_taken_from_where_they_begin():
    steps, slabs = chain((window, 12, 8), (window, 12, 8))
    given = Span("input", 0, 0, 2 * 12 * 4)
    steps = [dispatch("turned", given, t(9, 96)), dispatch("k0", t(9, 96), steps[0].bindings[1]), steps[1]]
    function = check(steps, slabs | {"turned": Slab(12, 8, {0: Window(1, 0, 1, 12, 4, None, True)})})
    assert function.arena_size == 2 * 3 * 8
    assert (
        len({step.bindings[0].length for step in function.steps if isinstance(step, Dispatch) and step.kernel == "turned"}) == 1
    )


def test_strides_and_rows_of_other_sizes():
    function = check(*chain((window, 12, 16), (strided, 6, 24), (strided, 3, 8), (window, 3, 8)))
    assert function.arena_size < 12 * 16


def test_a_layer_writes_over_the_row_that_it_alone_reads():
    steps, slabs = chain((window, 12, 8), (point, 12, 8), (window, 12, 8))
    assert check(steps, slabs).arena_size == check(steps, slabs, overwrite=True).arena_size


def residual():
    """The sum of what two layers make of a tensor and of the tensor, then another layer; and what reads it whole."""
    size = 12 * 8
    steps = [
        dispatch("first", Span("input", 0, 0, size), t(0, size)),
        dispatch("one", t(0, size), t(1, size)),
        dispatch("two!", t(1, size), t(0, size), t(2, size)),
        dispatch("down", t(2, size), t(3, size // 2)),
        dispatch("short", t(2, size), t(4, size // 2)),
        dispatch("whole", t(3, size // 2), t(4, size // 2), Span("output", 0, 0, 1)),
    ]
    full, half = window(12, 8), Slab(6, 8, {0: strided(12, 8)})
    slabs = {
        "first": Slab(12, 8, {0: full}),
        "one": Slab(12, 8, {0: full}),
        "two!": Slab(12, 8, {0: full, 1: point(12, 8)}),
        "down": half,
        "short": Slab(6, 8, {0: Window(2, 0, 1, 12, 8)}),
    }
    return steps, slabs


@pytest.mark.parametrize("overwrite", [False, True])
def test_residuals_keep_their_rows(overwrite):
    function = check(*residual(), overwrite)
    assert function.arena_size <= (3 + 3 + 3 + 4) * 8 + 2 * 6 * 8


def test_what_others_need_whole_is_there_whole_beside_its_padded_rows():
    size = 12 * 8
    steps = [
        dispatch("k0", Span("input", 0, 0, size), t(0, size)),
        dispatch("k1", t(0, size), t(1, size)),
        dispatch("both", t(0, size), t(1, size), Span("output", 0, 0, 1)),
    ]
    check(steps, {k: Slab(12, 8, {0: window(12, 8)}) for k in ("k0", "k1")})


def test_steps_in_between_come_before_or_after():
    steps, slabs = chain((window, 12, 8), (window, 12, 8), (window, 12, 8))
    aside = dispatch("aside", Span("input", 0, 0, 8), t(9, 8))
    last = dispatch("last", t(9, 8), steps[0].bindings[1], t(10, 8))
    function = check([steps[0], aside, last, *steps[1:]], slabs)
    kernels = [step.kernel for step in function.steps if isinstance(step, Dispatch)]
    assert kernels[0] == "aside" and kernels[-1] == "last"


def refused(steps, slabs):
    with pytest.raises(streaming.Refused) as caught:
        streaming.stream(steps, slabs)
    return str(caught.value)


def test_what_cannot_be():
    steps, slabs = chain((window, 12, 8), (window, 12, 8))
    assert "rows are not those" in refused(steps, slabs | {"k1": Slab(12, 8, {0: window(6, 16)})})
    other = Window(1, -1, 3, 12, 8, (9, 1))
    more = dispatch("k2", t(0, 96), t(5, 96))
    assert "padded in several ways" in refused([*steps, more], slabs | {"k2": Slab(12, 8, {0: other})})
    between = dispatch("between", t(0, 96), t(7, 96))
    back = dispatch("k2", t(0, 96), t(7, 96), t(8, 96))
    assert "needs one layer and gives another" in refused(
        [*steps, between, back], slabs | {"k2": Slab(12, 8, {0: window(12, 8), 1: point(12, 8)})}
    )
    whole = dispatch("k2", t(0, 96), t(6, 96), t(8, 96))
    middle = dispatch("k3", t(0, 96), t(6, 96))
    also = {"k2": Slab(12, 8, {0: window(12, 8)}), "k3": Slab(12, 8, {0: window(12, 8)})}
    assert "needs the whole" in refused([*steps, middle, whole], slabs | also)


def test_a_buffer_is_whole_from_its_first_step_to_its_last():
    steps = [Fill(t(4, 8), 0, 1), dispatch("a", t(4, 8), t(2, 16)), Copy(Span("transient", 2, 8, 8), Span("transient", 2, 0, 8))]
    named, found = blocks.whole(steps)
    assert [(b.size, b.first, b.last) for b in found] == [(8, 0, 1), (16, 1, 2)]
    assert named[2].source == Span("transient", 1, 8, 8)
