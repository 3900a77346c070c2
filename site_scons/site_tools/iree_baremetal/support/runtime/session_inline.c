// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inline HAL: no device, no commands; buffers are memory, and dispatches calls.
#include <string.h>

#include "iree/modules/hal/inline/module.h"
#include "iree/modules/hal/loader/module.h"
#include "iree_session.h"

// hal_loader.executable.dispatch: a fixed part, the constants, the bindings.
#define DISPATCH IREE_SV("0rIiiiCiDCrIID_v")

typedef struct {
  iree_vm_ref_t executable;
  int64_t function;
  int32_t workgroups[3];
  uint8_t end[];
} fixed_t;

typedef struct {
  iree_vm_ref_t buffer;
  int64_t offset, length;
} binding_t;

// Of every module in C.
static iree_status_t (*native_begin_call)(void*, iree_vm_stack_t*, iree_vm_function_call_t);
// Of the storage of a buffer, once freed: upstream's module gives it a VM buffer for its last member.
static iree_allocator_ctl_fn_t storage_ctl;

static uint8_t* aligned(const uint8_t* pointer) {
  return (uint8_t*)iree_host_align((uintptr_t)pointer, iree_alignof(binding_t));
}

// Moves the arguments of a dispatch to where upstream's module reads them: it takes the fixed part for a C
// struct and skips the padding at its end, which the VM does not write. The callee borrows the references.
static iree_status_t call_loader(void* module, iree_vm_stack_t* stack, iree_vm_function_call_t call) {
  if (!iree_string_view_equal(iree_vm_function_signature(&call.function).calling_convention, DISPATCH)) {
    return native_begin_call(module, stack, call);
  }
  binding_t storage[call.arguments.data_length / sizeof(binding_t) + 2];
  const uint8_t* from = call.arguments.data;
  uint8_t* to = (uint8_t*)storage;
  memcpy(to, from, offsetof(fixed_t, end));
  from += offsetof(fixed_t, end), to += sizeof(fixed_t);
  const size_t constants = sizeof(int32_t) * (1 + (size_t) * (const int32_t*)from);
  memcpy(to, from, constants + sizeof(int32_t));
  from += constants, to += constants;
  const size_t bindings = sizeof(binding_t) * (size_t) * (const int32_t*)from;
  to = aligned(to + sizeof(int32_t));
  memcpy(to, aligned(from + sizeof(int32_t)), bindings);
  call.arguments = iree_make_byte_span(storage, to + bindings - (uint8_t*)storage);
  return native_begin_call(module, stack, call);
}

// The word before a VM buffer, where the VM looks for what to free.
static void** base_of(void* buffer) { return (void**)buffer - 1; }

static iree_status_t free_storage(void* self, iree_allocator_command_t command, const void* params,
                                  void** inout_buffer) {
  const bool frees_itself = ((const iree_allocator_t*)self)->ctl;  // its first member
  *base_of(*inout_buffer) = NULL;
  IREE_RETURN_IF_ERROR(storage_ctl(self, command, params, inout_buffer));
  if (!frees_itself) iree_allocator_free(iree_allocator_system(), self);
  return iree_ok_status();
}

// Upstream's module loses the storage of each buffer: the VM finds nothing to free before the VM buffer,
// and the storage does not know its allocator. Storage is always a call's last result.
static iree_status_t call_inline(void* module, iree_vm_stack_t* stack, iree_vm_function_call_t call) {
  IREE_RETURN_IF_ERROR(native_begin_call(module, stack, call));
  const iree_string_view_t types = iree_vm_function_signature(&call.function).calling_convention;
  if (types.data[types.size - 1] != IREE_VM_CCONV_TYPE_REF) return iree_ok_status();
  const iree_vm_ref_t* result = (const iree_vm_ref_t*)(call.results.data + call.results.data_length) - 1;
  if (iree_vm_buffer_isa(*result)) {
    iree_vm_buffer_t* buffer = iree_vm_buffer_deref(*result);
    if (!*base_of(buffer)) {
      storage_ctl = buffer->allocator.ctl;
      buffer->allocator.ctl = free_storage;
      *base_of(buffer) = buffer;
    }
  }
  return iree_ok_status();
}

iree_status_t iree_session_inline_hal(iree_vm_instance_t* instance, iree_hal_executable_loader_t* loader,
                                      iree_allocator_t allocator, iree_session_hal_t* out_hal) {
  IREE_RETURN_IF_ERROR(iree_hal_module_register_inline_types(instance));
  IREE_RETURN_IF_ERROR(iree_hal_module_register_loader_types(instance));
  IREE_RETURN_IF_ERROR(iree_hal_allocator_create_heap(IREE_SV("heap"), allocator, allocator, &out_hal->buffers));
  IREE_RETURN_IF_ERROR(iree_hal_inline_module_create(instance, IREE_HAL_INLINE_MODULE_FLAG_NONE,
                                                     iree_hal_module_debug_sink_null(), out_hal->buffers,
                                                     allocator, &out_hal->modules[0]));
  IREE_RETURN_IF_ERROR(iree_hal_loader_module_create(instance, IREE_HAL_LOADER_MODULE_FLAG_NONE, 1, &loader,
                                                     allocator, &out_hal->modules[1]));
  out_hal->module_count = 2;
  native_begin_call = out_hal->modules[0]->begin_call;
  out_hal->modules[0]->begin_call = call_inline;
  out_hal->modules[1]->begin_call = call_loader;
  return iree_ok_status();
}
