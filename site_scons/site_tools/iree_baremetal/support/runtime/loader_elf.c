// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels in an embedded ELF, which the loader copies to the heap.
#include "iree/hal/local/loaders/embedded_elf_loader.h"
#include "iree_session.h"

iree_status_t iree_session_elf_loader(const iree_session_t* session, iree_vm_instance_t* instance,
                                      iree_allocator_t allocator,
                                      iree_hal_executable_loader_t** out_loader) {
  (void)session, (void)instance;
  return iree_hal_embedded_elf_loader_create(/*plugin_manager=*/NULL, allocator, out_loader);
}
