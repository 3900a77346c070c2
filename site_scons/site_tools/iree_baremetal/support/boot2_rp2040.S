// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What RP2040's boot ROM loads from the first 256 bytes of flash and runs: it maps the flash to XIP_BASE by the plain serial
// read, command 03h, which every flash chip has, and goes on by the vector table behind it (RP2040 Datasheet, 2.8.1.3.1 and
// 4.10). It is slow: XIP at a quarter of the core's clock, one bit at a time. The last word is the ROM's checksum of the rest:
// CRC-32 with polynomial 0x04c11db7 from 0xffffffff, most significant bit first; test/board/test_boot_images.py computes it.
        .syntax unified
        .cpu cortex-m0plus
        .thumb
        .section .boot2, "ax"
        .global boot2
boot2:
        ldr r0, ssi
        movs r1, #0
        str r1, [r0, #0x08]  // SSIENR: off, to be set up
        movs r1, #4
        str r1, [r0, #0x14]  // BAUDR
        ldr r1, frame
        str r1, [r0, #0x00]  // CTRLR0
        movs r1, #0
        str r1, [r0, #0x04]  // CTRLR1: one word a read
        ldr r1, read
        movs r2, #0xf4
        str r1, [r0, r2]  // SPI_CTRLR0
        movs r1, #1
        str r1, [r0, #0x08]
        ldr r0, vtor
        ldr r1, vectors
        str r1, [r0]
        ldmia r1!, {r0, r2}
        msr msp, r0
        bx r2
        .balign 4
ssi:    .word 0x18000000
frame:  .word 31 << 16 | 3 << 8         // frames of 32 bits; command and address out, data in
read:   .word 0x03 << 24 | 2 << 8 | 6 << 2  // the command's 8 bits, the address's 24, all by one line
vtor:   .word 0xe000ed08
vectors: .word 0x10000100
        .space 252 - (. - boot2)
        .word 0x4fe98ddd
