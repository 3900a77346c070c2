// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels as VMVX bytecode.
#include "iree/hal/local/loaders/vmvx_module_loader.h"
#include "iree_session.h"

iree_status_t iree_session_vmvx_loader(const iree_session_t* session, iree_vm_instance_t* instance,
                                       iree_allocator_t allocator,
                                       iree_hal_executable_loader_t** out_loader) {
  (void)session;
  return iree_hal_vmvx_module_loader_create(instance, /*user_module_count=*/0, /*user_modules=*/NULL,
                                            allocator, out_loader);
}
