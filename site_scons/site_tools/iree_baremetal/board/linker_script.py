"""The GNU ld script of a board, made from its memory regions.

Code and constants go to the board's flash, everything that is written to its RAM. The stack lies
at the very start of RAM: a stack that overflows runs out of the memory and faults, where it would
otherwise go on to overwrite variables. Stack and heap are sections, so that what does not fit is
a link error.

Further regions are filled by name only. Of a region CCM that can be written, sections `.ccm` have
initial values, or are code: they are loaded with the code and copied at start; sections `.bss..ccm` are
zeroed (two dots, lest a variable called ccm be meant). Of a read-only one, EXT, sections `.ext` lie where
they are loaded. startup_parts.py makes the code that copies and zeroes, which is linked where there is
anything to do. Sections `.ramfunc` are functions in RAM, `.noinit` is left as it was before a reset.

The startup code uses: __stack_start, __stack_end, __data_start, __data_end, __data_load,
__bss_start, __bss_end, __tls_start, __thread_pointer, __global_pointer$; the heap is __heap_start to __heap_end, and
what nothing takes of RAM __free_start to __free_end.
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
{headers}}}

SECTIONS
{{
  .vectors :
  {{
    KEEP(*(.vectors .isr_vector .isr_vector.*))
    *(.vectors.interrupts)
  }} > {flash} :code
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

{further}
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
    *(.ramfunc .ramfunc.* .RamFunc .RamFunc.*)
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
  .noinit (NOLOAD) : {{ *(.noinit .noinit.*) }} > {ram} :NONE
  __free_start = .;
  __free_end = ORIGIN({ram}) + LENGTH({ram});
  .init_array : {{ KEEP(*(.preinit_array* .init_array* .ctors*)) }} > {flash} :code
}}

/* Variables of a thread are found from 8 bytes before them, or their alignment ("Addenda to, and Errata in, the
   ABI for the Arm Architecture", thread-local storage). */
PROVIDE(__arm32_tls_tcb_offset = MAX(8, ALIGNOF(.tdata)));
PROVIDE(__thread_pointer = __tls_start - MAX(8, ALIGNOF(.tdata)));

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


# Of a region that can be written. Its own segment: the way from where it is loaded is its own, too.
_WRITABLE = """\
  .{name} : ALIGN(8)
  {{
    __{name}_start = .;
    *(.{name} .{name}.*)
    . = ALIGN(8);
    __{name}_data_end = .;
  }} > {region} AT > {flash} :{name}
  __{name}_load = LOADADDR(.{name});
  .{name}_zeroed (NOLOAD) : ALIGN(8)
  {{
    *(.bss..{name} .bss..{name}.*)
    . = ALIGN(8);
    __{name}_end = .;
  }} > {region} :NONE
"""
_READ_ONLY = """\
  .{name} : {{ *(.{name} .{name}.*) }} > {region} :{name}
  .{name}_zeroed (NOLOAD) : {{ *(.bss..{name} .bss..{name}.*) }} > {region} :NONE
"""
_ASSERT_STARTED = """\
ASSERT(SIZEOF(.{name}) + SIZEOF(.{name}_zeroed) == 0 || DEFINED({started}),
  "data for region {region} comes from a library, where nobody saw it: hand the library to IreeFirmware among its sources")
"""
_ASSERT_READ_ONLY = """\
ASSERT(SIZEOF(.{name}_zeroed) == 0,
  "data to be written is asked into region {region}, which board {board} has as read-only")
"""
STARTED = "__iree_regions_are_started"  # defined where startup_parts.py's code is linked


def section(region):
    """The name of the sections that go to the further region of that name."""
    return region.lower()


def further(board):
    """(name, Region) of the regions of board that are filled by name only."""
    if board.is_host:
        return []
    filled = {board.flash[0], board.ram[0]}
    return [(name, region) for name, region in board.memory.items() if name not in filled]


def text(board):
    """The linker script for board, a `Board` with regions for code and data."""
    (flash, _), (ram, _) = board.flash, board.ram
    memory = [
        f"  {name} ({region.access}) : ORIGIN = {region.origin:#010x}, LENGTH = {region.length:#x}"
        for name, region in board.memory.items()
    ]
    headers, sections, checks = "", "", ""
    for region, found in further(board):
        values = {"name": section(region), "region": region, "flash": flash, "board": board.name, "started": STARTED}
        writable = "w" in found.access
        headers += f"  {values['name']} PT_LOAD FLAGS({6 if writable else 5});\n"
        sections += (_WRITABLE if writable else _READ_ONLY).format(**values)
        checks += (_ASSERT_STARTED if writable else _ASSERT_READ_ONLY).format(**values)
    return (
        _SCRIPT.format(
            board=board,
            description=board.description.replace("*/", "* /"),
            memory="\n".join(memory),
            headers=headers,
            further=sections,
            flash=flash,
            ram=ram,
        )
        + checks
    )
