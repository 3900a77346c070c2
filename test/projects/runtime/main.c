// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four products by IREE's C API: instance, device, modules, context, call.
#include "board.h"
#include "iree/async/frontier_tracker.h"
#include "iree/async/util/proactor_pool.h"
#include "iree/hal/drivers/local_sync/sync_device.h"
#include "iree/hal/local/loaders/static_library_loader.h"
#include "iree/modules/hal/module.h"
#include "iree/vm/api.h"
#include "iree/vm/bytecode/module.h"
#include "multiply_library_c.h"
#include "multiply_library.h"

static iree_status_t create_device(iree_allocator_t host, iree_hal_device_t **device) {
  const iree_hal_executable_library_query_fn_t libraries[] = {vectors_dispatch_0_library_query};
  iree_hal_executable_loader_t *loader = NULL;
  IREE_RETURN_IF_ERROR(iree_hal_static_library_loader_create(
      1, libraries, iree_hal_executable_import_provider_null(), host, &loader));
  iree_hal_allocator_t *heap = NULL;
  IREE_RETURN_IF_ERROR(iree_hal_allocator_create_heap(IREE_SV("heap"), host, host, &heap));
  iree_hal_sync_device_params_t params;
  iree_hal_sync_device_params_initialize(&params);
  params.arena_block_size = 4096;  // bytes; 32 KB unless said otherwise
  iree_hal_device_create_params_t create = iree_hal_device_create_params_default();
  IREE_RETURN_IF_ERROR(iree_async_proactor_pool_create(
      1, NULL, iree_async_proactor_pool_options_default(), host, &create.proactor_pool));
  return iree_hal_sync_device_create(IREE_SV("local-sync"), &params, &create, 1, &loader, heap, host, device);
}

static iree_status_t create_context(iree_allocator_t host, iree_hal_device_t *device, iree_vm_context_t **context) {
  iree_vm_instance_t *instance = NULL;
  IREE_RETURN_IF_ERROR(iree_vm_instance_create(IREE_VM_TYPE_CAPACITY_DEFAULT, host, &instance));
  IREE_RETURN_IF_ERROR(iree_hal_module_register_all_types(instance));
  iree_async_frontier_tracker_t *tracker = NULL;
  IREE_RETURN_IF_ERROR(iree_async_frontier_tracker_create(iree_async_frontier_tracker_options_default(), host, &tracker));
  iree_hal_device_group_t *group = NULL;
  IREE_RETURN_IF_ERROR(iree_hal_device_group_create_from_device(device, tracker, host, &group));
  iree_vm_module_t *modules[2];
  IREE_RETURN_IF_ERROR(iree_hal_module_create(
      instance, iree_hal_module_device_policy_default(), group, IREE_HAL_MODULE_FLAG_SYNCHRONOUS,
      iree_hal_module_debug_sink_null(), host, &modules[0]));
  const iree_file_toc_t *file = multiply_library_create();
  IREE_RETURN_IF_ERROR(iree_vm_bytecode_module_create(
      instance, IREE_VM_BYTECODE_MODULE_FLAG_NONE, iree_make_const_byte_span(file->data, file->size),
      iree_allocator_null(), host, &modules[1]));
  return iree_vm_context_create_with_modules(instance, IREE_VM_CONTEXT_FLAG_NONE, 2, modules, host, context);
}

static iree_status_t push(iree_hal_device_t *device, const float values[4], iree_vm_list_t *list) {
  const iree_hal_dim_t shape[1] = {4};
  iree_hal_buffer_view_t *view = NULL;
  IREE_RETURN_IF_ERROR(iree_hal_buffer_view_allocate_buffer_copy(
      device, iree_hal_device_allocator(device), 1, shape, IREE_HAL_ELEMENT_TYPE_FLOAT_32,
      IREE_HAL_ENCODING_TYPE_DENSE_ROW_MAJOR,
      (iree_hal_buffer_params_t){.type = IREE_HAL_MEMORY_TYPE_DEVICE_LOCAL, .usage = IREE_HAL_BUFFER_USAGE_DEFAULT},
      iree_make_const_byte_span(values, 4 * sizeof *values), &view));
  iree_vm_ref_t reference = iree_hal_buffer_view_move_ref(view);
  return iree_vm_list_push_ref_move(list, &reference);
}

static iree_status_t multiply(const float a[4], const float b[4], float product[4]) {
  const iree_allocator_t host = iree_allocator_system();
  iree_hal_device_t *device = NULL;
  iree_vm_context_t *context = NULL;
  iree_vm_list_t *inputs = NULL, *outputs = NULL;
  iree_vm_function_t function;
  IREE_RETURN_IF_ERROR(create_device(host, &device));
  IREE_RETURN_IF_ERROR(create_context(host, device, &context));
  IREE_RETURN_IF_ERROR(iree_vm_context_resolve_function(context, IREE_SV("module.vectors"), &function));
  IREE_RETURN_IF_ERROR(iree_vm_list_create(iree_vm_make_undefined_type_def(), 2, host, &inputs));
  IREE_RETURN_IF_ERROR(iree_vm_list_create(iree_vm_make_undefined_type_def(), 1, host, &outputs));
  IREE_RETURN_IF_ERROR(push(device, a, inputs));
  IREE_RETURN_IF_ERROR(push(device, b, inputs));
  IREE_RETURN_IF_ERROR(iree_vm_invoke(context, function, IREE_VM_INVOCATION_FLAG_NONE, NULL, inputs, outputs, host));
  iree_hal_buffer_view_t *view = iree_vm_list_get_buffer_view_assign(outputs, 0);
  return iree_hal_device_transfer_d2h(device, iree_hal_buffer_view_buffer(view), 0, product, 4 * sizeof *product,
                                      IREE_HAL_TRANSFER_BUFFER_FLAG_DEFAULT, iree_infinite_timeout());
}

int main(void) {
  const float a[4] = {1, 2, 3, 4}, b[4] = {5, 6, 7, 8};
  float product[4] = {0};
  const iree_status_t status = multiply(a, b, product);
  if (!iree_status_is_ok(status)) return (int)iree_status_code(status);
  for (int i = 0; i < 4; ++i) board_print_int((int)product[i], 4);
  board_print("\n");
  return 0;
}
