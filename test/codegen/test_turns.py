"""Loops in the table: C runs every turn of them, with what changes from turn to turn."""

import random

import pytest
import tools
from iree_baremetal.codegen.steps import Steps
from iree_baremetal.codegen.turns import leb128
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Span, Word

SIZE = 8192
PROGRAM = """
#include <stdio.h>
%s
#include "iree_direct.h"
/* Appends what it was given to a log. */
static int kernel(const iree_direct_environment_t *environment, const iree_direct_dispatch_t *state,
                  const iree_direct_workgroup_t *workgroup) {
  printf("%%u %%u:", (unsigned)workgroup->workgroup_id_x, (unsigned)state->workgroup_count_x);
  for (int i = 0; i < state->constant_count; ++i) printf(" %%u", (unsigned)state->constants[i]);
  const uint8_t *first = state->binding_ptrs[0];
  for (int i = 0; i < state->binding_count; ++i) {
    printf(" %%d+%%d", (int)((const uint8_t *)state->binding_ptrs[i] - first), (int)state->binding_lengths[i]);
  }
  printf("\\n");
  return 0;
}
static const uint8_t steps[] = {%s};
static iree_direct_kernel_t *const kernels[] = {kernel, kernel};
static const iree_direct_program_t program = {.steps = steps, .kernels = kernels, .base_bits = %d, .unit_bits = %d,
    %s .fills = true, .copies = true, .borders = true, .grids = %s, .constants = %s};
static const uint32_t words[] = {%s 0};
int main(void) {
  static IREE_ALIGNED uint8_t arena[%d], output[%d];
  uint8_t *bases[] = {arena, output};
  void *pointers[8];
  size_t lengths[8];
  uint32_t in_line[8];
  (void)in_line;
  if (iree_direct_run(&program, bases, pointers, lengths, words%s) != IREE_MODEL_OK) return 1;
  for (int i = 0; i < %d; ++i) printf("%%d ", arena[i]);
  return 0;
}
"""


def arena(offset, length):
    return Span("transient", 0, offset, length)


def made(steps):
    return Steps(steps, lambda span: (0 if span.place == "transient" else 1, span.offset), {"a": (0, "a"), "b": (1, "b")})


def said(folder, table):
    """What C prints of the steps of a `Steps`."""
    loops = bool(table.repeat)
    numbers = ", ".join(str(byte) for _, content in table.bytes() for byte in content)
    words = "".join(f"{word}u, " for word in table.words)
    repeat = f".repeat = {table.repeat}," if loops else ""
    flags = [str(flag).lower() for flag in (table.grids, table.constants)]
    text = PROGRAM % (
        "#define IREE_DIRECT_LOOPS" * loops, numbers, table.base_bits, table.unit_bits, repeat, *flags, words, SIZE, SIZE, ", in_line" * loops, SIZE,
    )  # fmt: skip
    (folder / "main.c").write_text(text)
    tools.run("gcc", *tools.STRICT, "-fsanitize=undefined,address", *tools.INCLUDE, folder / "main.c", "-o", folder / "a")
    return tools.run(folder / "a")


def turn(generator):
    """A function of the turn that gives the steps of it."""
    kinds = [generator.randrange(3) for _ in range(generator.randint(1, 5))]
    starts = [generator.randrange(1, 40) * 32 for _ in kinds]
    changes = [generator.choice([0, 0, 8, 32, -8]) for _ in kinds]
    words = [[generator.randrange(1 << 32) for _ in range(3)] for _ in kinds]
    grows = [generator.choice([0, 1, -1, 12345]) for _ in kinds]
    counts = [generator.randint(0, 3) for _ in kinds]

    def steps(number):
        for kind, start, change, constants, grow, count in zip(kinds, starts, changes, words, grows, counts):
            at = start + 1024 + change * number
            if kind == 0:
                yield Fill(arena(at, 8), constants[0], 4)
            elif kind == 1:
                yield Copy(arena(at, 8), arena(at + 2048 - 8 * (number % 2), 8))
            else:
                constants = tuple((word + grow * number) & 0xFFFFFFFF for word in constants[:count])
                yield Dispatch("ab"[count % 2], (1 + count, 1, 1), constants, (arena(at, 16), Span("output", 0, 64 * number, 64)))

    return steps


@pytest.mark.parametrize("seed", range(6))
def test_every_turn_is_run_as_if_it_stood_there(tmp_path, seed, monkeypatch):
    generator, steps = random.Random(seed), []
    for _ in range(generator.randint(1, 2)):
        body, count = turn(generator), generator.randint(24, 60)
        steps += [Fill(arena(0, 16), generator.randrange(256), 1), *(step for number in range(count) for step in body(number))]
    steps.append(Dispatch("a", (1, 2, 1) if seed % 3 == 0 else (1, 1, 1), (7,), (arena(0, 4),)))
    looped = made(steps)
    assert looped.repeat == 6
    monkeypatch.setattr("iree_baremetal.codegen.turns.LEAST", 1 << 30)
    flat = made(steps)
    assert not flat.repeat and len(flat.rows) == len(flat.table.rows) > len(looped.table.rows)
    assert said(tmp_path, looped) == said(tmp_path, flat)


def bytes_of(table):
    return sum(len(content) for _, content in table.bytes()) + 4 * len(table.words)


def test_a_hundred_turns_take_no_more_than_ten():
    sizes = []
    for count in (40, 100):
        body = [[Dispatch("a", (1, 1, 1), (n, 5), (arena(64, 16), arena(128 + 16 * n, 16)))] for n in range(count)]
        sizes.append(bytes_of(made([step for turn in body for step in turn])))
    assert sizes[0] == sizes[1] < 40


def test_what_saves_little_is_no_loop():
    body = [Dispatch("a", (1, 1, 1), (), (arena(0, 16), arena(64, 16))) for _ in range(20)]
    assert not made(body).repeat


def test_constants_of_run_time_are_in_no_loop():
    body = [Dispatch("a", (1, 1, 1), (Word(0, 0), n), (arena(0, 16),)) for n in range(100)]
    assert not made(body).repeat


def test_leb128_is_as_in_the_standard():
    # DWARF 4, figure 22: examples of unsigned LEB128 encodings.
    assert {n: leb128(n) for n in (2, 127, 128, 129, 130, 12857)} == {
        2: b"\2", 127: b"\x7f", 128: b"\x80\1", 129: b"\x81\1", 130: b"\x82\1", 12857: b"\xb9\x64",
    }  # fmt: skip
