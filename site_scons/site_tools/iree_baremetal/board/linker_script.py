"""The GNU ld script of a board, made from its memory regions.

Code and constants go to the board's flash, everything that is written to its RAM. The stack lies
at the very start of RAM: a stack that overflows runs out of the memory and faults, where it would
otherwise go on to overwrite variables. Stack and heap are sections, so that what does not fit is
a link error. Further regions are filled by name only: `.ccm` sections go to region CCM, and are
neither loaded nor zeroed.

The startup code uses: __stack_start, __stack_end, __data_start, __data_end, __data_load,
__bss_start, __bss_end, __tls_start, __global_pointer$; the heap is __heap_start to __heap_end.
"""

_SCRIPT = """\
/* Memory of board {board.name}: {description}. Made from {board.path.name}. */
ENTRY({board.entry})

MEMORY
{{
{memory}
}}

PHDRS
{{
  code PT_LOAD FLAGS(5);
  data PT_LOAD FLAGS(6);
  tls PT_TLS FLAGS(4);
}}

SECTIONS
{{
  .vectors : {{ KEEP(*(.vectors .vectors.* .isr_vector .isr_vector.*)) }} > {flash} :code
  /* The widest first, where a vector table of 64 bytes leaves no gap before them.
     Relocated data of position-independent code is constant in a static link. */
  .rodata :
  {{
    *(SORT_BY_ALIGNMENT(.rodata.*) .rodata .srodata .srodata.*)
    *(.data.rel.ro .data.rel.ro.* .got .got.*)
  }} > {flash} :code
  .text :
  {{
    __code_start = .;
    *(.text .text.*)
    __code_end = .;
  }} > {flash} :code
  .ARM.extab : {{ *(.ARM.extab .ARM.extab.*) }} > {flash} :code
  .ARM.exidx : {{ *(.ARM.exidx .ARM.exidx.*) }} > {flash} :code
  .eh_frame : {{ *(.eh_frame .eh_frame.*) }} > {flash} :code

  .stack (NOLOAD) : ALIGN(16)
  {{
    __stack_start = .;
    . += {board.stack};
    __stack_end = .;
  }} > {ram} :NONE
  .data : ALIGN(8)
  {{
    __data_start = .;
    *(.data .data.*)
    __global_pointer$ = . + 0x800;
    *(.sdata .sdata.*)
    . = ALIGN(8);
  }} > {ram} AT > {flash} :data
  /* The one thread's variables, zeros too: picolibc keeps its errno here. */
  .tdata :
  {{
    __tls_start = .;
    *(.tdata .tdata.* .tbss .tbss.*)
    . = ALIGN(8);
  }} > {ram} AT > {flash} :data :tls
  __data_end = .;
  __data_load = LOADADDR(.data);
  .bss (NOLOAD) : ALIGN(8)
  {{
    __bss_start = .;
    *(.sbss .sbss.* .bss .bss.* COMMON)
    . = ALIGN(8);
    __bss_end = .;
  }} > {ram} :NONE
  .heap (NOLOAD) : ALIGN(16)
  {{
    __heap_start = .;
    . += {board.heap};
    __heap_end = .;
  }} > {ram} :NONE
{further}
  .init_array : {{ KEEP(*(.preinit_array* .init_array* .ctors*)) }} > {flash} :code
}}

/* What the startup code of vendors calls these places: ST's, CMSIS's and libopencm3's. */
PROVIDE(_sidata = __data_load); PROVIDE(__etext = __data_load); PROVIDE(_data_loadaddr = __data_load);
PROVIDE(_sdata = __data_start); PROVIDE(__data_start__ = __data_start); PROVIDE(_data = __data_start);
PROVIDE(_edata = __data_end); PROVIDE(__data_end__ = __data_end);
PROVIDE(_sbss = __bss_start); PROVIDE(__bss_start__ = __bss_start);
PROVIDE(_ebss = __bss_end); PROVIDE(__bss_end__ = __bss_end);
PROVIDE(_estack = __stack_end); PROVIDE(__StackTop = __stack_end); PROVIDE(_stack = __stack_end);
PROVIDE(__StackLimit = __stack_start);
PROVIDE(__preinit_array_start = 0); PROVIDE(__preinit_array_end = 0);
PROVIDE(__init_array_start = 0); PROVIDE(__init_array_end = 0);
PROVIDE(__fini_array_start = 0); PROVIDE(__fini_array_end = 0);

ASSERT(SIZEOF(.vectors) > 0,
  "no vector table: the sources of board {board.name} lack a startup file")
ASSERT(DEFINED({board.entry}),
  "no code defines {board.entry}, where board {board.name} begins: see entry in its file")
ASSERT(SIZEOF(.init_array) == 0,
  "constructors are not run on board {board.name}: initialize in main what needs it")
"""


def text(board):
    """The linker script for board, a `Board` with regions for code and data."""
    (flash, _), (ram, _) = board.flash, board.ram
    memory = [
        f"  {name} ({region.access}) : ORIGIN = {region.origin:#010x}, LENGTH = {region.length:#x}"
        for name, region in board.memory.items()
    ]
    further = [
        f"  .{name.lower()} (NOLOAD) : {{ *(.{name.lower()} .{name.lower()}.*) }} > {name} :NONE"
        for name in board.memory
        if name not in (flash, ram)
    ]
    return _SCRIPT.format(
        board=board,
        description=board.description.replace("*/", "* /"),
        memory="\n".join(memory),
        further="\n".join(further),
        flash=flash,
        ram=ram,
    )
