// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host program as VM bytecode, executed where it lies in flash.
#include "iree/vm/bytecode/module.h"
#include "iree_session.h"

iree_status_t iree_session_bytecode(const iree_session_t* session, iree_vm_instance_t* instance,
                                    iree_allocator_t allocator, iree_vm_module_t** out_module) {
  return iree_vm_bytecode_module_create(instance, IREE_VM_BYTECODE_MODULE_FLAG_NONE, session->archive,
                                        iree_allocator_null(), allocator, out_module);
}
