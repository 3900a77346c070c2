// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first 8 bytes of flash by which ESP32-C3's boot ROM (from silicon revision 3 on) maps the flash and starts what stands
// behind them (espressif/esp32c3-direct-boot-example, README.md, 3cd353c).
#include <stdint.h>

__attribute__((section(".header"), used)) const uint32_t direct_boot[2] = {0xaedb041du, 0xaedb041du};
