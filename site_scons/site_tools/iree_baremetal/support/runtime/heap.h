// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heap of the runtime and of the C library: one region of a declared size, from the board's
// linker script (or IREE_HEAP_SIZE bytes, where there is none).
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// All in bytes, bookkeeping included.
typedef struct {
  size_t size;  // of the region
  size_t used;
  size_t peak;  // the most that was ever in use; fragmentation may need more
  size_t reach;  // how far into the region any block ever reached: the least size that would do
  size_t refused;  // what the last request that failed asked for, else 0
} iree_heap_stats_t;

iree_heap_stats_t iree_heap_stats(void);

// Memory, not zeroed; alignment is a power of two, at least 16 is given. NULL, and a message on
// the console, when there is no room.
void* iree_heap_take(size_t length, size_t alignment);
void iree_heap_give_back(void* memory);
// As realloc, for memory with the alignment 16.
void* iree_heap_resize(void* memory, size_t length);

#ifdef __cplusplus
}
#endif
