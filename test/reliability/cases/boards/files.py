"""Files that a board names: sources, linker scripts, what is in them."""

from cases.boards.whole import FILE, MINE, WHOLE, board, wrong
from corpus import Case

CASES = [
    board("specs that are not there", ["board mine", "none.specs"], "nano.specs", "none.specs"),
    board("a startup file that is not there", [FILE + "startup names 'star.c', which is neither in"], '"start.c"', '"star.c"'),
    board(
        "a console that is not there",
        [FILE + "console names 'console.c', which is neither in"],
        "console_cmsdk_uart.c",
        "console.c",
    ),
    board("a console that is a folder", [FILE + "console names 'runtime', which is no file"], "console_cmsdk_uart.c", "runtime"),
    wrong("sources", "['none.c']", "sources names 'none.c', which is neither in"),
    wrong("include", "['none']", "include names 'none', which is neither in"),
    wrong("include", "['mine.py']", "include names 'mine.py', which is no folder"),
    wrong("libraries", "['none.a']", "libraries names 'none.a', which is neither in"),
    wrong("linker_script", "'none.ld'", "linker_script names 'none.ld', which is neither in"),
    wrong("linker_script", "'../boards'", "linker_script names '../boards', which is no file"),
    Case(
        "a linker script that is none",
        ["mine.ld", "syntax error"],
        MINE,
        {"boards/mine.py": WHOLE + "linker_script = 'mine.ld'\n", "boards/mine.ld": "this is no script {\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a linker script without the symbols of the startup code",
        ["undefined reference to `__"],
        MINE,
        {"boards/mine.py": WHOLE + "linker_script = 'mine.ld'\n", "boards/mine.ld": "SECTIONS { .text : { *(.text*) } }\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a linker script that puts all elsewhere",
        ["lies outside", "mine"],
        MINE,
        {
            "boards/mine.py": WHOLE + "linker_script = 'mine.ld'\n",
            "boards/mine.ld": "SECTIONS { . = 0x60000000; .text : { *(.vectors) *(.text*) *(.rodata*) } .data : { *(.data*) *(.bss*) } __stack_start = .; __stack_end = .; __data_start = .; __data_end = .; __data_load = .; __bss_start = .; __bss_end = .; __tls_start = .; __heap_start = .; __heap_end = .; end = .; }\n",
        },
        good="board=mps2-an386 sample=multiply",
    ),
    board(
        "an entry that no code has", ["no code defines no_such_symbol, where board mine begins"], new="entry = 'no_such_symbol'\n"
    ),
    board("a link flag that the linker does not know", ["no-such-flag"], new="link_flags = ['-Wl,--no-such-flag']\n"),
]
