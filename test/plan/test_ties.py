"""Buffers of a loop's turns lie alike, so that the turns can share their code."""

import random

from iree_baremetal.plan import arena, blocks, ties
from iree_baremetal.plan.blocks import Block
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Span, Tensor, spans
from test_packing import t

IN, OUT = Span("input", 0, 0, 64), Span("output", 0, 0, 64)


def dispatch(kernel, *bindings, constants=()):
    return Dispatch(kernel, (1, 1, 1), tuple(constants), tuple(s for s, _ in bindings), access=tuple(a for _, a in bindings))


def recurrent(count, others=2, size=32):
    """A state that each turn reads, and leaves to the next; temporary buffers beside it."""
    number, state = others * count + count, 0
    steps = [Fill(t(0, size, state), 0, 1)]
    for turn in range(count):
        names = [1 + turn * (others + 1) + n for n in range(others + 1)]
        previous = state
        for n, name in enumerate(names[:-1]):
            steps.append(
                dispatch(f"k{n}", (IN, "r"), (t(0, size, previous), "r"), (t(0, size * (1 + n), name), "w"), constants=[turn])
            )
            previous = name
        steps.append(dispatch("last", (t(0, size, names[-2]), "r"), (t(0, size, state), "r"), (t(0, size, names[-1]), "w")))
        state = names[-1]
    assert state == number
    return [*steps, Copy(t(0, size, state), OUT)]


def placed(steps, outputs=(64,)):
    made = Function("f", [], [Tensor("y", "i8", (size,)) for size in outputs], list(steps), [])
    arena.place(made, alignment=16)  # refused unless every step reads what it read
    return made


def places(step, offsets):
    return [offsets[span.index] + span.offset if span.place == "transient" else span for span in spans(step)]


def test_the_state_has_two_places_in_turn():
    made = placed(recurrent(40))
    turns = [[places(step, made.offsets) for step in made.steps[start : start + 6]] for start in range(1 + 3, 1 + 3 * 39, 6)]
    assert all(turn == turns[0] for turn in turns[:-1])
    assert made.arena_size == 32 + 32 + 64  # the state, and two more of 32 and 64 bytes
    assert len({offset for offset in made.offsets}) <= 4


def test_turns_that_are_few_are_packed_as_everything_else():
    steps, found = blocks.split(recurrent(3))
    assert ties.find(steps, found) is None


def test_the_arena_does_not_grow_with_the_turns():
    assert placed(recurrent(20)).arena_size == placed(recurrent(200)).arena_size


def test_blocks_that_are_in_use_at_one_time_are_never_tied():
    assert ties.Tied([Block(0, 8, 0, 3), Block(0, 8, 4, 5)]).is_possible()
    assert not ties.Tied([Block(0, 8, 0, 3), Block(0, 8, 3, 5)]).is_possible()


def test_when_tied_blocks_meet():
    one, other = ties.Tied([Block(0, 8, 0, 1), Block(0, 8, 6, 7)]), ties.Tied([Block(0, 8, 3, 4), Block(0, 8, 8, 9)])
    assert not one.meets(other) and not other.meets(one)
    assert one.meets(ties.Tied([Block(0, 8, 2, 2), Block(0, 8, 7, 7)]))
    assert (one.first, one.last, one.lives) == (0, 7, [(0, 1), (6, 7)])


def test_random_loops_are_packed_and_proven():
    generator, tied = random.Random(5), 0
    for _ in range(8):
        steps = []
        for _ in range(generator.randint(1, 2)):
            part = recurrent(generator.randint(8, 60), generator.randint(1, 3), 16 * generator.randint(1, 4))
            offset = 1000 * len(steps)
            for step in part:
                bindings = [
                    Span(s.place, s.index + offset, s.offset, s.length) if s.place == "transient" else s for s in spans(step)
                ]
                if isinstance(step, Dispatch):
                    steps.append(Dispatch(step.kernel, step.workgroups, step.constants, tuple(bindings), access=step.access))
                else:
                    steps.append(
                        Fill(bindings[0], 0, 1)
                        if isinstance(step, Fill)
                        else Copy(bindings[0], Span("output", 0, 0, bindings[0].length))
                    )
        tied += ties.find(*blocks.split(steps)) is not None
        placed(steps)
    assert tied > 4
