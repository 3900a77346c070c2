"""Fields of a board file that are missing, or of another type."""

from cases.boards.whole import FILE, WHOLE, board, line, wrong
from corpus import Case

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

CASES = [
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
]
