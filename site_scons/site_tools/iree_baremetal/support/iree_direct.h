/* The call of a kernel without a runtime.
 *
 * Own declarations of IREE's executable-library ABI, version 0.6: the arguments of a dispatch
 * function (specified in upstream's runtime/src/iree/hal/local/executable_library.h). The
 * assertions pin the layout that compiled kernels rely on.
 */
#ifndef IREE_DIRECT_H
#define IREE_DIRECT_H

#include <assert.h>

#include "iree_model.h"

typedef struct {
  uint32_t workgroup_size_x, workgroup_size_y;
  uint16_t workgroup_size_z;
  uint16_t constant_count;
  uint32_t workgroup_count_x, workgroup_count_y;
  uint16_t workgroup_count_z;
  uint8_t max_concurrency;
  uint8_t binding_count;
  const uint32_t *constants;
  void *const *binding_ptrs;
  const size_t *binding_lengths;
} iree_direct_dispatch_t;

typedef struct {
  uint32_t workgroup_id_x, workgroup_id_y;
  uint16_t workgroup_id_z;
  uint16_t reserved;
  uint32_t processor_id;
  void *local_memory;
  uint32_t local_memory_size;
} iree_direct_workgroup_t;

typedef struct {
  const uint32_t *constants;
  void *import_thunk;
  const void *import_funcs;
  const void **import_contexts;
  uint64_t processor[8];
} iree_direct_environment_t;

#define IREE_DIRECT_P sizeof(void *)
static_assert(offsetof(iree_direct_dispatch_t, workgroup_count_x) == 12, "dispatch state");
static_assert(offsetof(iree_direct_dispatch_t, constants) == 24, "dispatch state");
static_assert(offsetof(iree_direct_dispatch_t, binding_lengths) == 24 + 2 * IREE_DIRECT_P, "dispatch state");
static_assert(offsetof(iree_direct_workgroup_t, processor_id) == 12, "workgroup state");
static_assert(offsetof(iree_direct_workgroup_t, local_memory_size) == 16 + IREE_DIRECT_P, "workgroup state");
static_assert(offsetof(iree_direct_environment_t, processor) == 4 * IREE_DIRECT_P, "environment");

typedef int iree_direct_kernel_t(const iree_direct_environment_t *, const iree_direct_dispatch_t *,
                                 const iree_direct_workgroup_t *);

/* What is constant about one dispatch; local_pages in units of 4096 bytes. */
typedef struct {
  iree_direct_kernel_t *kernel;
  const size_t *lengths;
  uint32_t x, y;
  uint16_t z;
  uint16_t local_pages;
  uint8_t constants, bindings;
} iree_direct_call_t;

/* Runs the kernel for every workgroup, in order. */
int iree_direct_call(const iree_direct_call_t *call, void *const *bindings, const uint32_t *constants,
                     void *local_memory);

#ifdef IREE_DIRECT_PROFILE
/* The application's: told what each dispatch cost, in board_count() units. */
void iree_direct_profile(const iree_direct_call_t *call, uint64_t cost);
#endif

/* Repeats the width (1, 2, 4 or 8) low bytes of pattern over length bytes. */
void iree_direct_fill(void *target, uint64_t pattern, size_t width, size_t length);

#endif  /* IREE_DIRECT_H */
