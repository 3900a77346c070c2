"""What a board's startup does for some firmware only, as C made from the board's data: see `text`.

It is compiled with every firmware, and linked where an object needs it: what no object needs costs nothing.

- Data in further regions of memory is copied and zeroed: the linker leads the call of console_start, the
  first after memory is set up, here. Objects need it that have sections for such a region.
- The vectors of the part's interrupts follow those of the core. Objects need them that define one of the
  handlers that the board's file names.
"""

from . import linker_script

_VECTORS = "board_interrupts"
_OURS = "startup_cortex_m.c"  # the vector table that can go on

_HEAD = """\
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Made for board {board.name}: what its startup does for firmware that needs it. */
#include <stdint.h>
"""

_COPY = """
static void start_region(const uint32_t *load, volatile uint32_t *word, const uint32_t *data_end, const uint32_t *end) {
  while (word < data_end) *word++ = *load++;
  while (word < end) *word++ = 0;
}

void __real_console_start(void);
void __wrap_console_start(void);
"""


def text(board):
    """The C source for board; "" where there is nothing to do for any firmware."""
    if not board.flash:
        return ""
    regions, handlers = _regions(board), _handlers(board)
    if not regions and not handlers:
        return ""
    return "\n".join([_HEAD.format(board=board), *_starting(regions), *_table(handlers)])


def link_flags(board, sections, symbols):
    """GCC's flags that link what objects with these sections, and definitions of these symbols, need."""
    flags = []
    names = {linker_script.section(name): region for name, region in _regions(board)}
    if any(_of_region(section) in names for section in sections):
        flags += ["-Wl,--wrap=console_start", f"-Wl,--defsym={linker_script.STARTED}=1"]
    if not _handlers(board).keys().isdisjoint(symbols):
        flags.append(f"-Wl,--undefined={_VECTORS}")
    return flags


def table_size(board):
    """Bytes of the whole vector table, the core's and the part's."""
    return 4 * (16 + max(_handlers(board).values(), default=-1) + 1)


def _of_region(section):
    """The region's part of a section's name: "ccm" of .ccm, .ccm.table and .bss..ccm."""
    return section.removeprefix(".bss.").removeprefix(".").partition(".")[0]


def _regions(board):
    """The further regions with anything to copy or to zero: only our linker script says where."""
    return [] if board.linker_script else [(name, r) for name, r in linker_script.further(board) if "w" in r.access]


def _handlers(board):
    """name -> number of the part's interrupts, where the vector table is ours."""
    return board.interrupts if _OURS in board.startup else {}


def _starting(regions):
    if not regions:
        return []
    lines, calls = [], []
    for name, _ in regions:
        base = f"__{linker_script.section(name)}"
        lines.append(f"extern uint32_t {base}_load[], {base}_start[], {base}_data_end[], {base}_end[];")
        calls.append(f"  start_region({base}_load, {base}_start, {base}_data_end, {base}_end);")
    return [*lines, _COPY, "void __wrap_console_start(void) {", *calls, "  __real_console_start();", "}", ""]


def _table(handlers):
    if not handlers:
        return []
    numbers = {number: name for name, number in handlers.items()}
    rows = [f"  {numbers.get(number, 'unhandled')}," for number in range(max(numbers) + 1)]
    return [
        "void on_fault(void);",
        # Here, as an alias must be of the same file; any register but the stack's is free in a handler.
        '__attribute__((naked)) static void unhandled(void) { __asm__("ldr r0, =on_fault\\n bx r0"); }',
        *(f'void {name}(void) __attribute__((weak, alias("unhandled")));' for name in numbers.values()),
        f'__attribute__((section(".vectors.interrupts"))) void (*const {_VECTORS}[])(void) = {{',
        *rows,
        "};",
        "",
    ]
