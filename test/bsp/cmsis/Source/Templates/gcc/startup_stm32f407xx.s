  .syntax unified
  .cpu cortex-m4
  .thumb

  .section .text.Reset_Handler
  .weak Reset_Handler
  .type Reset_Handler, %function
Reset_Handler:
  ldr r0, =_estack
  mov sp, r0
  ldr r0, =_sidata
  ldr r1, =_sdata
  ldr r2, =_edata
copy:
  cmp r1, r2
  bhs copied
  ldr r3, [r0], #4
  str r3, [r1], #4
  b copy
copied:
  ldr r1, =_sbss
  ldr r2, =_ebss
  movs r3, #0
zero:
  cmp r1, r2
  bhs zeroed
  str r3, [r1], #4
  b zero
zeroed:
  bl SystemInit
  bl __libc_init_array
  bl main
  bx lr
  .size Reset_Handler, . - Reset_Handler

  .section .text.Default_Handler, "ax", %progbits
  .thumb_func
Default_Handler:
  b Default_Handler

  .section .isr_vector, "a", %progbits
  .type g_pfnVectors, %object
g_pfnVectors:
  .word _estack
  .word Reset_Handler
  .word Default_Handler
  .word HardFault_Handler
  .word MemManage_Handler
  .word BusFault_Handler
  .word UsageFault_Handler
  .rept 9
  .word Default_Handler
  .endr

  .irp name, HardFault, MemManage, BusFault, UsageFault
  .weak \name\()_Handler
  .thumb_set \name\()_Handler, Default_Handler
  .endr
