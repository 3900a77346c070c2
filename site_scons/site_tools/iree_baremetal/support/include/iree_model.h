/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What every generated model header shares, whatever the deployment. */
#ifndef IREE_MODEL_H
#define IREE_MODEL_H

#include <stddef.h>
#include <stdint.h>

/* The outcome of a call, in its lowest 8 bits. */
enum {
  IREE_MODEL_OK = 0,
  IREE_MODEL_MISALIGNED = 1,   /* an address is not a multiple of 64 */
  IREE_MODEL_KERNEL = 2,       /* a kernel failed: bits 8 to 15 are its code, those above its number */
  IREE_MODEL_ROWS = 4          /* more rows than the input has, or results before all of them */
};

/* For inputs, outputs and arenas: what IREE's compiler assumes of buffers. */
#define IREE_ALIGNED __attribute__((aligned(64)))

#endif  /* IREE_MODEL_H */
