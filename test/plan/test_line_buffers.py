"""Rows of several tensors in one region: they stay where nothing else is, and moves carry them there."""

import random

import pytest
from iree_baremetal.plan.line_buffers import Full, Region, line


def played(sizes, kept, most, rows):
    """The region of tensors, each of rows, of which the last kept are needed, written most at a time in turn; bytes are held against rows."""
    lines = {f"t{n}": line(size, 0, 4) for n, size in enumerate(sizes)}
    events, number = [], 0
    for start in range(0, rows, most):
        for tensor in lines:
            events.append((number, tensor, start, min(most, rows - start)))
            number += 1
    written = {(tensor, row): n for n, tensor, start, count in events for row in range(start, start + count)}
    last = {(tensor, row): written.get((tensor, row + kept), number) for tensor, row in written}
    region = Region(lines, lambda tensor, row, now: last[tensor, row] >= now, events, 4)
    memory = [None] * region.size
    for event in events:
        for source, target, length in region.write(*event):
            assert target < source or target >= source + length, "a move forwards would read what it has written"
            memory[target : target + length] = memory[source : source + length]
        now, tensor, start, count = event
        for row in range(start, start + count):
            at = lines[tensor].at(row)
            memory[at : at + lines[tensor].size] = [(tensor, row)] * lines[tensor].size
        for (other, row), until in last.items():
            if written[other, row] <= now <= until:
                at = lines[other].at(row)
                assert at % lines[other].unit == 0 and at + lines[other].size <= region.size
                assert memory[at : at + lines[other].size] == [(other, row)] * lines[other].size
    return region.size


@pytest.mark.parametrize("most", [1, 2, 3, 4, 7])
def test_no_more_than_is_needed_at_one_time(most):
    assert played([16, 16, 16, 16], 2, most, 20) <= 16 * (4 * 2 + 2 * most)


def test_rows_of_all_sizes():
    draw = random.Random(1)
    for _ in range(40):
        played([draw.choice([1, 2, 6, 8, 10, 64]) for _ in range(draw.randint(1, 5))], draw.randint(1, 3), draw.randint(1, 5), 11)


def test_what_has_no_room_is_told():
    region = Region({"t": (only := line(8, 0, 4))}, lambda *_: True, [(0, "t", 0, 2)], 4)
    assert region.size == 16
    region.write(0, "t", 0, 2)
    with pytest.raises(Full):
        region.write(1, "t", 2, 1)
    assert only.end == 3
