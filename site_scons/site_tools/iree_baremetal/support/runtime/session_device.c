// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The full HAL with a local-sync device: the one place that knows how the trees' versions differ.
#include "iree/hal/drivers/local_sync/sync_device.h"
#include "iree/modules/hal/module.h"
#include "iree_session.h"

#if __has_include("iree/async/util/proactor_pool.h")
#include "iree/async/frontier_tracker.h"
#include "iree/async/util/proactor_pool.h"
#define HAVE_PROACTORS 1
#endif

// The least that upstream accepts; larger needs are allocated on their own.
#define ARENA_BLOCK_SIZE 4096

static iree_status_t create_device(iree_hal_executable_loader_t* loader, iree_hal_allocator_t* heap,
                                   iree_allocator_t allocator, iree_hal_device_t** out_device) {
  const iree_string_view_t name = IREE_SV("local-sync");
  iree_hal_sync_device_params_t params;
  iree_hal_sync_device_params_initialize(&params);
  params.arena_block_size = ARENA_BLOCK_SIZE;
#if HAVE_PROACTORS
  // The default options come with a thread for each proactor; ours needs none.
  iree_hal_device_create_params_t create_params = iree_hal_device_create_params_default();
  IREE_RETURN_IF_ERROR(iree_async_proactor_pool_create(
      /*node_count=*/1, /*node_ids=*/NULL, iree_async_proactor_pool_options_default(), allocator,
      &create_params.proactor_pool));
  iree_status_t status =
      iree_hal_sync_device_create(name, &params, &create_params, 1, &loader, heap, allocator, out_device);
  iree_async_proactor_pool_release(create_params.proactor_pool);
  return status;
#else
  return iree_hal_sync_device_create(name, &params, 1, &loader, heap, allocator, out_device);
#endif
}

static iree_status_t create_group(iree_hal_device_t* device, iree_allocator_t allocator,
                                  iree_hal_device_group_t** out_group) {
#if HAVE_PROACTORS
  iree_async_frontier_tracker_options_t options = iree_async_frontier_tracker_options_default();
  options.axis_table_capacity = 1;  // one device, one queue
  iree_async_frontier_tracker_t* tracker = NULL;
  IREE_RETURN_IF_ERROR(iree_async_frontier_tracker_create(options, allocator, &tracker));
  iree_status_t status = iree_hal_device_group_create_from_device(device, tracker, allocator, out_group);
  iree_async_frontier_tracker_release(tracker);
  return status;
#else
  return iree_hal_device_group_create_from_device(device, allocator, out_group);
#endif
}

iree_status_t iree_session_device_hal(iree_vm_instance_t* instance, iree_hal_executable_loader_t* loader,
                                      iree_allocator_t allocator, iree_session_hal_t* out_hal) {
  IREE_RETURN_IF_ERROR(iree_hal_module_register_all_types(instance));
  IREE_RETURN_IF_ERROR(iree_hal_allocator_create_heap(IREE_SV("heap"), allocator, allocator, &out_hal->buffers));
  iree_hal_device_t* device = NULL;
  iree_hal_device_group_t* group = NULL;
  iree_status_t status = create_device(loader, out_hal->buffers, allocator, &device);
  if (iree_status_is_ok(status)) status = create_group(device, allocator, &group);
  if (iree_status_is_ok(status)) {
    status = iree_hal_module_create(instance, iree_hal_module_device_policy_default(), group,
                                    IREE_HAL_MODULE_FLAG_SYNCHRONOUS, iree_hal_module_debug_sink_null(),
                                    allocator, &out_hal->modules[0]);
    out_hal->module_count = 1;
  }
  // The module keeps the group, and that the device.
  iree_hal_device_group_release(group);
  iree_hal_device_release(device);
  return status;
}
