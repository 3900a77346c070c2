"""Copies that can be spared go; what others find stays, and no more memory is needed."""

import random

import pytest
from iree_baremetal.plan import arena, blocks, copies, packing
from iree_baremetal.plan.model import Copy, Fill, Function, Span, Tensor
from test_packing import dispatch, random_steps, t

IN = Span("input", 0, 0, 32)


def out(length, index=0, offset=0):
    return Span("output", index, offset, length)


def saved(steps, *output_sizes, alignment=16):
    return copies.saved(steps, alignment, list(output_sizes))


def test_what_dies_with_its_copy_lives_where_it_is_copied_to():
    steps = [dispatch((IN, "r"), (t(0, 32), "w")), Copy(t(0, 32), t(64, 32)), dispatch((t(64, 32), "r"), (out(32), "w"))]
    made, kept = saved(steps, 32)
    assert kept == [0, 2]
    assert made[0].bindings[1] == made[1].bindings[0] == t(0, 32, made[0].bindings[1].index)


def test_it_lives_in_the_callers_buffer_where_it_fits():
    steps = [dispatch((IN, "r"), (t(0, 32), "w")), Copy(t(0, 32), out(32, offset=16))]
    assert saved(steps, 48) == ([dispatch((IN, "r"), (out(32, offset=16), "w"))], [0])
    wide = [dispatch((IN, "r"), (t(0, 64), "w")), Copy(t(0, 32), out(32, offset=16))]
    assert saved(wide, 48)[1] == [0, 1]


@pytest.mark.parametrize(
    "steps",
    [
        [Copy(t(0, 32), t(64, 32)), dispatch((t(0, 32), "r"), (t(64, 32), "r"))],  # both are needed
        [Copy(t(0, 32), t(64, 32)), dispatch((t(0, 32), "r"))],
        [dispatch((t(64, 64), "w")), Copy(t(0, 32), t(64, 32)), dispatch((t(64, 64), "r"))],  # into what is there
        [Copy(t(0, 32), t(72, 32)), dispatch((t(64, 64), "r"))],  # off the alignment
        [Fill(out(16), 1, 1), Copy(t(0, 32), out(32)), dispatch((out(32), "r"))],
    ],
)
def test_any_other_copy_stays(steps):
    steps = [dispatch((IN, "r"), (t(0, 32), "w")), *steps]
    assert saved(steps, 64) == (steps, list(range(len(steps))))


def test_a_chain_of_copies_goes():
    steps = [dispatch((IN, "r"), (t(0, 32), "w"))]
    for turn in range(5):
        steps += [Copy(t(0, 32, turn), t(0, 32, turn + 1)), dispatch((IN, "r"), (t(16, 16, turn + 1), "w"))]
    made, kept = saved([*steps, Copy(t(0, 32, 5), out(32))], 32)
    assert len(kept) == 6 and {span.place for step in made for span in step.bindings} == {"input", "output"}


def test_a_copy_into_a_larger_buffer_stays_where_that_would_take_more():
    small = dispatch((IN, "r"), (t(0, 16), "w"))
    hungry = dispatch((t(0, 16), "r"), (t(0, 512, 1), "w")), dispatch((t(0, 512, 1), "r"), (t(0, 16), "w"))
    steps = [small, *hungry, Copy(t(0, 16), t(0, 16, 2)), Fill(t(16, 496, 2), 0, 1), dispatch((t(0, 512, 2), "r"), (out(4), "w"))]
    assert saved(steps, 4) == (steps, list(range(6)))


def test_random_plans_do_the_same_and_take_no_more():
    generator, gone = random.Random(7), 0
    for _ in range(100):
        steps = random_steps(generator)
        for _ in range(3):
            at, length = generator.randrange(len(steps) + 1), 16 * generator.randint(1, 4)
            target = generator.choice(
                [t(16 * generator.randrange(16, 28), length), out(length, offset=16 * generator.randrange(4))]
            )
            steps.insert(at, Copy(t(16 * generator.randrange(12), length), target))
        function = Function("f", [], [Tensor("y", "i8", (512,))], list(steps), [512])
        before = packing.bound(blocks.split(steps, 16)[1], 16)
        arena.place(function, alignment=16)  # refused unless every step reads what it read, and the output is as it was
        gone += len(steps) - len(function.steps)
        assert packing.bound(blocks.split(saved(steps, 512)[0], 16)[1], 16) <= before
    assert gone > 30
