#include "iree_direct.h"

#include <string.h>

#ifdef IREE_DIRECT_PROFILE
#include "board.h"
#endif

int iree_direct_call(const iree_direct_call_t *call, void *const *bindings, const uint32_t *constants,
                     void *local_memory) {
  /* Kernels import nothing, and no CPU feature is announced to them. Not const: as zeros in RAM it
   * takes no flash. */
  static iree_direct_environment_t environment;
  const iree_direct_dispatch_t dispatch = {
      .workgroup_size_x = 1,
      .workgroup_size_y = 1,
      .workgroup_size_z = 1,
      .constant_count = call->constants,
      .workgroup_count_x = call->x,
      .workgroup_count_y = call->y,
      .workgroup_count_z = call->z,
      .max_concurrency = 1,
      .binding_count = call->bindings,
      .constants = constants,
      .binding_ptrs = bindings,
      .binding_lengths = call->lengths,
  };
  /* Member by member: an initializer would call memset. */
  iree_direct_workgroup_t workgroup;
  workgroup.reserved = 0;
  workgroup.processor_id = 0;
  workgroup.local_memory = local_memory;
  workgroup.local_memory_size = call->local_pages * 4096u;
#ifdef IREE_DIRECT_PROFILE
  const uint64_t start = board_count();
#endif
  for (uint32_t z = 0; z < call->z; ++z) {
    workgroup.workgroup_id_z = (uint16_t)z;
    for (uint32_t y = 0; y < call->y; ++y) {
      workgroup.workgroup_id_y = y;
      for (uint32_t x = 0; x < call->x; ++x) {
        workgroup.workgroup_id_x = x;
        if (call->kernel(&environment, &dispatch, &workgroup) != 0) return IREE_MODEL_KERNEL;
      }
    }
  }
#ifdef IREE_DIRECT_PROFILE
  iree_direct_profile(call, board_count() - start);
#endif
  return IREE_MODEL_OK;
}

void iree_direct_fill(void *target, uint64_t pattern, size_t width, size_t length) {
  uint8_t *bytes = target;
  for (size_t i = 0; i < length; i += width) memcpy(bytes + i, &pattern, width);
}
