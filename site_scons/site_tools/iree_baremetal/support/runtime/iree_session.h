// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model on IREE's runtime, behind the same generated function as the direct deployment.
//
// Generated code describes the model in a static iree_session_t; the first call creates instance,
// HAL and context on the heap, where they stay. One thread only.
#pragma once

#include "iree/hal/api.h"
#include "iree/hal/local/executable_library.h"
#include "iree/hal/local/executable_loader.h"
#include "iree/vm/api.h"
#include "iree_model.h"

#ifdef __cplusplus
extern "C" {
#endif

// A call's outcome where the runtime failed: this plus the code in iree/base/status.h.
#define IREE_SESSION_FAILED 32

// One input or output of a call, in the caller's memory.
typedef struct {
  void* data;  // a multiple of 64
  size_t length;  // bytes; of an output: the room there is, then what was written
  iree_hal_element_type_t type;
  size_t rank;
  iree_hal_dim_t* shape;  // of an output: written, unless NULL, also where there is too little room
} iree_session_tensor_t;

// What a host program needs beneath it: VM modules, and whom buffers are allocated from.
typedef struct {
  iree_vm_module_t* modules[2];
  size_t module_count;
  iree_hal_allocator_t* buffers;
} iree_session_hal_t;

typedef struct iree_session_t iree_session_t;
struct iree_session_t {
  // The host program: one of the functions below, or EmitC's with the archive left empty.
  iree_status_t (*create_module)(const iree_session_t* session, iree_vm_instance_t* instance,
                                 iree_allocator_t allocator, iree_vm_module_t** out_module);
  iree_const_byte_span_t archive;  // the .vmfb: a multiple of 64, used where it is
  // The kernels: one of the functions below; the libraries are for the static one.
  iree_status_t (*create_loader)(const iree_session_t* session, iree_vm_instance_t* instance,
                                 iree_allocator_t allocator, iree_hal_executable_loader_t** out_loader);
  const iree_hal_executable_library_query_fn_t* libraries;
  size_t library_count;
  // The HAL: one of the functions below, which on failure may leave a part to be released.
  iree_status_t (*create_hal)(iree_vm_instance_t* instance, iree_hal_executable_loader_t* loader,
                              iree_allocator_t allocator, iree_session_hal_t* out_hal);
  // Of the session itself; leave zero.
  iree_vm_context_t* context;
  iree_hal_allocator_t* buffers;
};

// Calls a function by its full name, "module.main". IREE_MODEL_OK, IREE_MODEL_MISALIGNED or
// IREE_SESSION_FAILED and more; failures are also told on the console, where the runtime has text.
int iree_session_call(iree_session_t* session, const char* function, size_t input_count,
                      const iree_session_tensor_t* inputs, size_t output_count,
                      iree_session_tensor_t* outputs);

// Starts the model anew with the next call, its global variables as they were before the first.
void iree_session_reset(iree_session_t* session);

// Host programs.
iree_status_t iree_session_bytecode(const iree_session_t*, iree_vm_instance_t*, iree_allocator_t,
                                    iree_vm_module_t**);

// Kernels. Each is in an object of its own, so that only the one in use is linked.
iree_status_t iree_session_static_loader(const iree_session_t*, iree_vm_instance_t*, iree_allocator_t,
                                         iree_hal_executable_loader_t**);
iree_status_t iree_session_elf_loader(const iree_session_t*, iree_vm_instance_t*, iree_allocator_t,
                                      iree_hal_executable_loader_t**);
iree_status_t iree_session_vmvx_loader(const iree_session_t*, iree_vm_instance_t*, iree_allocator_t,
                                       iree_hal_executable_loader_t**);

// HALs: the full one with a local-sync device, whatever the tree's version asks for; and the inline one.
iree_status_t iree_session_device_hal(iree_vm_instance_t*, iree_hal_executable_loader_t*, iree_allocator_t,
                                      iree_session_hal_t*);
iree_status_t iree_session_inline_hal(iree_vm_instance_t*, iree_hal_executable_loader_t*, iree_allocator_t,
                                      iree_session_hal_t*);

#ifdef __cplusplus
}
#endif
