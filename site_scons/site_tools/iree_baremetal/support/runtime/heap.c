// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// First fit; free blocks are kept in the order of their addresses and merged. Simple on purpose:
// the runtime allocates much at the start, then the same few blocks in each call.
#include "heap.h"

#include <stdint.h>
#include <string.h>

#include "board.h"

#define UNIT 16

typedef struct block_t {
  size_t size;  // bytes, this header included; a multiple of UNIT
  struct block_t* next;  // only while free
} __attribute__((aligned(UNIT))) block_t;

#if defined(IREE_HEAP_SIZE)
static char heap_region[IREE_HEAP_SIZE] __attribute__((aligned(UNIT)));
#define HEAP_START heap_region
#define HEAP_END (heap_region + sizeof heap_region)
#else
extern char __heap_start[], __heap_end[];
#define HEAP_START __heap_start
#define HEAP_END __heap_end
#endif

static block_t* free_list;
static iree_heap_stats_t stats;

iree_heap_stats_t iree_heap_stats(void) { return stats; }

static void start(void) {
  stats.size = (size_t)(HEAP_END - HEAP_START) & ~(size_t)(UNIT - 1);
  if (!stats.size) return;
  free_list = (block_t*)HEAP_START;
  free_list->size = stats.size;
  free_list->next = NULL;
}

static void* refuse(size_t length) {
  stats.refused = length;
  board_print("heap exhausted: ");
  board_print_int((int64_t)length, 0);
  board_print(" bytes asked for, ");
  board_print_int((int64_t)stats.used, 0);
  board_print(" of ");
  board_print_int((int64_t)stats.size, 0);
  board_print(" in use. Build with more: heap=\n");
  return NULL;
}

// The part of `block` behind its first `size` bytes, made a free block of its own.
static void split(block_t* block, size_t size) {
  block_t* rest = (block_t*)((char*)block + size);
  rest->size = block->size - size;
  rest->next = block->next;
  block->size = size;
  block->next = rest;
}

void* iree_heap_take(size_t length, size_t alignment) {
  if (!stats.size) start();
  if (length > stats.size) return refuse(length);
  const size_t size = sizeof(block_t) + ((length + UNIT - 1) & ~(size_t)(UNIT - 1));
  const size_t mask = alignment > UNIT ? alignment - 1 : 0;
  for (block_t** link = &free_list; *link; link = &(*link)->next) {
    block_t* block = *link;
    const size_t gap = -(uintptr_t)(block + 1) & mask;
    if (block->size < size + gap) continue;
    if (gap) {
      split(block, gap);
      link = &block->next;
      block = *link;
    }
    if (block->size > size) split(block, size);
    *link = block->next;
    const size_t reach = (size_t)((char*)block + size - HEAP_START);
    stats.used += size;
    if (stats.used > stats.peak) stats.peak = stats.used;
    if (reach > stats.reach) stats.reach = reach;
    return block + 1;
  }
  return refuse(length);
}

// Joins `block` with the free block behind it where they touch.
static void merge(block_t* block) {
  block_t* next = block->next;
  if (!next || (char*)block + block->size != (char*)next) return;
  block->size += next->size;
  block->next = next->next;
}

void iree_heap_give_back(void* memory) {
  if (!memory) return;
  block_t* block = (block_t*)memory - 1;
  stats.used -= block->size;
  block_t* before = NULL;
  block_t** link = &free_list;
  while (*link && *link < block) {
    before = *link;
    link = &before->next;
  }
  block->next = *link;
  *link = block;
  merge(block);
  if (before) merge(before);
}

void* iree_heap_resize(void* memory, size_t length) {
  const size_t old = memory ? ((block_t*)memory - 1)->size - sizeof(block_t) : 0;
  if (memory && length <= old) return memory;
  void* larger = iree_heap_take(length, UNIT);
  if (larger && memory) {
    memcpy(larger, memory, old);
    iree_heap_give_back(memory);
  }
  return larger;
}
