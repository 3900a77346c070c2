"""Transient buffers in one arena: what lives at the same time never overlaps."""

import random

from iree_baremetal.plan import arena
from iree_baremetal.plan.model import ALIGNMENT, Copy, Dispatch, Fill, Function, Span, aligned, spans


def function(sizes, *steps):
    """A function of fills that touch the buffers listed for each step."""
    made = []
    for touched in steps:
        bindings = tuple(Span("transient", index, 0, sizes[index]) for index in touched)
        made.append(Dispatch("k", (1, 1, 1), (), bindings))
    return Function("f", [], [], made, list(sizes))


def placed(sizes, *steps):
    made = function(sizes, *steps)
    arena.place(made)
    return made


def test_buffers_that_never_meet_share_their_place():
    made = placed([100, 100, 100], [0], [1], [2])
    assert (made.offsets, made.arena_size) == ([0, 0, 0], 128)


def test_a_buffer_is_alive_between_its_first_and_last_step():
    made = placed([64, 64, 64], [0], [1], [0, 2])
    assert made.arena_size == 128
    assert made.offsets[0] not in (made.offsets[1], made.offsets[2])
    assert made.offsets[1] == made.offsets[2]


def test_a_gap_is_filled_before_the_arena_grows():
    made = placed([256, 64, 64, 64], [0], [1, 2], [1, 3])
    assert made.arena_size == 256


def test_buffers_that_nothing_touches_take_no_room():
    made = placed([1 << 20, 64], [1])
    assert (made.transients, made.offsets, made.arena_size) == ([64], [0], 64)
    assert placed([]).arena_size == 0


def test_scratch_of_kernels_comes_after_everything_else():
    made = function([100], [0])
    arena.place(made, {"k": 4100}.get)
    assert made.arena_size == 128 + 4160


def test_nothing_alive_overlaps():
    generator = random.Random(0)
    for _ in range(300):
        sizes = [generator.choice([1, 63, 64, 65, 500, 4096]) for _ in range(generator.randint(1, 12))]
        steps = [generator.sample(range(len(sizes)), generator.randint(1, min(4, len(sizes)))) for _ in range(10)]
        made = placed(sizes, *steps)
        # Only what is used is still there.
        assert sorted(made.transients) == sorted(sizes[i] for i in {i for step in steps for i in step})
        lives = {
            i: [n for n, step in enumerate(made.steps) if i in [s.index for s in spans(step)]] for i in range(len(made.offsets))
        }
        sizes = made.transients
        for one, other in ((a, b) for a in lives for b in lives if a < b):
            meet = lives[one][0] <= lives[other][-1] and lives[other][0] <= lives[one][-1]
            apart = (
                made.offsets[one] + sizes[one] <= made.offsets[other] or made.offsets[other] + sizes[other] <= made.offsets[one]
            )
            assert apart or not meet, (sizes, steps, one, other)
        assert all(offset % ALIGNMENT == 0 for offset in made.offsets)
        assert made.arena_size == max(offset + aligned(size) for offset, size in zip(made.offsets, sizes))


def test_every_kind_of_step_keeps_its_buffers_alive():
    one, other = Span("transient", 0, 0, 8), Span("transient", 1, 0, 8)
    made = Function(
        "f",
        [],
        [],
        [Fill(one, 0, 1), Copy(one, other), *(Copy(s, Span("output", n, 0, 8)) for n, s in enumerate((other, one)))],
        [8, 8],
    )
    before = list(made.steps)
    arena.place(made)
    assert made.steps == before
    assert sorted(made.offsets) == [0, 64]
    assert [spans(step) for step in made.steps][:2] == [[one], [one, other]]
