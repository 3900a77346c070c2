// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Repacks calls between EmitC's layout of arguments and the runtime's; see emitc_call.h.
//
// Specification of both: the calling convention in upstream's runtime/src/iree/vm/module.h; for
// the runtime, the structs of iree/vm/shims.h; for EmitC, what VMToEmitC writes.
#include "emitc_call.h"

#include <string.h>

typedef struct {
  uint8_t* data;
  size_t offset;
} cursor_t;

static size_t size_of(char type) {
  switch (type) {
    case IREE_VM_CCONV_TYPE_I32:
    case IREE_VM_CCONV_TYPE_F32:
      return 4;
    case IREE_VM_CCONV_TYPE_I64:
    case IREE_VM_CCONV_TYPE_F64:
      return 8;
    case IREE_VM_CCONV_TYPE_REF:
      return sizeof(iree_vm_ref_t);
    default:
      return 0;  // void
  }
}

static size_t emitc_alignment(char type) { return size_of(type) > 4 ? 8 : 4; }

static size_t native_alignment(char type) {
  return type == IREE_VM_CCONV_TYPE_REF ? iree_alignof(iree_vm_ref_t) : emitc_alignment(type);
}

// The largest of the alignments up to the end of the types, or of the span.
static size_t span_alignment(iree_string_view_t types, size_t first, char end) {
  size_t largest = 4;
  for (size_t i = first; i < types.size && types.data[i] != end; ++i) {
    if (size_of(types.data[i])) largest = iree_max(largest, native_alignment(types.data[i]));
  }
  return largest;
}

// Moves one value of the type; backwards from the runtime's layout to EmitC's.
static void move(char type, cursor_t* emitc, cursor_t* native, bool backwards) {
  const size_t size = size_of(type);
  if (!size) return;
  emitc->offset = iree_host_align(emitc->offset, emitc_alignment(type));
  native->offset = iree_host_align(native->offset, native_alignment(type));
  uint8_t *e = emitc->data + emitc->offset, *n = native->data + native->offset;
  memcpy(backwards ? e : n, backwards ? n : e, size);
  emitc->offset += size;
  native->offset += size;
}

// Moves all values. Returns the size of the runtime's layout in bytes.
static size_t repack(iree_string_view_t types, uint8_t* emitc_data, uint8_t* native_data, bool backwards) {
  cursor_t emitc = {emitc_data, 0}, native = {native_data, 0};
  for (size_t i = 0; i < types.size; ++i) {
    if (types.data[i] != IREE_VM_CCONV_TYPE_SPAN_START) {
      move(types.data[i], &emitc, &native, backwards);
      continue;
    }
    int32_t count = 0;
    memcpy(&count, emitc.data + iree_host_align(emitc.offset, 4), sizeof count);
    move(IREE_VM_CCONV_TYPE_I32, &emitc, &native, backwards);
    const size_t first = i + 1;
    while (types.data[i] != IREE_VM_CCONV_TYPE_SPAN_END) ++i;
    if (!count) continue;
    native.offset = iree_host_align(native.offset, span_alignment(types, first, IREE_VM_CCONV_TYPE_SPAN_END));
    for (; count; --count) {
      for (size_t j = first; j < i; ++j) move(types.data[j], &emitc, &native, backwards);
    }
  }
  return iree_host_align(native.offset, span_alignment(types, 0, 0));
}

iree_status_t iree_emitc_call(iree_emitc_begin_call_t begin_call, void* module, iree_vm_stack_t* stack,
                              iree_vm_function_call_t call) {
  const iree_vm_function_signature_t signature = iree_vm_function_signature(&call.function);
  iree_string_view_t inputs, outputs;
  IREE_RETURN_IF_ERROR(iree_vm_function_call_get_cconv_fragments(&signature, &inputs, &outputs));
  // Spans may start 4 bytes later than in EmitC's layout, and there are at most two.
  const iree_byte_span_t arguments = call.arguments, results = call.results;
  uint64_t storage[(arguments.data_length + results.data_length) / sizeof(uint64_t) + 4];
  memset(storage, 0, sizeof storage);
  call.arguments.data = (uint8_t*)storage;
  call.arguments.data_length = repack(inputs, arguments.data, call.arguments.data, false);
  call.results.data = call.arguments.data + iree_host_align(call.arguments.data_length, 8);
  call.results.data_length = results.data_length ? repack(outputs, results.data, call.results.data, false) : 0;
  iree_status_t status = begin_call(module, stack, call);
  // Back as well: the callee takes references out of the arguments, and EmitC releases the rest.
  repack(inputs, arguments.data, call.arguments.data, true);
  if (results.data_length) repack(outputs, results.data, call.results.data, true);
  return status;
}
