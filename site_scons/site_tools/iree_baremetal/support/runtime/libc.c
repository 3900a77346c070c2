// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the runtime asks of the C library beyond its own allocator, without what the library's
// versions bring along: one heap for all, and an end that says so.
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "heap.h"

void* malloc(size_t size) { return iree_heap_take(size, 1); }
void* aligned_alloc(size_t alignment, size_t size) { return iree_heap_take(size, alignment); }
void* realloc(void* memory, size_t size) { return iree_heap_resize(memory, size); }
void free(void* memory) { iree_heap_give_back(memory); }

void* calloc(size_t count, size_t size) {
  size_t total;
  void* memory = __builtin_mul_overflow(count, size, &total) ? NULL : iree_heap_take(total, 1);
  return memory ? memset(memory, 0, total) : NULL;
}

#if defined(__NEWLIB__) && !defined(__PICOLIBC__)
// newlib's own functions allocate through these.
struct _reent;
void* _malloc_r(struct _reent* r, size_t size) { return (void)r, malloc(size); }
void* _calloc_r(struct _reent* r, size_t count, size_t size) { return (void)r, calloc(count, size); }
void* _realloc_r(struct _reent* r, void* memory, size_t size) { return (void)r, realloc(memory, size); }
void _free_r(struct _reent* r, void* memory) { (void)r, free(memory); }
#endif

void abort(void) {
  board_print("\nabort\n");
  board_exit(BOARD_EXIT_FAULT);
}
