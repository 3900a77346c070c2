// The runtime's heap: one region of a declared size, from the board's linker script.
//
// Implements iree_allocator_ctl_fn_t of upstream's runtime/src/iree/base/allocator.h.
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

#ifdef __cplusplus
}
#endif
