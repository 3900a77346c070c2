# Parts of which core and memory are described, but neither UART nor clock: text comes through the debugger.
stack = 8 * KB
clock = 0
console = "console_none.c"
counter = "counter_riscv_cycles.c"
