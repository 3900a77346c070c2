"""Steps in another order, where it needs less memory; and never in one that changes what they read."""

import random

from iree_baremetal.plan import arena, overlap
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Span
from iree_baremetal.plan.order import economical, improved
from test_packing import dispatch, random_steps, t


def b(index, size=64):
    return Span("transient", index, 0, size)


OUT = Span("output", 0, 0, 64)


def test_branches_run_one_after_the_other():
    # Three branches of a wide and a narrow buffer; all wide ones first would need three at once.
    wide = [dispatch((Span("input", 0, 0, 4), "r"), (b(n, 1024), "w")) for n in range(3)]
    narrow = [dispatch((b(n, 1024), "r"), (b(3 + n), "w")) for n in range(3)]
    join = dispatch(*((b(3 + n), "r") for n in range(3)), (OUT, "w"))
    made = Function("f", [], [], [*wide, *narrow, join], [1024] * 3 + [64] * 3)
    arena.place(made, alignment=16)
    assert made.arena_size == 1024 + 3 * 64
    assert [len(step.bindings) for step in made.steps] == [2] * 6 + [4]


def test_a_buffer_is_filled_when_it_is_needed():
    steps = [
        Fill(b(1, 512), 0, 1),
        dispatch((Span("input", 0, 0, 64), "r"), (b(0, 512), "w")),
        dispatch((b(0, 512), "r"), (b(2), "w")),
        dispatch((b(2), "r"), (b(1, 512), "rw")),
        Copy(b(1), OUT),
    ]
    assert economical(steps, [512, 512, 64]) == [1, 2, 0, 3, 4]


def test_the_given_order_stays_where_no_other_is_better():
    steps = [Fill(b(0), 0, 1), Fill(b(1), 0, 1), dispatch((b(0), "r"), (b(1), "r"), (OUT, "w"))]
    made = Function("f", [], [], list(steps), [64, 64])
    arena.place(made, alignment=16)
    assert made.steps == steps


def test_what_others_see_keeps_its_order():
    state = Span("state", 0, 0, 16)
    steps = [Copy(state, b(0, 16)), Fill(state, 0, 1), Fill(OUT, 1, 1), Copy(b(0, 16), state), Copy(state, OUT)]
    assert economical(steps, [16]) == [0, 1, 3, 2, 4]
    assert [
        step for step in map(steps.__getitem__, economical(steps, [16])) if state in (getattr(step, "source", 0), step.target)
    ]


def test_single_steps_move_only_as_far_as_others_allow():
    steps = [
        dispatch((OUT, "r"), (b(0), "w")),
        dispatch((b(0), "r"), (b(1), "w")),
        dispatch((OUT, "r"), (b(2), "w")),
        dispatch((b(1), "r"), (b(2), "r"), (b(3), "w")),
        Copy(b(3), OUT),
    ]
    seen = []

    def cost(order):
        seen.append(order)
        return abs(order.index(2) - 1)  # least where step 2 is the second

    assert improved(steps, range(5), cost) == [0, 2, 1, 3, 4]
    assert [0, 1, 3, 2, 4] not in seen and [1, 0, 2, 3, 4] not in seen and [4, 0, 1, 2, 3] not in seen
    assert improved(steps, range(5), cost, tries=0) == improved(steps, range(5), lambda order: 0) == [0, 1, 2, 3, 4]


def test_a_copy_waits_until_it_can_overlap():
    # The copy of a part can take the place of the whole, once the second reader is done with it.
    kernels = {name: Dispatch(name, (1, 1, 1), (), spans, access=access) for name, spans, access in (
        ("make", (OUT, b(0, 512)), ("r", "w")),
        ("part", (b(0, 512), b(1, 448)), ("r", "w")),
        ("use", (b(0, 512), b(2, 512)), ("r", "w")),
        ("join", (b(1, 448), b(2, 512), OUT), ("r", "r", "w")),
    )}  # fmt: skip
    made = Function("f", [], [], list(kernels.values()), [512, 448, 512])
    arena.place(made, alignment=64, proven=overlap.Proven({overlap.key(kernels["part"]): ({(0, 1): [0]}, {})}))
    assert [step.kernel for step in made.steps] == ["make", "use", "part", "join"]
    assert made.arena_size == 1024


def test_random_orders_are_proven():
    generator, moved = random.Random(3), 0
    for _ in range(200):
        steps = random_steps(generator)
        steps += [
            Dispatch(
                "k", (1, 1, 1), (), tuple(t(0, 64, index=n) for n in generator.sample(range(1, 6), 3)), access=("r", "w", "rw")
            )
            for _ in range(6)
        ]
        made = Function("f", [], [], list(steps), [512] + [64] * 5)
        arena.place(made, alignment=16)  # refused unless every step reads what it read
        moved += [getattr(s, "access", 0) for s in made.steps] != [getattr(s, "access", 0) for s in steps]
    assert moved > 20
