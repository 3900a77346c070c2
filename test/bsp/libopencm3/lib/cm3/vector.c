#include <libopencm3/cm3/scb.h>

extern unsigned _data_loadaddr, _data, _edata, _ebss, _stack;
typedef void (*funcp_t)(void);
extern funcp_t __preinit_array_start, __preinit_array_end, __init_array_start, __init_array_end;

int main(void);

__attribute__((weak)) void reset_handler(void) {
  volatile unsigned *from = &_data_loadaddr, *to = &_data;
  while (to < &_edata) *to++ = *from++;
  while (to < &_ebss) *to++ = 0;
  SCB_CPACR |= 0xfu << 20;
  for (funcp_t *f = &__preinit_array_start; f < &__preinit_array_end; ++f) (*f)();
  for (funcp_t *f = &__init_array_start; f < &__init_array_end; ++f) (*f)();
  (void)main();
}

static void blocking_handler(void) {
  for (;;) {
  }
}

#define BLOCKING __attribute__((weak, alias("blocking_handler"))) void
BLOCKING hard_fault_handler(void);
BLOCKING mem_manage_handler(void);
BLOCKING bus_fault_handler(void);
BLOCKING usage_fault_handler(void);

__attribute__((section(".vectors"))) const void *const vector_table[16] = {
    &_stack,          reset_handler,    blocking_handler, hard_fault_handler, mem_manage_handler, bus_fault_handler,
    usage_fault_handler, blocking_handler, blocking_handler, blocking_handler, blocking_handler, blocking_handler,
    blocking_handler, blocking_handler, blocking_handler, blocking_handler,
};
