  .syntax unified
  .section .vectors, "a"
  .word stack_end, reset, fault, fault, fault, fault, fault
