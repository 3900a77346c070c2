// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first 8 bytes of flash by which the boot ROM of ESP32-C3 (from silicon revision 3 on) and ESP32-C6 maps the flash and
// starts what stands behind them (espressif/esp32c3-direct-boot-example, README.md, 3cd353c; esp-rs/esp-hal,
// esp32c6-hal/ld/db-esp32c6-link.x, ae4e4b5).
#include <stdint.h>

__attribute__((section(".header"), used)) const uint32_t direct_boot[2] = {0xaedb041du, 0xaedb041du};
