"""A board file that is right, and cases of what becomes of it by one change."""

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
