"""Clocks and pins of consoles that QEMU has no machine for: what the C writes into registers, here words of the host's memory."""

import subprocess

import pytest
from iree_baremetal import board

PINS = """
#include <stdint.h>
#include <stdio.h>
static uint32_t port_a[10] = {A0, A1}, port_b[10] = {B0}, enables[2];
#define STM32_USART_PORT ((uintptr_t)port_a)
#define STM32_USART_PORT_ENABLE_REGISTER ((uintptr_t)&enables[0])
#define STM32_USART_ENABLE_REGISTER ((uintptr_t)&enables[1])
#include "stm32_usart_pin.h"
int main(void) {
  stm32_usart_pin();
  stm32_usart_receive_pin();
  printf("%x %x %x %x  %x %x %x  %x %x\\n", port_a[0], port_a[1], port_a[8], port_a[9], port_b[0], port_b[8], port_b[9], enables[0], enables[1]);
}
"""


@pytest.mark.parametrize(
    "defines, before, after",
    [
        # F1's CRL and CRH, four bits a pin, all inputs after a reset: alternate function, push-pull, and the input beside it.
        ("PIN 2 F1", (0x44444444, 0x44444444, 0), "44444a44 44444444 0 0  0 0 0  1 10"),
        ("PIN 9 F1", (0x44444444, 0x44444444, 0), "44444444 444444a4 0 0  0 0 0  1 10"),
        # MODER, two bits a pin, 2 for an alternate function, which AFRL and AFRH name in four.
        ("PIN 2 FUNCTION 7", (0xFFFFFFFF, 0, 0), "ffffffaf 0 7700 0  0 0 0  1 10"),
        ("PIN 9 FUNCTION 7 RX", (0, 0, 0xFFFFFFFF), "80000 0 0 70  ffffbfff 70000000 0  3 10"),
    ],
)
def test_pins_of_stm32(tmp_path, defines, before, after):
    words = defines.split()
    flags = ["-DSTM32_USART_PORT_ENABLE=1u", "-DSTM32_USART_ENABLE=16u", f"-DSTM32_USART_PIN={words[1]}u"]
    flags += ["-DSTM32_USART_F1=1"] if "F1" in words else [f"-DSTM32_USART_FUNCTION={words[3]}u"]
    if "RX" in words:
        flags += ["-DSTM32_USART_RX_PORT=((uintptr_t)port_b)", "-DSTM32_USART_RX_PIN=7u", "-DSTM32_USART_RX_PORT_ENABLE=2u"]
    flags += [f"-D{name}={value:#x}u" for name, value in zip(("A0", "A1", "B0"), before)]
    (tmp_path / "pins.c").write_text(PINS)
    command = [
        "cc",
        "-std=c11",
        *flags,
        f"-I{board.SUPPORT}",
        f"-I{board.SUPPORT / 'include'}",
        "-o",
        tmp_path / "pins",
        tmp_path / "pins.c",
    ]
    subprocess.run(command, check=True)
    assert subprocess.run([tmp_path / "pins"], capture_output=True, text=True, check=True).stdout == after + "\n"


RP2 = """
#include <stdint.h>
#include <stdio.h>
static uint32_t resets[0x3004 / 4] = {[2] = ~0u}, xosc[4] = {0, 1u << 31}, clocks[20] = {[14] = 4, [17] = 1, [15] = 1}, io[4], pads[3] = {0, 0x116, 0x116};
#define RP2_RESETS ((uintptr_t)resets)
#define RP2_XOSC ((uintptr_t)xosc)
#define RP2_CLOCKS ((uintptr_t)clocks)
#define RP2_IO ((uintptr_t)io)
#define RP2_PADS ((uintptr_t)pads)
#define RP2_RESET_BITS 0x240u
#include "rp2_uart_pins.h"
int main(void) {
  rp2_uart_pins();
  printf("%x  %x %x  %x %x %x  %x %x  %x %x %x\\n", resets[0x3000 / 4], xosc[0], xosc[3], clocks[12], clocks[15], clocks[18], io[1], io[3], pads[0],
         pads[1], pads[2]);
}
"""


def test_clock_and_pins_of_rp2(tmp_path):
    """What is written where, with all that is waited for there already."""
    (tmp_path / "rp2.c").write_text(RP2)
    subprocess.run(["cc", "-std=c11", f"-I{board.SUPPORT}", "-o", tmp_path / "rp2", tmp_path / "rp2.c"], check=True)
    said = subprocess.run([tmp_path / "rp2"], capture_output=True, text=True, check=True, timeout=20).stdout
    assert said == "240  fabaa0 2f  2 0 800  2 2  0 56 56\n"
