# Every board without an operating system: what upstream's bare-metal guide has one tell IREE's
# runtime. A board with a clock names functions of its own here.
runtime_macros = {
    "IREE_PLATFORM_GENERIC": 1,
    "IREE_SYNCHRONIZATION_DISABLE_UNSAFE": 1,
    "IREE_FILE_IO_ENABLE": 0,
    "IREE_TIME_NOW_FN": "{ return 0; }",
    "IREE_WAIT_UNTIL_FN": "iree_baremetal_wait_until",
    "IREE_ALLOCATOR_SYSTEM": "baremetal",
}
