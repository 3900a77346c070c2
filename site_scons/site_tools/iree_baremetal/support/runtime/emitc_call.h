// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// To be included before the C that iree-compile --output-format=vm-c writes.
//
// That C lays out the arguments of a call with references on multiples of 8 and variadic parts
// without alignment, whatever the target; the runtime uses C's own layout. The two differ on
// 32-bit targets (hal.fence.await fails) and, for odd numbers of dispatch constants, on all. So
// each call is repacked on its way.
#pragma once

#include "iree/vm/api.h"
#include "iree/vm/ops_emitc.h"

typedef iree_status_t (*iree_emitc_begin_call_t)(void*, iree_vm_stack_t*, iree_vm_function_call_t);

iree_status_t iree_emitc_call(iree_emitc_begin_call_t begin_call, void* module, iree_vm_stack_t* stack,
                              iree_vm_function_call_t call);

#undef EMITC_CALL_INDIRECT
#define EMITC_CALL_INDIRECT(begin_call, module, stack, call) \
  iree_emitc_call(begin_call, module, stack, call)
