# Parts of which core and memory are described, but neither UART nor clock: text comes through the debugger. The counter is
# that of the cores from Cortex-M3 on.
stack = 8 * KB
clock = 0
console = "console_semihosting.c"
counter = "counter_dwt.c"
