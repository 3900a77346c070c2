// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the boot ROM of i.MX RT10xx looks for in flash: how to read it, and where the program is. Offsets and values:
// zephyrproject-rtos/zephyr, boards/nxp/mimxrt1060_evk/xip/evkmimxrt1060_flexspi_nor_config.h, 3fb1754, and
// boards/pjrc/teensy4/flexspi_nor_config.c, 0ae9afa; nxp-mcuxpresso/mcux-sdk, devices/MIMXRT1062/xip/fsl_flexspi_nor_boot.h, f3923a7.
//
// The board file's defines give IMXRT_FLASH, its address, IMXRT_FLASH_SIZE and IMXRT_VECTORS, the program's.
#include <stdint.h>

#define AT(offset) [(offset) / 4]
#define STEP(opcode, pads, operand) ((opcode) << 10 | (pads) << 8 | (operand))  // of a sequence: pads 0 is one, 2 are four
enum { COMMAND = 0x01, ADDRESS = 0x02, READ = 0x09, DUMMY = 0x0c, VECTOR_TABLE = 0x1000, BOOT_DATA = 0x1020 };

__attribute__((section(".header"), used)) const uint32_t boot_header[] = {
    // The configuration block: serial NOR flash that is read by 0xeb, address and data on four lines, at 100 MHz.
    AT(0x000) = 0x42464346,                // tag
    AT(0x004) = 0x56010400,                // version 1.4.0
    AT(0x00c) = 1 | 3 << 8 | 3 << 16,      // sampled by DQS's loopback, hold time, setup time
    AT(0x040) = 1 << 4,                    // configured at a safe frequency
    AT(0x044) = 1 | 4 << 8 | 6 << 16,      // serial NOR, four lines, 100 MHz
    AT(0x050) = IMXRT_FLASH_SIZE,
    AT(0x080) = STEP(COMMAND, 0, 0xeb) | STEP(ADDRESS, 2, 24) << 16,
    AT(0x084) = STEP(DUMMY, 2, 6) | STEP(READ, 2, 4) << 16,
    AT(0x1c0) = 256,                       // bytes of a page, of a sector, of a block
    AT(0x1c4) = 4096,
    AT(0x1d0) = 65536,
    // The image's vector table, unsigned.
    AT(VECTOR_TABLE) = 0xd1 | 0x2000 << 8 | 0x41u << 24,  // tag, 32 bytes (big-endian), version 4.1
    AT(VECTOR_TABLE + 0x04) = IMXRT_VECTORS,
    AT(VECTOR_TABLE + 0x10) = IMXRT_FLASH + BOOT_DATA,
    AT(VECTOR_TABLE + 0x14) = IMXRT_FLASH + VECTOR_TABLE,
    AT(BOOT_DATA) = IMXRT_FLASH,
    AT(BOOT_DATA + 0x04) = IMXRT_FLASH_SIZE,
    AT(BOOT_DATA + 0x0c) = 0,
};
