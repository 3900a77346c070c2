"""What of compilers and emulators a call of scons needs beside Python, a word a line: for sconsw.

    $ python3 site_scons/site_tools/iree_baremetal/needed_tools.py board=stm32f4 run
    gcc
    libc
    arm-none-eabi-gcc
    arm-none-eabi-libc
    qemu-system-arm

It runs before there are any packages, with nothing but Python's own library; whatever is wrong with the
call, scons itself says.
"""

import sys
from pathlib import Path

HOST = ("gcc", "libc")
_DEBUG = ("debug", "vscode", "eclipse")
_RISCV = "riscv64-unknown-elf"
ALL = (
    *HOST,
    *(f"{prefix}-{part}" for prefix in ("arm-none-eabi", _RISCV) for part in ("gcc", "libc")),
    *("qemu-system-arm", "qemu-system-riscv32", "gdb", "clangd", "g++"),
)


def needed(arguments, folder="."):
    """The words for scons with arguments in the project at folder."""
    if arguments[:1] == ["test"]:
        return ALL
    options = dict(word.partition("=")[::2] for word in arguments if "=" in word and not word.startswith("-"))
    board = _board({**_custom(folder), **options}, folder)
    if "board-table" in arguments and (board is None or board.is_host):  # each board
        return ALL
    if "page-picture" in arguments:
        return (*needed(["board=stm32f4"], folder), "chromium", "pngquant")
    if board is None or not board.toolchain:
        return HOST
    emulator = board.emulated and board.emulated.emulator
    found = [*HOST, f"{board.toolchain}-gcc", f"{board.toolchain}-libc"]
    found += [f"qemu-system-{emulator.system}"] if emulator else []
    return (*found, *(["gdb"] if set(_DEBUG) & set(arguments) or options.get("on", "emulator") != "emulator" else []))


def _custom(folder):
    """The options in custom.py."""
    from iree_baremetal.board import assignments

    path = Path(folder, "custom.py")
    return assignments.read(path, str(path)) if path.is_file() else {}


def _board(options, folder):
    from iree_baremetal import board
    from iree_baremetal.errors import BaremetalError

    paths = [Path(folder, p).expanduser() for p in str(options.get("boards_path", "")).split(":") if p]
    try:
        return board.load(str(options.get("board", "host")), [*paths, Path(folder, "boards")])
    except BaremetalError:
        return None


def main():
    """Prints `needed`; what cannot be read needs no more than this machine's compiler."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        words = needed(sys.argv[1:])
    except Exception:  # of files that are the user's: scons reads them again, and says what is wrong
        words = HOST
    print("\n".join(words))


if __name__ == "__main__":
    main()
