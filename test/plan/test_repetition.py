"""Stretches that repeat are found where they are, and nowhere else."""

import random

import pytest
from iree_baremetal.plan.repetition import Repeat, find


def rows(*keys_and_numbers):
    return [(key, list(numbers)) for key, *numbers in keys_and_numbers]


def turns(count, *body):
    """body: rows as functions of the turn."""
    return [row(turn) for turn in range(count) for row in body]


A, B = (lambda n: ("a", [n, 7])), (lambda n: ("b", [100 - 4 * n]))


@pytest.mark.parametrize("count", [3, 4, 9])
def test_a_loop_between_others_is_found_whole(count):
    found = rows(("x", 1), ("y", 2)) + turns(count, A, B) + rows(("z", 3))
    assert find(found, [1] * len(found)) == [Repeat(2, 2, count)]


def test_the_shortest_body_is_taken():
    assert find(turns(12, A), [1] * 12) == [Repeat(0, 1, 12)]


def test_two_loops_and_a_body_of_two_turns():
    alternating = lambda n: ("a", [n % 2])  # noqa: E731
    found = turns(8, alternating) + rows(("x", 1)) + turns(5, A, B)
    assert find(found, [1] * len(found)) == [Repeat(0, 2, 4), Repeat(9, 2, 5)]


@pytest.mark.parametrize(
    "found",
    [
        [],
        turns(2, A, B),  # two turns tell nothing
        [("a", [n * n]) for n in range(9)],  # does not grow evenly
        [(n, [0]) for n in range(9)],
        [("a", [0] * n) for n in range(9)],  # not as many numbers
    ],
)
def test_nothing_else_is_one(found):
    assert find(found, [1] * len(found)) == []


def test_differences_are_of_32_bits():
    found = [("a", [(5 - 3 * n) & 0xFFFFFFFF]) for n in range(6)]
    assert find(found, [1] * 6) == [Repeat(0, 1, 6)]


def test_what_saves_most_comes_first():
    found = turns(4, A, B, B)
    assert find(found, [1, 1, 1] * 4) == [Repeat(0, 3, 4)]
    found = [("a", [0])] * 3 + [("b", [0])] * 3
    assert find(found, [1] * 6) == [Repeat(0, 1, 3), Repeat(3, 1, 3)]


def test_every_one_found_is_one():
    generator = random.Random(4)
    for _ in range(200):
        found = []
        while len(found) < 40:
            body = [
                (generator.choice("ab"), generator.randrange(3), generator.randrange(3)) for _ in range(generator.randint(1, 3))
            ]
            found += [(key, [start + n * step]) for n in range(generator.randint(1, 6)) for key, start, step in body]
        last = 0
        for repeat in find(found, [1] * len(found)):
            assert repeat.start >= last and repeat.count >= 3
            last = repeat.end
            for number in range(repeat.start, repeat.end - 2 * repeat.period):
                (one, (a,)), (other, (b,)), (third, (c,)) = (found[number + n * repeat.period] for n in range(3))
                assert one == other == third and b - a == c - b
