// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The block by which RP2350's boot ROM knows an image and its core, in the first 4 KB of flash, behind the vectors (RP2350
// Datasheet, 5.9.5, "Minimum viable image metadata"): one item, the image's type, and a loop of one block.
#include <stdint.h>

#ifdef __riscv
#define TYPE 0x1101u  // an executable, RISC-V, RP2350
#else
#define TYPE 0x1021u  // an executable, secure, Arm, RP2350
#endif

__attribute__((section(".isr_vector.image_def"), used)) static const uint32_t image_def[5] = {
    0xffffded3u, TYPE << 16 | 0x0142u, 0x000001ffu, 0, 0xab123579u,
};
