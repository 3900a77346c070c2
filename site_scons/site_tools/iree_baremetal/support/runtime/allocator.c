// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The heap as IREE's system allocator.
// Specification: iree_allocator_ctl_fn_t in upstream's runtime/src/iree/base/allocator.h.
#include <string.h>

#include "heap.h"
#include "iree/base/api.h"

iree_status_t iree_allocator_baremetal_ctl(void* self, iree_allocator_command_t command,
                                           const void* params, void** inout_ptr) {
  (void)self;
  const iree_allocator_alloc_params_t* wanted = params;
  void* memory = NULL;
  switch (command) {
    case IREE_ALLOCATOR_COMMAND_MALLOC:
    case IREE_ALLOCATOR_COMMAND_CALLOC:
      memory = iree_heap_take(wanted->byte_length, 1);
      break;
    case IREE_ALLOCATOR_COMMAND_REALLOC:
      memory = iree_heap_resize(*inout_ptr, wanted->byte_length);
      break;
    case IREE_ALLOCATOR_COMMAND_FREE:
      iree_heap_give_back(*inout_ptr);
      *inout_ptr = NULL;
      return iree_ok_status();
    default:
      return iree_status_from_code(IREE_STATUS_UNIMPLEMENTED);
  }
  // Without a text, which would have to be allocated: the heap has told the console.
  if (!memory) return iree_status_from_code(IREE_STATUS_RESOURCE_EXHAUSTED);
  if (command == IREE_ALLOCATOR_COMMAND_CALLOC) memset(memory, 0, wanted->byte_length);
  *inout_ptr = memory;
  return iree_ok_status();
}
