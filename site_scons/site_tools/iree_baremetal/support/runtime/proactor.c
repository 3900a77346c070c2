// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The proactor that upstream's generic platform lacks: without I/O, threads and events, all that a
// synchronous device asks of one is a notification, which nobody ever has to wait for.
// Specification: upstream's runtime/src/iree/async/proactor.h and notification.h.
//
// A pool has this one proactor. It takes the place of upstream's pool, which answers UNAVAILABLE
// here: this object is linked before the archive, so the archive's is not taken.
#if __has_include("iree/async/util/proactor_pool.h")

#include <string.h>

#include "iree/async/notification.h"
#include "iree/async/util/proactor_pool.h"

static void destroy(iree_async_proactor_t* proactor) {
  iree_allocator_free(proactor->allocator, proactor);
}

static iree_async_proactor_capabilities_t query_capabilities(iree_async_proactor_t* proactor) {
  (void)proactor;
  return IREE_ASYNC_PROACTOR_CAPABILITY_NONE;
}

static iree_status_t submit(iree_async_proactor_t* proactor, iree_async_operation_list_t operations) {
  (void)proactor, (void)operations;
  return iree_make_status(IREE_STATUS_UNIMPLEMENTED, "no asynchronous operations on bare metal");
}

static iree_status_t poll(iree_async_proactor_t* proactor, iree_timeout_t timeout,
                          iree_host_size_t* out_completed_count) {
  (void)timeout;
  const iree_host_size_t count = iree_async_proactor_run_progress(proactor);
  if (out_completed_count) *out_completed_count = count;
  return count ? iree_ok_status() : iree_status_from_code(IREE_STATUS_DEADLINE_EXCEEDED);
}

static void wake(iree_async_proactor_t* proactor) { (void)proactor; }

static iree_status_t cancel(iree_async_proactor_t* proactor, iree_async_operation_t* operation) {
  (void)proactor, (void)operation;
  return iree_ok_status();
}

static iree_status_t create_notification(iree_async_proactor_t* proactor,
                                         iree_async_notification_flags_t flags,
                                         iree_async_notification_t** out_notification) {
  iree_async_notification_t* notification = NULL;
  IREE_RETURN_IF_ERROR(
      iree_allocator_malloc(proactor->allocator, sizeof *notification, (void**)&notification));
  memset(notification, 0, sizeof *notification);
  iree_atomic_ref_count_init(&notification->ref_count);
  notification->proactor = proactor;
  notification->flags = flags;
  notification->epoch_ptr = &notification->epoch;
  iree_async_proactor_retain(proactor);
  *out_notification = notification;
  return iree_ok_status();
}

static void destroy_notification(iree_async_proactor_t* proactor,
                                 iree_async_notification_t* notification) {
  iree_allocator_free(proactor->allocator, notification);
  iree_async_proactor_release(proactor);
}

static void notification_signal(iree_async_proactor_t* proactor,
                                iree_async_notification_t* notification, int32_t wake_count) {
  (void)proactor, (void)notification, (void)wake_count;  // The epoch has advanced; nobody sleeps.
}

static bool notification_wait(iree_async_proactor_t* proactor,
                              iree_async_notification_t* notification, uint32_t wait_token,
                              iree_timeout_t timeout) {
  (void)proactor, (void)timeout;  // Nobody else runs: what has not happened will not.
  return iree_async_notification_query_epoch(notification) != wait_token;
}

// What is not here needs files, sockets or other processes; local-sync uses none of it.
static const iree_async_proactor_vtable_t vtable = {
    .destroy = destroy,
    .query_capabilities = query_capabilities,
    .submit = submit,
    .poll = poll,
    .wake = wake,
    .cancel = cancel,
    .create_notification = create_notification,
    .destroy_notification = destroy_notification,
    .notification_signal = notification_signal,
    .notification_wait = notification_wait,
};

iree_async_proactor_pool_options_t iree_async_proactor_pool_options_default(void) {
  return (iree_async_proactor_pool_options_t){0};
}

struct iree_async_proactor_pool_t {
  iree_async_proactor_t proactor;
};

iree_status_t iree_async_proactor_pool_create(iree_host_size_t node_count, const uint32_t* node_ids,
                                              iree_async_proactor_pool_options_t options,
                                              iree_allocator_t allocator,
                                              iree_async_proactor_pool_t** out_pool) {
  (void)node_count, (void)node_ids;
  IREE_RETURN_IF_ERROR(iree_allocator_malloc(allocator, sizeof **out_pool, (void**)out_pool));
  memset(*out_pool, 0, sizeof **out_pool);
  iree_async_proactor_initialize(&vtable, options.proactor_options.debug_name, allocator,
                                 &(*out_pool)->proactor);
  return iree_ok_status();
}

void iree_async_proactor_pool_retain(iree_async_proactor_pool_t* pool) {
  if (pool) iree_async_proactor_retain(&pool->proactor);
}

void iree_async_proactor_pool_release(iree_async_proactor_pool_t* pool) {
  if (pool) iree_async_proactor_release(&pool->proactor);
}

iree_host_size_t iree_async_proactor_pool_count(const iree_async_proactor_pool_t* pool) {
  (void)pool;
  return 1;
}

uint32_t iree_async_proactor_pool_node_id(const iree_async_proactor_pool_t* pool, iree_host_size_t index) {
  (void)pool, (void)index;
  return UINT32_MAX;  // not pinned to a node
}

iree_status_t iree_async_proactor_pool_get(iree_async_proactor_pool_t* pool, iree_host_size_t index,
                                           iree_async_proactor_t** out_proactor) {
  (void)index;
  *out_proactor = &pool->proactor;
  return iree_ok_status();
}

iree_status_t iree_async_proactor_pool_get_for_node(iree_async_proactor_pool_t* pool, uint32_t node_id,
                                                    iree_async_proactor_t** out_proactor) {
  return iree_async_proactor_pool_get(pool, node_id, out_proactor);
}

#else
// Trees without proactor pools have devices that need none.
typedef int iree_baremetal_no_proactor_t;
#endif
