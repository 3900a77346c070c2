"""The processor cores that boards may have, and what of them an ELF file must agree with.

Arm: "Addenda to the ABI for the Arm Architecture" (Tag_CPU_arch, Tag_FP_arch, …) and the cores'
technical reference manuals. RISC-V: "RISC-V ELF psABI" and "ISA Manual, Volume I".
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Core:
    """An Arm core: its architecture, the -mfpu values it may be built with, if it may have MVE, and if it
    has VTOR, the register that says where the vectors are."""

    architecture: str
    fpus: tuple = ()
    mve: bool = False
    vtor: bool = True


ARM = {
    "cortex-m0": Core("v6-M", vtor=False),
    "cortex-m0plus": Core("v6-M"),
    "cortex-m3": Core("v7-M"),
    "cortex-m4": Core("v7E-M", ("fpv4-sp-d16",)),
    "cortex-m7": Core("v7E-M", ("fpv5-sp-d16", "fpv5-d16")),
    "cortex-m33": Core("v8-M.main", ("fpv5-sp-d16",)),
    "cortex-m55": Core("v8.1-M.main", ("fpv5-d16", "auto"), mve=True),
}

# Each runs the code of those before it.
ARM_ARCHITECTURES = ("v6-M", "v7-M", "v7E-M", "v8-M.main", "v8.1-M.main")

RISCV = {"generic-rv32": 32, "generic-rv64": 64}  # iree-compile's name -> register width in bits

# The ABI's last letter is the widest number that travels in a floating-point register.
RISCV_ABIS = {32: ("ilp32", "ilp32f", "ilp32d"), 64: ("lp64", "lp64f", "lp64d")}

# What an extension brings with it, as far as compilers write it out.
_IMPLIED = {
    "m": ("zmmul",),
    "a": ("zaamo", "zalrsc"),
    "f": ("zicsr",),
    "d": ("f",),
    "c": ("zca", "zcf", "zcd"),
    "v": ("zve64d", "zvl128b", "d"),
    "zve64d": ("zve64f",),
    "zve64f": ("zve32f", "zve64x"),
    "zve64x": ("zve32x", "zvl64b"),
    "zve32f": ("zve32x", "f"),
    "zve32x": ("zvl32b", "zicsr"),
}


def extensions(features):
    """The extensions that features like "+m,+f,+zvl128b" give, with those they bring; "i" always."""
    found = {"i", "zicsr", "zifencei"}
    waiting = [word[1:] for word in features.split(",") if word.startswith("+")]
    while waiting:
        name = waiting.pop()
        found.add(name)
        width = re.fullmatch(r"zvl(\d+)b", name)
        smaller = (f"zvl{int(width[1]) // 2}b",) if width and int(width[1]) > 32 else ()
        waiting += [n for n in (*_IMPLIED.get(name, ()), *smaller) if n not in found]
    return found


def gcc_flag(board, name):
    """The value of GCC's flag, as "fpv4-sp-d16" of -mfpu=fpv4-sp-d16 for "-mfpu", or ""."""
    return next((f.split("=", 1)[1] for f in board.machine_flags if f.startswith(f"{name}=")), "")


def has_mve(board):
    """Whether the board's core has Arm's M-profile vector extension."""
    core = ARM.get(board.cpu)
    return bool(core and core.mve) and "nomve" not in gcc_flag(board, "-mcpu")
