// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "iree_session.h"

#include <string.h>

#include "board.h"
#include "iree/modules/hal/types.h"

// Takes ownership of nothing; on failure the session is as it was.
static iree_status_t create_context(iree_session_t* session, iree_vm_instance_t* instance,
                                    const iree_session_hal_t* hal, iree_allocator_t allocator) {
  iree_vm_module_t* modules[IREE_ARRAYSIZE(hal->modules) + 1] = {NULL};
  memcpy(modules, hal->modules, sizeof hal->modules);
  iree_status_t status = session->create_module(session, instance, allocator, &modules[hal->module_count]);
  if (iree_status_is_ok(status)) {
    status = iree_vm_context_create_with_modules(instance, IREE_VM_CONTEXT_FLAG_NONE,
                                                 hal->module_count + 1, modules, allocator,
                                                 &session->context);
  }
  iree_vm_module_release(modules[hal->module_count]);
  return status;
}

static iree_status_t start(iree_session_t* session, iree_allocator_t allocator) {
  iree_vm_instance_t* instance = NULL;
  iree_hal_executable_loader_t* loader = NULL;
  iree_session_hal_t hal = {{NULL}, 0, NULL};
  iree_status_t status = iree_vm_instance_create(IREE_VM_TYPE_CAPACITY_DEFAULT, allocator, &instance);
  if (iree_status_is_ok(status)) status = session->create_loader(session, instance, allocator, &loader);
  if (iree_status_is_ok(status)) status = session->create_hal(instance, loader, allocator, &hal);
  if (iree_status_is_ok(status)) status = create_context(session, instance, &hal, allocator);
  // The context keeps what it needs.
  for (size_t i = 0; i < IREE_ARRAYSIZE(hal.modules); ++i) iree_vm_module_release(hal.modules[i]);
  iree_hal_executable_loader_release(loader);
  iree_vm_instance_release(instance);
  if (iree_status_is_ok(status)) {
    session->buffers = hal.buffers;
  } else {
    iree_hal_allocator_release(hal.buffers);
  }
  return status;
}

static iree_status_t push_input(iree_session_t* session, const iree_session_tensor_t* input,
                                iree_vm_list_t* list) {
  iree_hal_external_buffer_t memory = {
      .type = IREE_HAL_EXTERNAL_BUFFER_TYPE_HOST_ALLOCATION,
      .size = input->length,
      .handle.host_allocation.ptr = input->data,
  };
  const iree_hal_buffer_params_t params = {
      .type = IREE_HAL_MEMORY_TYPE_HOST_LOCAL | IREE_HAL_MEMORY_TYPE_DEVICE_VISIBLE,
      .access = IREE_HAL_MEMORY_ACCESS_READ,
      .usage = IREE_HAL_BUFFER_USAGE_DEFAULT | IREE_HAL_BUFFER_USAGE_MAPPING,
  };
  iree_hal_buffer_t* buffer = NULL;
  iree_hal_buffer_view_t* view = NULL;
  iree_status_t status =
      iree_hal_allocator_import_buffer(session->buffers, params, &memory,
                                       iree_hal_buffer_release_callback_null(), &buffer);
  if (iree_status_is_ok(status)) {
    status = iree_hal_buffer_view_create(buffer, input->rank, input->shape, input->type,
                                         IREE_HAL_ENCODING_TYPE_DENSE_ROW_MAJOR,
                                         iree_hal_allocator_host_allocator(session->buffers), &view);
  }
  iree_hal_buffer_release(buffer);
  if (iree_status_is_ok(status)) {
    iree_vm_ref_t reference = iree_hal_buffer_view_move_ref(view);
    status = iree_vm_list_push_ref_move(list, &reference);
  }
  return status;
}

static iree_status_t pull_output(const iree_vm_list_t* list, size_t index, iree_session_tensor_t* output) {
  iree_hal_buffer_view_t* view = iree_vm_list_get_buffer_view_assign(list, index);
  if (!view) return iree_make_status(IREE_STATUS_INVALID_ARGUMENT, "output %d is no tensor", (int)index);
  if (iree_hal_buffer_view_shape_rank(view) != output->rank ||
      iree_hal_buffer_view_element_type(view) != output->type) {
    return iree_make_status(IREE_STATUS_INVALID_ARGUMENT, "output %d differs in type", (int)index);
  }
  for (size_t i = 0; output->shape && i < output->rank; ++i) {
    output->shape[i] = iree_hal_buffer_view_shape_dim(view, i);
  }
  const iree_device_size_t length = iree_hal_buffer_view_byte_length(view);
  if (length > output->length) {
    return iree_make_status(IREE_STATUS_OUT_OF_RANGE, "output %d: %d bytes do not fit into %d", (int)index,
                            (int)length, (int)output->length);
  }
  output->length = length;
  return iree_hal_buffer_map_read(iree_hal_buffer_view_buffer(view), 0, output->data, length);
}

// With its lists made by the caller, whose storage has the exact size.
static iree_status_t invoke(iree_session_t* session, const char* name, size_t input_count,
                            const iree_session_tensor_t* inputs, iree_vm_list_t* arguments,
                            size_t output_count, iree_session_tensor_t* outputs,
                            iree_vm_list_t* results, iree_allocator_t allocator) {
  iree_vm_function_t function;
  IREE_RETURN_IF_ERROR(iree_vm_context_resolve_function(session->context,
                                                        iree_make_cstring_view(name), &function));
  for (size_t i = 0; i < input_count; ++i) {
    IREE_RETURN_IF_ERROR(push_input(session, &inputs[i], arguments));
  }
  IREE_RETURN_IF_ERROR(iree_vm_invoke(session->context, function, IREE_VM_INVOCATION_FLAG_NONE,
                                      /*policy=*/NULL, arguments, results, allocator));
  for (size_t i = 0; i < output_count; ++i) {
    IREE_RETURN_IF_ERROR(pull_output(results, i, &outputs[i]));
  }
  return iree_ok_status();
}

static iree_status_t call(iree_session_t* session, const char* name, size_t input_count,
                          const iree_session_tensor_t* inputs, size_t output_count,
                          iree_session_tensor_t* outputs, iree_allocator_t allocator) {
  if (!session->context) {
    IREE_RETURN_IF_ERROR(start(session, allocator));
  }
  const iree_vm_type_def_t any = iree_vm_make_undefined_type_def();
  const size_t input_size = iree_vm_list_storage_size(&any, input_count);
  const size_t output_size = iree_vm_list_storage_size(&any, output_count);
  uint8_t* storage = NULL;
  IREE_RETURN_IF_ERROR(iree_allocator_malloc(allocator, input_size + output_size, (void**)&storage));
  iree_vm_list_t *arguments = NULL, *results = NULL;
  iree_status_t status = iree_vm_list_initialize(iree_make_byte_span(storage, input_size), &any,
                                                 input_count, &arguments);
  if (iree_status_is_ok(status)) {
    status = iree_vm_list_initialize(iree_make_byte_span(storage + input_size, output_size), &any,
                                     output_count, &results);
  }
  if (iree_status_is_ok(status)) {
    status = invoke(session, name, input_count, inputs, arguments, output_count, outputs, results,
                    allocator);
  }
  if (results) iree_vm_list_deinitialize(results);
  if (arguments) iree_vm_list_deinitialize(arguments);
  iree_allocator_free(allocator, storage);
  return status;
}

static bool misaligned(size_t count, const iree_session_tensor_t* tensors) {
  uintptr_t bits = 0;
  for (size_t i = 0; i < count; ++i) bits |= (uintptr_t)tensors[i].data;
  return bits % 64 != 0;
}

int iree_session_call(iree_session_t* session, const char* function, size_t input_count,
                      const iree_session_tensor_t* inputs, size_t output_count,
                      iree_session_tensor_t* outputs) {
  if (misaligned(input_count, inputs) || misaligned(output_count, outputs)) return IREE_MODEL_MISALIGNED;
  iree_allocator_t allocator = iree_allocator_system();
  iree_status_t status =
      call(session, function, input_count, inputs, output_count, outputs, allocator);
  if (iree_status_is_ok(status)) return IREE_MODEL_OK;
  const int outcome = IREE_SESSION_FAILED + (int)iree_status_code(status);
#if IREE_STATUS_MODE
  char* text = NULL;
  iree_host_size_t length = 0;
  if (iree_status_to_string(status, &allocator, &text, &length)) {
    board_print("iree: ");
    board_write(text, length);
    board_print("\n");
    iree_allocator_free(allocator, text);
  }
#endif
  iree_status_free(status);
  return outcome;
}

void iree_session_reset(iree_session_t* session) {
  iree_vm_context_release(session->context);
  iree_hal_allocator_release(session->buffers);
  session->context = NULL;
  session->buffers = NULL;
}
