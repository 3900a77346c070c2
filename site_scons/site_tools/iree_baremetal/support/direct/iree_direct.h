/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* A model's steps, and what runs them: no runtime, no heap, no data in RAM but a few words of stack.
 *
 * Included by generated sources, where the compiler knows the program and leaves out what it does
 * not use. Own declarations of IREE's executable-library ABI, version 0.6: the arguments of a
 * dispatch function (specified in upstream's runtime/src/iree/hal/local/executable_library.h). The
 * assertions pin the layout that compiled kernels rely on.
 */
#ifndef IREE_DIRECT_H
#define IREE_DIRECT_H

#include <stdbool.h>
#include <string.h>

#include "iree_model.h"

typedef struct {
  uint32_t workgroup_size_x, workgroup_size_y;
  uint16_t workgroup_size_z;
  uint16_t constant_count;
  uint32_t workgroup_count_x, workgroup_count_y;
  uint16_t workgroup_count_z;
  uint8_t max_concurrency;
  uint8_t binding_count;
  const uint32_t *constants;
  void *const *binding_ptrs;
  const size_t *binding_lengths;
} iree_direct_dispatch_t;

typedef struct {
  uint32_t workgroup_id_x, workgroup_id_y;
  uint16_t workgroup_id_z;
  uint16_t reserved;
  uint32_t processor_id;
  void *local_memory;
  uint32_t local_memory_size;
} iree_direct_workgroup_t;

typedef struct {
  const uint32_t *constants;
  void *import_thunk;
  const void *import_funcs;
  const void **import_contexts;
  uint64_t processor[8];
} iree_direct_environment_t;

#if defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define IREE_DIRECT_ASSERT(condition, name) _Static_assert(condition, #name)
#else
#define IREE_DIRECT_ASSERT(condition, name) extern const char iree_direct_##name[(condition) ? 1 : -1]
#endif
#define IREE_DIRECT_P sizeof(void *)
IREE_DIRECT_ASSERT(offsetof(iree_direct_dispatch_t, workgroup_count_x) == 12, dispatch_counts);
IREE_DIRECT_ASSERT(offsetof(iree_direct_dispatch_t, constants) == 24, dispatch_constants);
IREE_DIRECT_ASSERT(offsetof(iree_direct_dispatch_t, binding_lengths) == 24 + 2 * IREE_DIRECT_P, dispatch_lengths);
IREE_DIRECT_ASSERT(offsetof(iree_direct_workgroup_t, processor_id) == 12, workgroup_processor);
IREE_DIRECT_ASSERT(offsetof(iree_direct_workgroup_t, local_memory_size) == 16 + IREE_DIRECT_P, workgroup_memory);
IREE_DIRECT_ASSERT(offsetof(iree_direct_environment_t, processor) == 4 * IREE_DIRECT_P, environment_processor);

typedef int iree_direct_kernel_t(const iree_direct_environment_t *, const iree_direct_dispatch_t *,
                                 const iree_direct_workgroup_t *);

#ifdef IREE_DIRECT_POISON
/* Bytes of the arena that hold nothing before a dispatch; sorted, the last of dispatch UINT32_MAX. */
typedef struct {
  uint32_t dispatch, start, end;
} iree_direct_dead_t;
#endif

/* One function of a model.
 *
 * steps are numbers in LEB128: seven bits a byte, the lowest first, the top bit set on all but the
 * last. A step begins with a number that says what follows:
 *
 *   0      the end
 *   1      a fill: place, bytes, the 4 bytes to repeat; place a multiple of 4, or less than 4 bytes
 *   2      a copy: source, target, bytes
 *   3      fills at equal distances: place, bytes of each, the byte to repeat, how many in a row and from
 *          one to the next, how many rows and from one to the next
 *   4 + n  kernel n: workgroups (x; y and z in a program with grids), how many constants (in a
 *          program with constants), how many bindings, place and bytes of each
 *   repeat a loop begins: how many turns, how many numbers of a turn come before the first that changes;
 *          or it ends. In a turn, each number that changes is followed by its change from turn to turn
 *          (zigzag: 0, -1, 1, -2 as 0, 1, 2, 3), and by how many numbers come before the next that does. The
 *          constants of a dispatch stand behind their count.
 *   load   a number is read from a buffer, which sets constants of later dispatches: its number in loads
 *   take   the next row of the input that is given row by row: where to copy it. Behind the last of those that are
 *          there the run ends, and goes on with more
 *
 * A place is ((offset >> unit_bits) << base_bits) + number of the base.
 */
typedef struct {
  const uint8_t *steps;
  iree_direct_kernel_t *const *kernels;
  uint32_t scratch, scratch_size; /* the kernels' scratch memory: offset in the arena, bytes */
  uint8_t base_bits, unit_bits;
#ifdef IREE_DIRECT_LOOPS
  uint32_t repeat; /* 0: no loop */
#endif
#ifdef IREE_DIRECT_LOADS
  uint32_t load; /* 0: no load */
  void (*const *loads)(uint8_t *const *bases);
#endif
#ifdef IREE_DIRECT_ROWS
  uint32_t take, row_size; /* 0: no input is given row by row; bytes */
#endif
  bool fills, copies, moves, borders, grids, constants; /* whether there are any; moves: copies whose places overlap */
#ifdef IREE_DIRECT_POISON
  const iree_direct_dead_t *dead;
#endif
} iree_direct_program_t;

#ifdef IREE_DIRECT_ROWS
/* Where a run goes on that has ended for want of rows; all zeros before the first row. */
typedef struct {
  uint32_t given; /* rows */
  const uint8_t *at;
  const uint32_t *words;
#ifdef IREE_DIRECT_LOOPS
  const uint8_t *loop;
  uint32_t turns, unchanged, turn, next;
#endif
#ifdef IREE_DIRECT_POISON
  const iree_direct_dead_t *dead;
  uint32_t dispatches;
#endif
} iree_direct_rows_t;
#endif

#ifdef IREE_DIRECT_PROFILE
#include "board.h"
/* The application's: told what each dispatch cost, in board_count() units. */
void iree_direct_profile(uint64_t cost);
#endif

typedef struct {
  const uint8_t *at;
  uint8_t *const *bases;
  unsigned base_bits, unit_bits;
#ifdef IREE_DIRECT_LOOPS
  uint32_t turn, unchanged; /* unchanged: how many numbers come before the next that changes */
#endif
} iree_direct_reader_t;

#if defined(__GNUC__)
#define IREE_DIRECT_NOINLINE __attribute__((noinline, unused)) /* registers of its own */
#else
#define IREE_DIRECT_NOINLINE
#endif

/* The first of the bytes at `at`, and those that belong to it; advances `at`. */
#define IREE_DIRECT_READ(at, byte, value)                 \
  do {                                                    \
    value = (byte = *at++) & 0x7f;                        \
    for (unsigned shift = 7; byte & 0x80; shift += 7) {   \
      byte = *at++;                                       \
      value |= (byte & 0x7f) << shift;                    \
    }                                                     \
  } while (0)

#ifdef IREE_DIRECT_LOOPS
#define IREE_DIRECT_NUMBER iree_direct_plain_number
#else
#define IREE_DIRECT_NUMBER iree_direct_number
#endif

static IREE_DIRECT_NOINLINE uint32_t IREE_DIRECT_NUMBER(iree_direct_reader_t *reader) {
  const uint8_t *at = reader->at;
  uint32_t byte, value;
  IREE_DIRECT_READ(at, byte, value);
  reader->at = at;
  return value;
}

#ifdef IREE_DIRECT_LOOPS
static IREE_DIRECT_NOINLINE uint32_t iree_direct_number(iree_direct_reader_t *reader) {
  const uint8_t *at = reader->at;
  uint32_t byte, value;
  IREE_DIRECT_READ(at, byte, value);
  reader->at = at;
  if (reader->unchanged-- == 0) {
    const uint32_t change = iree_direct_plain_number(reader);
    value += reader->turn * (change >> 1 ^ -(change & 1));
    reader->unchanged = iree_direct_plain_number(reader);
  }
  return value;
}
#endif

static inline uint8_t *iree_direct_place(iree_direct_reader_t *reader) {
  const uint32_t value = iree_direct_number(reader), base = value & ((1u << reader->base_bits) - 1);
  return reader->bases[base] + ((size_t)(value >> reader->base_bits) << reader->unit_bits);
}

static inline void iree_direct_fill(iree_direct_reader_t *reader) {
  uint8_t *target = iree_direct_place(reader);
  uint32_t length = iree_direct_number(reader), pattern = iree_direct_number(reader);
  for (; length >= 4; length -= 4, target += 4) *(uint32_t *)(void *)target = pattern;
  for (; length; --length, pattern >>= 8) *target++ = (uint8_t)pattern;
}

/* From the beginning on: target may begin before source, and end in it. */
static IREE_DIRECT_NOINLINE void iree_direct_move(uint8_t *target, const uint8_t *source, uint32_t length) {
  if ((((uintptr_t)target | (uintptr_t)source) & 3) == 0 && length >= 32) {
    const uint32_t *from = (const uint32_t *)(const void *)source;
    uint32_t *to = (uint32_t *)(void *)target;
    const uint32_t *const end = from + (length / 32) * 8;
#if defined(__GNUC__) && defined(__thumb2__)
    __asm__ volatile( /* GCC would take twice the instructions */
        "1: ldmia %0!, {r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
        "stmia %1!, {r3, r4, r5, r6, r8, r9, r10, r12}\n\t"
        "cmp %0, %2\n\t"
        "bne 1b"
        : "+r"(from), "+r"(to)
        : "r"(end)
        : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "cc", "memory");
#else
    do { /* eight registers at a time */
      const uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
      const uint32_t e = from[4], f = from[5], g = from[6], h = from[7];
      to[0] = a, to[1] = b, to[2] = c, to[3] = d;
      to[4] = e, to[5] = f, to[6] = g, to[7] = h;
      from += 8, to += 8;
    } while (from != end);
#endif
    source = (const uint8_t *)from;
    target = (uint8_t *)to;
    length %= 32;
  }
  for (; length; --length) *target++ = *source++;
}

static inline void iree_direct_copy(iree_direct_reader_t *reader, bool moves) {
  const uint8_t *source = iree_direct_place(reader);
  uint8_t *target = iree_direct_place(reader);
  const uint32_t length = iree_direct_number(reader);
  if (moves) iree_direct_move(target, source, length);
  else memcpy(target, source, length);
}

static inline void iree_direct_border(iree_direct_reader_t *reader) {
  uint8_t *row = iree_direct_place(reader);
  const uint32_t length = iree_direct_number(reader), byte = iree_direct_number(reader);
  const uint32_t count = iree_direct_number(reader), stride = iree_direct_number(reader);
  uint32_t rows = iree_direct_number(reader);
  const uint32_t row_stride = iree_direct_number(reader);
  for (; rows; --rows, row += row_stride) {
    uint8_t *at = row;
    for (uint32_t i = 0; i < count; ++i, at += stride) {
      for (uint32_t j = 0; j < length; ++j) at[j] = (uint8_t)byte;
    }
  }
}

/* Runs the steps in order, and a kernel's workgroups in order.
 *
 * bases: what places are relative to; the first is the arena. pointers, lengths: room for the
 * bindings of one dispatch. words: the constants of all dispatches that are in no loop, in order.
 * in_line: room for those of one dispatch in a loop. rows: where to go on; row: the next of left that are there.
 */
static inline int iree_direct_run(const iree_direct_program_t *program, uint8_t *const *bases, void **pointers,
                                  size_t *lengths, const uint32_t *words
#ifdef IREE_DIRECT_LOOPS
                                  , uint32_t *in_line
#endif
#ifdef IREE_DIRECT_ROWS
                                  , iree_direct_rows_t *rows, const uint8_t *row, uint32_t left
#endif
) {
  /* Kernels import nothing, and no CPU feature is announced to them. */
  static const iree_direct_environment_t environment = {0};
#ifdef IREE_DIRECT_LOOPS
  iree_direct_reader_t reader = {program->steps, bases, program->base_bits, program->unit_bits, 0, UINT32_MAX};
  const uint8_t *loop = NULL;
  uint32_t turns = 0, unchanged = 0; /* of the loop: how many, and as in the reader at their beginning */
#else
  iree_direct_reader_t reader = {program->steps, bases, program->base_bits, program->unit_bits};
#endif
  /* Member by member: initializers would call memset. */
  iree_direct_dispatch_t state;
  state.workgroup_size_x = state.workgroup_size_y = state.workgroup_size_z = 1;
  state.max_concurrency = 1;
  state.binding_ptrs = pointers;
  state.binding_lengths = lengths;
  iree_direct_workgroup_t workgroup;
  workgroup.reserved = 0;
  workgroup.processor_id = 0;
  workgroup.local_memory = program->scratch_size ? bases[0] + program->scratch : NULL;
  workgroup.local_memory_size = program->scratch_size;
#ifdef IREE_DIRECT_POISON
  const iree_direct_dead_t *dead = program->dead;
  uint32_t dispatches = 0;
#endif
#ifdef IREE_DIRECT_ROWS
  if (program->take && rows->at) {
    reader.at = rows->at, words = rows->words;
#ifdef IREE_DIRECT_LOOPS
    loop = rows->loop, turns = rows->turns, unchanged = rows->unchanged;
    reader.turn = rows->turn, reader.unchanged = rows->next;
#endif
#ifdef IREE_DIRECT_POISON
    dead = rows->dead, dispatches = rows->dispatches;
#endif
  }
#endif
  for (;;) {
    const uint32_t what = iree_direct_number(&reader);
    if (what == 0) return IREE_MODEL_OK;
#ifdef IREE_DIRECT_ROWS
    if (program->take && what == program->take) {
      memcpy(iree_direct_place(&reader), row, program->row_size);
      row += program->row_size;
      if (--left) continue;
      rows->at = reader.at, rows->words = words;
#ifdef IREE_DIRECT_LOOPS
      rows->loop = loop, rows->turns = turns, rows->unchanged = unchanged;
      rows->turn = reader.turn, rows->next = reader.unchanged;
#endif
#ifdef IREE_DIRECT_POISON
      rows->dead = dead, rows->dispatches = dispatches;
#endif
      return IREE_MODEL_OK;
    }
#endif
#ifdef IREE_DIRECT_LOOPS
    if (program->repeat && what == program->repeat) {
      if (turns == 0) {
        turns = iree_direct_plain_number(&reader);
        unchanged = iree_direct_plain_number(&reader);
        loop = reader.at;
        reader.turn = 0;
      } else if (++reader.turn == turns) {
        turns = 0;
        reader.unchanged = UINT32_MAX;
        continue;
      }
      reader.at = loop;
      reader.unchanged = unchanged;
      continue;
    }
#endif
#ifdef IREE_DIRECT_LOADS
    if (program->load && what == program->load) {
      program->loads[iree_direct_number(&reader)](bases);
      continue;
    }
#endif
    if (program->fills && what == 1) {
      iree_direct_fill(&reader);
      continue;
    }
    if (program->copies && what == 2) {
      iree_direct_copy(&reader, program->moves);
      continue;
    }
    if (program->borders && what == 3) {
      iree_direct_border(&reader);
      continue;
    }
    state.workgroup_count_x = iree_direct_number(&reader);
    state.workgroup_count_y = program->grids ? iree_direct_number(&reader) : 1;
    state.workgroup_count_z = (uint16_t)(program->grids ? iree_direct_number(&reader) : 1);
    state.constants = words;
    state.constant_count = (uint16_t)(program->constants ? iree_direct_number(&reader) : 0);
#ifdef IREE_DIRECT_LOOPS
    if (program->repeat && turns) {
      for (unsigned i = 0; i < state.constant_count; ++i) in_line[i] = iree_direct_number(&reader);
      state.constants = in_line;
    } else
#endif
    if (program->constants) words += state.constant_count;
    state.binding_count = (uint8_t)iree_direct_number(&reader);
    for (unsigned i = 0; i < state.binding_count; ++i) {
      pointers[i] = iree_direct_place(&reader);
      lengths[i] = iree_direct_number(&reader);
    }
#ifdef IREE_DIRECT_POISON
    for (; dead->dispatch == dispatches; ++dead) memset(bases[0] + dead->start, 0xaa, dead->end - dead->start);
    ++dispatches;
#endif
#ifdef IREE_DIRECT_PROFILE
    const uint64_t start = board_count();
#endif
    for (uint32_t z = 0; z < state.workgroup_count_z; ++z) {
      workgroup.workgroup_id_z = (uint16_t)z;
      for (uint32_t y = 0; y < state.workgroup_count_y; ++y) {
        workgroup.workgroup_id_y = y;
        for (uint32_t x = 0; x < state.workgroup_count_x; ++x) {
          workgroup.workgroup_id_x = x;
          const int code = program->kernels[what - 4](&environment, &state, &workgroup);
          if (code != 0) return IREE_MODEL_KERNEL | (code & 0xff) << 8 | (int)(what - 4) << 16;
        }
      }
    }
#ifdef IREE_DIRECT_PROFILE
    iree_direct_profile(board_count() - start);
#endif
  }
}

#endif  /* IREE_DIRECT_H */
