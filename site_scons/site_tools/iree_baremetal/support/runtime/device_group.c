// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A group of one device, in place of upstream's, which keeps room for 32 and a matrix of their
// links: 16 KB of heap, and as much of stack while it is made.
// Specification: upstream's runtime/src/iree/hal/device_group.h.
//
// This object is linked before the archive, so the archive's is not taken. What is not here
// (builders, several devices) would bring it in again, and the linker would say so.
#include "iree/hal/device_group.h"

#include <string.h>

#include "iree/hal/topology_builder.h"
#include "iree_session.h"

#if __has_include("iree/async/util/proactor_pool.h")
#define FRONTIERS 1
#include "iree/async/frontier_tracker.h"
#endif

struct iree_hal_device_group_t {
  uint32_t ref_count;  // not atomic: a board has one thread
  iree_allocator_t allocator;
  iree_hal_device_t* device;
#if FRONTIERS
  iree_async_frontier_tracker_t* tracker;
#endif
  // The start of an iree_hal_topology_t, as far as one device reaches into it.
  uint8_t topology[offsetof(iree_hal_topology_t, edges[1])] iree_alignas(8);
};

static iree_status_t create(iree_hal_device_t* device, iree_hal_device_topology_info_t* info,
                            iree_allocator_t allocator, iree_hal_device_group_t** out_group) {
  iree_hal_device_group_t* group = NULL;
  IREE_RETURN_IF_ERROR(iree_allocator_malloc(allocator, sizeof *group, (void**)&group));
  memset(group, 0, sizeof *group);
  group->ref_count = 1;
  group->allocator = allocator;
  group->device = device;
  iree_hal_device_retain(device);
  iree_hal_topology_t* topology = (iree_hal_topology_t*)group->topology;
  topology->device_count = 1;
  topology->edges[0] = iree_hal_topology_edge_make_self();
  info->topology = topology;
  info->self_edge = topology->edges[0].lo;
  iree_status_t status = iree_hal_device_assign_topology_info(device, info);
  if (iree_status_is_ok(status)) {
    *out_group = group;
  } else {
    iree_hal_device_group_release(group);
  }
  return status;
}

#if FRONTIERS
iree_status_t iree_hal_device_group_create_from_device(iree_hal_device_t* device,
                                                       iree_async_frontier_tracker_t* tracker,
                                                       iree_allocator_t allocator,
                                                       iree_hal_device_group_t** out_group) {
  iree_hal_device_topology_info_t info = {0};
  info.frontier.tracker = tracker;
  info.frontier.base_axis =
      iree_async_axis_make_queue(iree_async_frontier_tracker_session_epoch(tracker),
                                 iree_async_frontier_tracker_machine_index(tracker), 0, 0);
  IREE_RETURN_IF_ERROR(create(device, &info, allocator, out_group));
  (*out_group)->tracker = tracker;
  iree_async_frontier_tracker_retain(tracker);
  return iree_ok_status();
}
#else
iree_status_t iree_hal_device_group_create_from_device(iree_hal_device_t* device,
                                                       iree_allocator_t allocator,
                                                       iree_hal_device_group_t** out_group) {
  iree_hal_device_topology_info_t info = {0};
  return create(device, &info, allocator, out_group);
}
#endif

void iree_hal_device_group_retain(iree_hal_device_group_t* group) {
  if (group) ++group->ref_count;
}

void iree_hal_device_group_release(iree_hal_device_group_t* group) {
  if (!group || --group->ref_count) return;
  iree_hal_device_release(group->device);
#if FRONTIERS
  iree_async_frontier_tracker_release(group->tracker);
#endif
  iree_allocator_free(group->allocator, group);
}

iree_host_size_t iree_hal_device_group_device_count(const iree_hal_device_group_t* group) {
  (void)group;
  return 1;
}

iree_hal_device_t* iree_hal_device_group_device_at(const iree_hal_device_group_t* group,
                                                   iree_host_size_t index) {
  return index ? NULL : group->device;
}
