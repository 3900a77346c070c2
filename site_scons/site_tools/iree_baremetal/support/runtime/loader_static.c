// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels linked into the firmware.
#include "iree/hal/local/loaders/static_library_loader.h"
#include "iree_session.h"

iree_status_t iree_session_static_loader(const iree_session_t* session, iree_vm_instance_t* instance,
                                         iree_allocator_t allocator,
                                         iree_hal_executable_loader_t** out_loader) {
  (void)instance;
  return iree_hal_static_library_loader_create(session->library_count, session->libraries,
                                               iree_hal_executable_import_provider_null(), allocator,
                                               out_loader);
}
