"""The core that an ELF file was compiled for, as its attributes tell, against a board's core."""

import re

from ..board import cores
from ..codegen.kernels_object import attributes as _attributes

# Tag_CPU_arch -> the name in cores.py ("Addenda to the ABI for the Arm Architecture", 3.3.6).
_ARCHITECTURES = {10: "v7-M", 11: "v6-M", 12: "v6-M", 13: "v7E-M", 17: "v8-M.main", 21: "v8.1-M.main"}
_FLOAT_ABIS = {0: "soft", 1: "single", 2: "double"}  # EF_RISCV_FLOAT_ABI, from bit 1 of e_flags
_ABI_FLOATS = {"f": "single", "d": "double"}


def mistake(elf, board):
    """How the core of elf, an `ELFFile`, differs from board's, in words; None if it does not."""
    if board.cpu in cores.ARM:
        return _machine(elf, "EM_ARM", 32, "Arm") or _arm(_attributes(elf), board)
    width = cores.RISCV[board.cpu]
    return _machine(elf, "EM_RISCV", width, f"RV{width}") or _riscv(elf, _attributes(elf), board)


def _machine(elf, machine, width, name):
    if elf["e_machine"] == machine and elf.elfclass == width:
        return None
    found = {"EM_ARM": "Arm", "EM_RISCV": f"RV{elf.elfclass}"}.get(elf["e_machine"], elf["e_machine"])
    return f"it is code for {found}, the board's core is {name}"


def _arm(attributes, board):
    if not attributes:  # assembly or data without code says nothing
        return None
    core, order = cores.ARM[board.cpu], cores.ARM_ARCHITECTURES
    architecture = _ARCHITECTURES.get(attributes.get("CPU_ARCH"))
    if attributes.get("CPU_ARCH_PROFILE", ord("M")) != ord("M") or (attributes.get("CPU_ARCH") and not architecture):
        return f"it is not code for Cortex-M, as {board.cpu} is"
    if architecture and order.index(architecture) > order.index(core.architecture):
        return f"it needs the architecture {architecture}; {board.cpu} is {core.architecture}"
    fpu = attributes.get("FP_ARCH", 0)
    if fpu and board.float_abi == "soft":
        return "it uses an FPU, the board has none (float_abi is 'soft')"
    # HardFP_use 1: single precision only; otherwise all that the FPU is named for.
    single_only = cores.gcc_flag(board, "-mfpu").endswith("-sp-d16")
    if fpu and single_only and attributes.get("ABI_HARDFP_USE", 0) != 1:
        return "it uses double-precision instructions, the board's FPU is single-precision"
    if attributes.get("MVE_ARCH", 0) and not cores.has_mve(board):
        return "it uses the vector extension MVE, the board has none"
    passed = {0: "soft", 1: "hard"}.get(attributes.get("ABI_VFP_ARGS", 0))
    computes = fpu and "ABI_FP_NUMBER_MODEL" in attributes  # assembly has an FPU, but says no more
    if passed and passed != board.float_abi.replace("softfp", "soft") and (computes or passed == "hard"):
        return f"it passes floating-point arguments by the {passed} ABI, the board by the {board.float_abi} one"
    return None


def _riscv(elf, attributes, board):
    found, expected = _FLOAT_ABIS.get(elf["e_flags"] >> 1 & 3, "quad"), _ABI_FLOATS.get(board.abi[-1], "soft")
    if attributes and found != expected:
        return f"its floating-point ABI is {found}, the board's ({board.abi}) is {expected}"
    names = re.findall(r"([a-z]+[0-9]*[a-z]*?)\d+p\d+(?:_|$)", re.sub(r"^rv\d+", "", attributes.get("ARCH", "")))
    lacking = sorted(set(names) - cores.extensions(board.cpu_features))
    if lacking:
        return f"it uses the extensions {', '.join(lacking)}, which the board lacks (cpu_features: {board.cpu_features})"
    return None
