"""The numbers that support/direct/iree_direct.h runs: what they say, and that C reads them so."""

import itertools
import random

import pytest
import tools
from iree_baremetal.codegen.steps import Place, Steps
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Border, Copy, Dispatch, Fill, Runs, Span, Word

SIZE = 64


def arena(offset, length):
    return Span("transient", 0, offset, length)


def place(span):
    return (0 if span.place == "transient" else 1), span.offset


def steps(*found, kernels=("a", "b")):
    return Steps(found, place, {name: (number, name) for number, name in enumerate(kernels)})


def test_a_dispatch_is_as_short_as_it_can_be():
    made = steps(Dispatch("b", (200, 1, 1), (), (arena(0, 64), Span("output", 0, 128, 5)), "net.mlir:1:2"))
    assert made.rows[0] == ("b, net.mlir:1:2", [5, 200, 2, Place((0, 0)), 64, Place((1, 128)), 5])
    assert (made.unit_bits, made.base_bits, made.most_bindings) == (7, 1, 2)
    assert [content for _, content in made.bytes()] == [bytes([5, 0xC8, 1, 2, 0, 64, 3, 5]), b"\0"]
    assert not (made.grids or made.constants or made.fills or made.copies or made.borders)


def test_grids_and_constants_are_there_where_there_are_any():
    made = steps(Dispatch("a", (2, 3, 1), (7, Word(0, 0)), ()), Dispatch("a", (1, 1, 1), (), ()))
    assert [numbers for _, numbers in made.rows[:2]] == [[4, 2, 3, 1, 2, 0], [4, 1, 1, 1, 0, 0]]
    assert made.words == [7, Word(0, 0)]
    assert made.most_bindings == 1  # C has no empty arrays


def test_what_does_not_fit_in_32_bits_is_refused():
    with pytest.raises(BaremetalError, match="too large for deploy=direct; use deploy=static"):
        steps(Copy(arena(1, 4), Span("output", 0, (1 << 31) + 1, 4))).bytes()


PROGRAM = """
#include <stdio.h>
#include "iree_direct.h"
static const uint8_t steps[] = {%s};
static const iree_direct_program_t program = {.steps = steps, .base_bits = %d, .unit_bits = %d, .fills = true, .copies = true, .borders = true};
int main(void) {
  static IREE_ALIGNED uint8_t arena[%d];
  uint8_t *bases[] = {arena};
  if (iree_direct_run(&program, bases, NULL, NULL, NULL) != IREE_MODEL_OK) return 1;
  fwrite(arena, 1, sizeof arena, stdout);
  return 0;
}
"""


def expected(found):
    memory = bytearray(SIZE)
    for step in found:
        if isinstance(step, Border):
            for runs in step.parts:
                for row, place in itertools.product(range(runs.counts[1]), range(runs.counts[0])):
                    start = step.target.offset + runs.start + row * runs.strides[1] + place * runs.strides[0]
                    memory[start : start + runs.length] = bytes([step.byte]) * runs.length
            continue
        if isinstance(step, Fill):
            pattern = step.pattern.to_bytes(step.width, "little") * SIZE
            content = pattern[: step.target.length]
        else:
            content = memory[step.source.offset : step.source.offset + step.source.length]
        memory[step.target.offset : step.target.offset + step.target.length] = content
    return bytes(memory)


@pytest.mark.parametrize("seed", range(12))
def test_fills_of_any_place_length_and_width_copies_and_borders(tmp_path, seed):
    generator, found = random.Random(seed), []
    for _ in range(6):
        width = generator.choice([1, 2, 4, 8])
        offset = width * generator.randrange(SIZE // width)
        length = width * generator.randint(0, (SIZE - offset) // width)
        found.append(Fill(arena(offset, length), generator.randrange(1 << 8 * width), width))
        length = generator.randint(1, SIZE // 2)
        one, other = generator.randint(0, SIZE // 2 - length), SIZE // 2 + generator.randint(0, SIZE // 2 - length)
        found.append(Copy(arena(one, length), arena(other, length)))
        runs = Runs(generator.randrange(4), generator.randint(1, 2), (generator.randint(1, 3), generator.randint(1, 3)), (3, 11))
        found.append(Border(arena(8, 40), generator.randrange(256), (runs, Runs(39, 1, (1, 1), (0, 0)))))
    made = steps(*found)
    numbers = ", ".join(str(byte) for _, content in made.bytes() for byte in content)
    (tmp_path / "main.c").write_text(PROGRAM % (numbers, made.base_bits, made.unit_bits, SIZE))
    sanitize = "-fsanitize=undefined,address"
    tools.run("gcc", *tools.STRICT, sanitize, *tools.INCLUDE, tmp_path / "main.c", "-o", tmp_path / "a")
    assert tools.subprocess.run([tmp_path / "a"], capture_output=True, check=True).stdout == expected(found)
