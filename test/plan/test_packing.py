"""Buffers are taken apart, packed, and the result proven: with plans made by hand and at random."""

import random
from dataclasses import replace

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import arena, blocks, order, packing, replay
from iree_baremetal.plan.blocks import Block
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Span, aligned


def t(offset, length, index=0):
    return Span("transient", index, offset, length)


def dispatch(*touched):
    """A dispatch of (span, access) pairs."""
    return Dispatch("k", (1, 1, 1), (), tuple(span for span, _ in touched), access=tuple(access for _, access in touched))


OUT = Span("output", 0, 0, 16)


# Blocks.


def lives(steps):
    return [(block.start, block.end, block.first, block.last) for block in blocks.split(steps)[1]]


def test_a_write_starts_a_value_and_its_last_reader_ends_it():
    steps = [Fill(t(0, 64), 0, 1), dispatch((t(0, 64), "r"), (t(64, 32), "w")), dispatch((t(64, 32), "r"), (t(0, 64), "w"))]
    assert lives(steps) == [(0, 64, 0, 1), (64, 96, 1, 2), (0, 64, 2, 2)]
    assert blocks.split(steps)[0][1].bindings == (t(0, 64), t(0, 32, index=1))


def test_a_kernel_that_also_reads_keeps_the_value_alive():
    steps = [Fill(t(0, 64), 0, 1), dispatch((t(0, 64), "rw")), Copy(t(0, 16), OUT)]
    assert lives(steps) == [(0, 64, 0, 2)]
    unknown = [steps[0], replace(steps[1], access=()), steps[2]]
    assert lives(unknown) == lives(steps)


def test_a_reader_of_several_values_keeps_them_side_by_side():
    steps = [Fill(t(16, 16), 0, 1), dispatch((t(32, 16), "w")), dispatch((t(16, 32), "r"))]
    packed, found = blocks.split(steps)
    assert [(b.start, b.end, b.first, b.last) for b in found] == [(16, 48, 0, 2)]
    assert [packed[0].target, packed[1].bindings[0], packed[2].bindings[0]] == [t(0, 16), t(16, 16), t(0, 32)]


def test_what_is_overwritten_in_part_lives_on_in_the_rest():
    steps = [Fill(t(0, 64), 0, 1), Fill(t(0, 32), 1, 1), Copy(t(0, 16), OUT), Copy(t(32, 16), OUT)]
    assert lives(steps) == [(0, 64, 0, 3), (0, 32, 1, 2)]
    assert lives([*steps[:2], Copy(t(24, 16), OUT)]) == [(0, 64, 0, 2)]


def test_buffers_are_apart_and_other_places_stay():
    steps = [Copy(Span("input", 0, 0, 16), t(0, 16)), Copy(t(0, 16), t(0, 16, index=1)), Copy(t(0, 16, index=1), OUT)]
    packed, found = blocks.split(steps)
    assert packed == steps and len(found) == 2


# Packing.


def test_the_bound_counts_whole_units():
    assert packing.bound([Block(0, 17, 0, 1), Block(0, 1, 1, 2), Block(0, 40, 2, 2)], 16) == 64
    assert packing.bound([], 16) == 0
    assert packing.pack([], 16) == ([], 0)


def test_it_takes_more_than_first_fit_in_one_order():
    # Neither by size nor by time alone: found by another order.
    generator, worse = random.Random(1), 0
    for _ in range(60):
        found = []
        for _ in range(9):
            first = generator.randrange(12)
            found.append(Block(0, 16 * generator.randint(1, 9), first, min(11, first + generator.randrange(6))))
        offsets, size = packing.pack(found, 16)
        assert size == max(o + b.size for o, b in zip(offsets, found))
        worse += size > packing.bound(found, 16)
        largest_first = sorted(range(9), key=lambda n: -found[n].size)
        assert size <= packing._first_fit(largest_first, found, 16, packing.Pairs({}, found))[1]
    assert worse <= 3


def test_the_same_blocks_give_the_same_packing():
    found = [Block(0, 16 * (1 + n * 7 % 5), n, n + 2 + n % 3) for n in range(12)]
    assert packing.pack(found, 16) == packing.pack(found, 16)


# The proof.


def random_steps(generator):
    """Steps on one buffer of 512 bytes, as wild as a host program could be."""

    def span():
        start = 16 * generator.randrange(32)
        return t(start, 16 * generator.randint(1, 32 - start // 16))

    steps = []
    for _ in range(generator.randint(1, 14)):
        kind = generator.randrange(4)
        if kind == 0:
            steps.append(Fill(span(), 1, 1))
        elif kind == 1:
            steps.append(Copy(span(), Span("output", 0, 0, 512)))
        else:
            touched, used = [], set()
            for _ in range(generator.randint(1, 3)):
                one = span()
                cells = set(range(one.offset, one.offset + one.length, 16))
                if not cells & used:
                    touched.append((one, generator.choice(["r", "w", "rw"])))
                    used |= cells
            steps.append(dispatch(*touched))
    return steps


def test_random_plans_are_packed_and_proven():
    generator, smaller = random.Random(2), 0
    for _ in range(400):
        steps = random_steps(generator)
        made = Function("f", [], [], list(steps), [512])
        arena.place(made, alignment=16)  # refused unless every step reads what it read
        assert all(offset % 16 == 0 for offset in made.offsets)
        smaller += made.arena_size < 512
    assert smaller > 100


def test_blocks_of_another_order_are_known_without_taking_buffers_apart_again():
    generator, others = random.Random(3), 0
    for _ in range(100):
        named, found = blocks.split(random_steps(generator), 16)
        for other in [
            order.economical(named, [block.size for block in found]),
            *order._moved(list(range(len(named))), order._needs(named)),
        ]:
            again = blocks.split([named[number] for number in other], 16)[1]
            known = blocks.reordered(found, blocks.touched(named), other)
            assert sorted((b.size, b.first, b.last) for b in known) == sorted((b.size, b.first, b.last) for b in again)
            others += other != list(range(len(named)))
    assert others > 300


def packed(steps, alignment=16):
    after, found = blocks.split(steps)
    offsets, size = packing.pack(found, alignment)
    return after, offsets, size


CHAIN = [
    Fill(t(0, 32), 0, 1),
    dispatch((t(0, 32), "r"), (t(32, 32), "w")),
    dispatch((t(32, 32), "r"), (t(64, 32), "w")),
    Copy(t(64, 16), OUT),
]


def refused(before, after, offsets, size, match, order=None):
    with pytest.raises(BaremetalError, match=match):
        replay.check("f", before, after, order or range(len(before)), offsets, size, 16)


def test_a_packing_that_overlaps_what_is_in_use_is_refused():
    after, offsets, size = packed(CHAIN)
    replay.check("f", CHAIN, after, range(4), offsets, size, 16)
    refused(CHAIN, after, [0, 16, 32], 96, "f: k would write over what it also uses")
    again = [*CHAIN, Copy(t(0, 16), OUT)]
    after, _ = blocks.split(again)
    refused(again, after, [0, 32, 0], 96, "f: step 4, copy, would not find in .* what it reads")


def test_a_place_outside_the_arena_or_off_the_alignment_is_refused():
    after, offsets, size = packed(CHAIN)
    refused(CHAIN, after, offsets, size - 16, "lies at .* of an arena of 48 bytes")
    refused(CHAIN, after, [8, 40, 72], 104, "lies at")


def test_steps_that_are_missing_or_too_early_are_refused():
    after, offsets, size = packed(CHAIN)
    refused(CHAIN, [after[0], *after[2:]], offsets, size, "other steps", order=[0, 2, 3])
    swapped = [after[1], after[0], *after[2:]]
    refused(CHAIN, swapped, offsets, size, "step 1, k, would not find", order=[1, 0, 2, 3])


def test_what_leaves_the_arena_counts_too():
    after, offsets, size = packed(CHAIN)
    wrong = [*after[:3], replace(after[3], source=replace(after[3].source, index=1))]
    refused(CHAIN, wrong, offsets, size, "step 3, copy, would not find")


def test_unwritten_bytes_may_hold_anything():
    steps = [dispatch((t(0, 16), "w")), dispatch((t(0, 64), "r")), Fill(t(0, 64), 0, 1), dispatch((t(0, 64), "rw"))]
    made = Function("f", [], [], steps, [64])
    arena.place(made, alignment=16)
    assert made.arena_size == 64 == aligned(made.arena_size, 16)
