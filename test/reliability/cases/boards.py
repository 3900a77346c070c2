"""Board files: each field missing, of another type, or contradicting another."""

from corpus import Case

# As boards/mps2-an386.py with its families, in one file.
WHOLE = """\
description = "a board"
toolchain = "arm-none-eabi"
triple = "armv7em-none-unknown-eabihf"
cpu = "cortex-m4"
float_abi = "hard"
machine_flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
specs = ["--specs=nano.specs"]
memory = {"FLASH": Region(0, 4 * MB, "rx"), "RAM": Region(0x20000000, 4 * MB)}
stack = 16 * KB
startup = ["startup_cortex_m.c", "fault_cortex_m.c", "fault.c", "start.c", "print.c", "semihosting.c"]
console = "console_cmsdk_uart.c"
counter = "counter_cmsdk_timer.c"
defines = {"CMSDK_UART": "0x40004000u", "CMSDK_UART_DIVIDER": "217u", "CMSDK_TIMER": "0x40000000u", "CMSDK_TIMER_QUARTER_NS": "160u"}
emulator = Qemu("arm", "mps2-an386")
"""
MINE = "board=mine sample=multiply"
FILE = "board file {folder}/boards/mine.py: "


def board(name, says, old="", new="", text=WHOLE, **others):
    """A case of boards/mine.py: the text with old replaced by new, or with new appended."""
    assert old in text, old
    changed = text.replace(old, new, 1) if old else text + new
    return Case(name, says, MINE, {"boards/mine.py": changed}, good="board=mps2-an386 sample=multiply", **others)


def wrong(key, value, says, name=""):
    """A case of one more assignment at the end, which prevails."""
    return board(name or f"{key} = {value}"[:60], [FILE + says], new=f"{key} = {value}\n")


def line(key):
    return next(line + "\n" for line in WHOLE.splitlines() if line.startswith(f"{key} = "))


NO_STRING = [
    ("description", "4"),
    ("toolchain", "None"),
    ("triple", "['a']"),
    ("cpu", "4"),
    ("float_abi", "True"),
    ("abi", "1.5"),
]
NO_STRING += [
    ("console", "['console_cmsdk_uart.c']"),
    ("counter", "0"),
    ("linker_script", "b'x.ld'"),
    ("entry", "1"),
    ("probe", "{}"),
]
NO_STRING += [("stand_in", "()"), ("cpu_features", "['+m']")]
NO_LIST = [
    ("machine_flags", "'-mcpu=cortex-m4'"),
    ("specs", "4"),
    ("startup", "'start.c'"),
    ("sources", "[1]"),
    ("include", "None"),
]
NO_LIST += [("libraries", "{'a': 'b'}"), ("link_flags", "[None]"), ("openocd", "'board.cfg'")]
NO_DICTIONARY = [("memory", "[Region(0, 4)]"), ("defines", "['A']"), ("runtime_macros", "'A=1'"), ("device", "4")]
NO_NUMBER = [
    ("stack", "'8K'"),
    ("heap", "1.5"),
    ("vectors", "'0x0'"),
    ("stack", "None"),
    ("stack", "float('nan')"),
    ("heap", "float('inf')"),
]

MEMORY = [
    ("{}", "memory needs a region with access rx, for code"),
    ("{'FLASH': Region(0, MB, 'rx')}", "memory needs a region with access rx, for code"),
    ("{'RAM': Region(0x20000000, MB)}", "memory needs a region with access rx, for code"),
    ("{'FLASH': 4, 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' is not a Region"),
    ("{'FLASH': Region(0, MB, 'rx'), 'RAM': Region(0x8000, MB)}", "memory 'FLASH' and 'RAM' overlap"),
    (
        "{'FLASH': Region(0, MB, 'rx'), 'RAM': Region(0x20000000, MB), 'CCM': Region(0x20000010, 16)}",
        "memory 'RAM' and 'CCM' overlap",
    ),
    ("{'FLASH': Region(0, 0, 'rx'), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has origin 0 and length 0"),
    ("{'FLASH': Region(0, -MB, 'rx'), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has origin 0 and length -1048576"),
    ("{'FLASH': Region(-16, MB, 'rx'), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has origin -16"),
    (
        "{'FLASH': Region(0, MB, 'rx'), 'RAM': Region(0xffffff00, MB)}",
        "memory 'RAM' ends beyond the 32-bit addresses of the core",
    ),
    ("{'FLASH': Region(0, MB, 'rx'), 'RAM': Region(1 << 40, MB)}", "memory 'RAM' ends beyond the 32-bit addresses of the core"),
    (
        "{'FLASH': Region('0', MB, 'rx'), 'RAM': Region(0x20000000, MB)}",
        "memory 'FLASH' has an origin or a length that is no whole number",
    ),
    (
        "{'FLASH': Region(0, 1.5 * MB, 'rx'), 'RAM': Region(0x20000000, MB)}",
        "memory 'FLASH' has an origin or a length that is no whole number",
    ),
    ("{'FLASH': Region(0, MB, 'exec'), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has access 'exec'"),
    ("{'FLASH': Region(0, MB, None), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has access None"),
    ("{'FLASH': Region(0, MB, 7), 'RAM': Region(0x20000000, MB)}", "memory 'FLASH' has access 7"),
    ("{'my flash': Region(0, MB, 'rx'), 'RAM': Region(0x20000000, MB)}", "memory 'my flash': a region's name is of capitals"),
    ("{4: Region(0, MB, 'rx'), 'RAM': Region(0x20000000, MB)}", "memory 4: a region's name is of capitals"),
    ("{'FLASH': Region(), 'RAM': Region(0x20000000, MB)}", "line 15: TypeError: "),
    (
        "{'FLASH': Region(True, MB, 'rx'), 'RAM': Region(0x20000000, MB)}",
        "memory 'FLASH' has an origin or a length that is no whole number",
    ),
]

RISCV = [  # what boards/qemu-rv32.py becomes by one line, and what is said of it
    ('abi = "ilp32"', "machine_flags have -mabi=ilp32f where abi is 'ilp32'."),
    ('abi = "ilp64"', "abi 'ilp64' is not one of ilp32, ilp32f, ilp32d."),
    ('cpu = "generic-rv64"', "triple 'riscv32-pc-linux-elf' and cpu 'generic-rv64' are of different widths."),
    ('cpu_features = "+m,+a,+c"', "abi 'ilp32f' needs +f, which cpu_features '+m,+a,+c' lack."),
    ('cpu_features = "+a,+c,+f"', "-march=rv32imafc has 'm', which cpu_features '+a,+c,+f' lack."),
    ('machine_flags = ["-march=rv64imafc", "-mabi=ilp32f"]', "machine_flags have -march=rv64imafc where cpu is 'generic-rv32'."),
]

CASES = [
    board("a whole board file", [], works=True),
    *(board(f"no {key}", [f"{FILE}field '{key}' is missing"], line(key), "") for key in ("description", "toolchain", "triple")),
    board("no cpu", [FILE + "unknown cpu ''"], line("cpu"), ""),
    board("no float_abi", [FILE + "float_abi '' is not 'hard', 'softfp' or 'soft'"], line("float_abi"), ""),
    board("no machine_flags", [FILE + "machine_flags have -mcpu=? where cpu is 'cortex-m4'"], line("machine_flags"), ""),
    board("no memory", [FILE + "memory needs a region"], line("memory"), ""),
    board("no stack", [FILE + "stack 0 and heap 0"], line("stack"), ""),
    board("no startup", [FILE + "startup names no file"], line("startup"), ""),
    board("no console", [FILE + "console names no file"], line("console"), ""),
    board("no counter", [FILE + "counter names no file"], line("counter"), ""),
    board("no defines, which the console needs", ["'CMSDK_UART' undeclared", "console_cmsdk_uart.c"], line("defines"), ""),
    Case(
        "no emulator, asked to run",
        ["board mine has no emulator: ", "boards/mine.py sets none"],
        "board=mine run",
        {"boards/mine.py": WHOLE.replace(line("emulator"), "")},
        good="board=mps2-an386 sample=multiply",
    ),
    *(wrong(key, value, f"{key} is not a string") for key, value in NO_STRING),
    *(wrong(key, value, f"{key} is not a list of strings") for key, value in NO_LIST),
    *(wrong(key, value, f"{key} is not a dictionary") for key, value in NO_DICTIONARY),
    *(wrong(key, value, f"{key} is not a number of bytes or an address") for key, value in NO_NUMBER),
    *(wrong("memory", value, says, f"memory = {value}") for value, says in MEMORY),
    wrong("defines", "{1: '2'}", "defines has the entry 1: '2', which is not a name and a string or a number"),
    wrong("defines", "{'A B': '2'}", "defines has the entry 'A B': '2', which is not a name and a string or a number"),
    wrong("defines", "{'A': ['2']}", "defines has the entry 'A': ['2'], which is not a name and a string or a number"),
    wrong("runtime_macros", "{'A': {}}", "runtime_macros has the entry 'A': {}, which is not a name and a string or a number"),
    wrong("emulator", "'mps2-an386'", "emulator is not Qemu(system, machine, …)"),
    wrong("emulator", "Qemu(1, 2)", "emulator's system is not a string: 1"),
    wrong("emulator", "Qemu('arm', None)", "emulator's machine is not a string: None"),
    wrong("emulator", "Qemu('arm', 'mps2-an386', icount_shift='0')", "emulator's icount_shift is not a number from 0 to 10: '0'"),
    wrong("emulator", "Qemu('arm', 'mps2-an386', options='-m 1')", "emulator's options is not a list of strings"),
    wrong("emulator", "Qemu('arm')", "line 15: TypeError: "),
    Case(
        "an emulator of another machine than there is",
        ["the emulator failed on", "-machine mps9"],
        "board=mine run",
        {"boards/mine.py": WHOLE.replace("mps2-an386", "mps9")},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "an emulator that nobody has",
        ["no qemu-system-z80 on the search path"],
        "board=mine run",
        {"boards/mine.py": WHOLE.replace('"arm", "mps2', '"z80", "mps2')},
        good="board=mps2-an386 sample=multiply",
    ),
    wrong("stack", "1000", "stack 1000 and heap 0: not multiples of 16"),
    wrong("stack", "-16", "stack -16 and heap 0: not multiples of 16"),
    wrong("stack", "5 * MB", "stack and heap (5242880 + 0) exceed RAM"),
    wrong("heap", "8", "stack 16384 and heap 8: not multiples of 16"),
    wrong("vectors", "0x8000000", "vectors 0x8000000 lie outside FLASH"),
    wrong("toolchain", "'arm-none-eab'", "toolchain 'arm-none-eab' is not known. Did you mean arm-none-eabi"),
    wrong(
        "toolchain",
        "'riscv64-unknown-elf'",
        "triple 'armv7em-none-unknown-eabihf' and toolchain 'riscv64-unknown-elf' are of different",
    ),
    wrong("triple", "'armv7em'", "triple 'armv7em' is not an LLVM triple"),
    wrong(
        "triple", "'x86_64-linux-gnu'", "triple 'x86_64-linux-gnu' and toolchain 'arm-none-eabi' are of different architectures"
    ),
    wrong(
        "triple",
        "'armv7em-none-unknown-eabi'",
        "float_abi is 'hard', but triple 'armv7em-none-unknown-eabi' does not end in eabihf",
    ),
    wrong("triple", "''", "triple '' is not an LLVM triple"),
    wrong("cpu", "'cortex-m44'", "unknown cpu 'cortex-m44'. Did you mean cortex-m4"),
    wrong("cpu", "'cortex-m0'", "machine_flags have -mcpu=cortex-m4 where cpu is 'cortex-m0'"),
    wrong("float_abi", "'softfp'", "machine_flags have -mfloat-abi=hard where float_abi is 'softfp'"),
    wrong("float_abi", "'soft'", "machine_flags have -mfloat-abi=hard where float_abi is 'soft'"),
    board(
        "another FPU than the core has", [FILE + "machine_flags have -mfpu=neon, but cortex-m4 can have"], "fpv4-sp-d16", "neon"
    ),
    board(
        "an FPU where there is none",
        [FILE + "machine_flags have -mfpu=fpv4-sp-d16, but cortex-m3 has no FPU"],
        text=WHOLE.replace("cortex-m4", "cortex-m3"),
    ),
    board("a machine flag that GCC does not know", ["-mnothing", "board mine"], "-mthumb", "-mnothing"),
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
    *(board(f"RISC-V with {line}", [FILE + says], text=f'base = "qemu-rv32"\n{line}\n') for line, says in RISCV),
    wrong("stak", "4", "unknown field 'stak'. Did you mean stack?"),
    wrong("name", "'mine'", "unknown field 'name'"),
    wrong("path", "'/tmp'", "unknown field 'path'"),
    wrong("origins", "{}", "unknown field 'origins'"),
    board("an import, whose name is no field", [FILE + "unknown field 'os'"], new="import os\n"),
    wrong("base", "'cortex-m4g'", "base 'cortex-m4g' is neither a family nor a board. Did you mean cortex-m4"),
    wrong("base", "4", "base is not the name of a family or board, or a list of them: 4"),
    wrong("base", "None", "base is not the name of a family or board, or a list of them: None"),
    wrong("base", "[4]", "base is not the name of a family or board, or a list of them: [4]"),
    wrong("base", "'mine'", "base 'mine' is neither a family nor a board"),
    wrong("base", "''", "base '' is neither a family nor a board"),
    wrong("base", "['stm32f4', 'nobody']", "base 'nobody' is neither a family nor a board"),
    Case(
        "two boards that build on each other",
        [FILE + "base leads back to where it began: mine -> other -> mine"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": 'base = "mine"\n'},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "three boards that build on each other",
        [FILE + "base leads back to where it began: mine -> a -> b -> mine"],
        MINE,
        {"boards/mine.py": 'base = "a"\n', "boards/a.py": 'base = "b"\n', "boards/b.py": 'base = "mine"\n'},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a base with a mistake of its own",
        ["board file {folder}/boards/other.py: line 2: NameError"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": "stack = 16\nheap = none\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a base with a value of another type",
        ["board file {folder}/boards/other.py: stack is not a number"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": "stack = '1'\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    wrong("stand_in", "'mps2-an386'", "it has an emulator and stand_in 'mps2-an386'"),
    board(
        "a stand-in that nobody has",
        [FILE + "stand_in: no board 'mps2-386'. Did you mean mps2-an386?"],
        line("emulator"),
        'stand_in = "mps2-386"\n',
    ),
    board(
        "a stand-in that is the board itself",
        [FILE + "stand_in 'mine' is the board itself"],
        line("emulator"),
        'stand_in = "mine"\n',
    ),
    board(
        "a stand-in without an emulator",
        [FILE + "stand_in 'nrf52840-dk' has no emulator of its own"],
        line("emulator"),
        'stand_in = "nrf52840-dk"\n',
    ),
    board(
        "a stand-in with another core",
        [FILE + "stand_in 'qemu-rv32' has another core: generic-rv32, not cortex-m4"],
        line("emulator"),
        'stand_in = "qemu-rv32"\n',
    ),
    board("a stand-in that is the host", [FILE + "stand_in 'host'"], line("emulator"), 'stand_in = "host"\n'),
    board(
        "a stand-in without room", [FILE + "stand_in 'stm32f4' has no room for FLASH"], line("emulator"), 'stand_in = "stm32f4"\n'
    ),
    board(
        "a stand-in that has a stand-in",
        [FILE + "stand_in 'nucleo-l476rg' has no emulator of its own"],
        line("emulator"),
        'stand_in = "nucleo-l476rg"\n',
    ),
    board("nothing", [FILE + "field 'description' is missing"], text="", new=""),
    board(
        "no closing bracket",
        [FILE + "SyntaxError: ", "line 8"],
        '"RAM": Region(0x20000000, 4 * MB)}',
        '"RAM": Region(0x20000000, 4 * MB)',
    ),
    board("no Python at all", [FILE + "SyntaxError: ", "line 1"], text="", new="<board name='mine'/>\n"),
    board("an indentation too many", [FILE + "IndentationError: ", "line 15"], new="  stack = 4\n"),
    board(
        "a name that is not at hand",
        [FILE + "line 15: NameError: name 'GB' is not defined. At hand are FlashTiming, KB, MB"],
        new="stack = 1 * GB\n",
    ),
    board("an exception", [FILE + "line 15: ValueError: out of order"], new="raise ValueError('out of order')\n"),
    board("sys.exit", [FILE + "line 16: SystemExit: 3"], new="import sys as _sys\n_sys.exit(3)\n"),
    board("a bare exit", [FILE + "line 15: "], new="exit(0)\n"),
    board("an endless recursion", [FILE, "RecursionError"], new="def _f():\n    return _f()\n_f()\n"),
    board("a null byte", [FILE], new="stack = 4\0\n"),
    Case(
        "bytes that are no UTF-8",
        [FILE + "UnicodeDecodeError"],
        MINE,
        {"boards/mine.py": b"description = '\xff\xfe'\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a board of the host's name that is wrong",
        ["board file {folder}/boards/host.py: field 'description' is missing"],
        "board=host sample=multiply",
        {"boards/host.py": "stack = 16\n"},
    ),
    Case(
        "a board file that is wrong, and not asked for",
        ["good", "not usable"],
        "-h",
        {"boards/good.py": WHOLE.replace("a board", "good"), "boards/mine.py": "?\n"},
        works=True,
    ),
    Case(
        "boards, one of which is wrong",
        ["mine: board file {folder}/boards/mine.py: SyntaxError"],
        "boards",
        {"boards/mine.py": "?\n"},
        works=True,
    ),
]
