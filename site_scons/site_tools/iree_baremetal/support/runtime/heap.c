// First fit over one region; free blocks are kept in the order of their addresses and merged.
//
// Simple on purpose: the runtime allocates at the start, then the same few blocks in each call.
#include "heap.h"

#include <string.h>

#include "board.h"
#include "iree/base/api.h"

// What IREE asks of an allocator; its own larger alignments it makes itself.
#define ALIGNMENT 16

typedef struct block_t {
  size_t size;  // bytes, this header included; a multiple of ALIGNMENT
  struct block_t* next;  // only while free
} __attribute__((aligned(ALIGNMENT))) block_t;

#if defined(IREE_HEAP_SIZE)
static char heap_region[IREE_HEAP_SIZE] __attribute__((aligned(ALIGNMENT)));
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
  stats.size = (size_t)(HEAP_END - HEAP_START) & ~(size_t)(ALIGNMENT - 1);
  if (!stats.size) return;
  free_list = (block_t*)HEAP_START;
  free_list->size = stats.size;
  free_list->next = NULL;
}

static void* take(size_t length) {
  if (!stats.size) start();
  const size_t size = sizeof(block_t) + ((length + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1));
  if (size < length) return NULL;
  for (block_t** link = &free_list; *link; link = &(*link)->next) {
    block_t* block = *link;
    if (block->size < size) continue;
    if (block->size - size > sizeof(block_t)) {
      block_t* rest = (block_t*)((char*)block + size);
      rest->size = block->size - size;
      rest->next = block->next;
      *link = rest;
      block->size = size;
    } else {
      *link = block->next;
    }
    stats.used += block->size;
    if (stats.used > stats.peak) stats.peak = stats.used;
    const size_t reach = (size_t)((char*)block + block->size - HEAP_START);
    if (reach > stats.reach) stats.reach = reach;
    return block + 1;
  }
  return NULL;
}

static void give_back(void* memory) {
  block_t* block = (block_t*)memory - 1;
  stats.used -= block->size;
  block_t* before = NULL;
  block_t* after = free_list;
  while (after && after < block) before = after, after = after->next;
  block->next = after;
  if (after && (char*)block + block->size == (char*)after) {
    block->size += after->size;
    block->next = after->next;
  }
  if (!before) {
    free_list = block;
  } else if ((char*)before + before->size == (char*)block) {
    before->size += block->size;
    before->next = block->next;
  } else {
    before->next = block;
  }
}

static iree_status_t refuse(size_t length) {
  stats.refused = length;
  board_print("iree: heap exhausted: ");
  board_print_int((int64_t)length, 0);
  board_print(" bytes asked for, ");
  board_print_int((int64_t)stats.used, 0);
  board_print(" of ");
  board_print_int((int64_t)stats.size, 0);
  board_print(" in use; give the board a larger heap\n");
  return iree_status_from_code(IREE_STATUS_RESOURCE_EXHAUSTED);
}

iree_status_t iree_allocator_baremetal_ctl(void* self, iree_allocator_command_t command,
                                           const void* params, void** inout_ptr) {
  (void)self;
  void* old = *inout_ptr;
  if (command == IREE_ALLOCATOR_COMMAND_FREE) {
    if (old) give_back(old);
    *inout_ptr = NULL;
    return iree_ok_status();
  }
  if (command > IREE_ALLOCATOR_COMMAND_FREE) return iree_status_from_code(IREE_STATUS_UNIMPLEMENTED);
  const size_t length = ((const iree_allocator_alloc_params_t*)params)->byte_length;
  const bool moves = command == IREE_ALLOCATOR_COMMAND_REALLOC && old;
  const size_t old_length = moves ? ((block_t*)old - 1)->size - sizeof(block_t) : 0;
  if (moves && length <= old_length) return iree_ok_status();
  void* memory = take(length);
  if (!memory) return refuse(length);
  if (command == IREE_ALLOCATOR_COMMAND_CALLOC) memset(memory, 0, length);
  if (moves) {
    memcpy(memory, old, old_length);
    give_back(old);
  }
  *inout_ptr = memory;
  return iree_ok_status();
}
