"""C that refuses a compiler set for another core than the kernels': what links silently, and then faults.

The kernels' object tells its core; macros tell the compiler's. Arm: "Arm C Language Extensions", 6. RISC-V: "RISC-V C
API Specification". Where GCC has no macro, its assembler is given an instruction of the kind, in a section that no
linker takes. What a core has beyond the kernels' is no hindrance. RISC-V's vectors are not asked for: kernels may use
them where the C compiler is not told of any.
"""

import re

# The profiles in the order of what they can do, and how each is told.
_PROFILES = (
    ("v6-M", "Armv6-M", "__ARM_ARCH == 6"),
    ("v8-M.base", "Armv8-M Baseline", "defined(__ARM_ARCH_8M_BASE__)"),
    ("v7-M", "Armv7-M", "__ARM_ARCH == 7 && !defined(__ARM_FEATURE_DSP)"),
    ("v7E-M", "Armv7E-M", "__ARM_ARCH == 7"),
    ("v8-M.main", "Armv8-M Mainline", "defined(__clang__) && !defined(__ARM_ARCH_8_1M_MAIN__)"),
    ("v8.1-M.main", "Armv8.1-M Mainline", ""),
)
# Tag_CPU_arch ("Addenda to the ABI for the Arm Architecture", 3.3.6) -> the profile.
_CPU_ARCH = {10: "v7-M", 11: "v6-M", 12: "v6-M", 13: "v7E-M", 16: "v8-M.base", 17: "v8-M.main", 21: "v8.1-M.main"}
_DOUBLE = 8  # bit of __ARM_FP
_FPV4 = 6  # the largest Tag_FP_arch of version 4
_FLOAT_ABIS = {0: "soft", 1: "single", 2: "double"}  # EF_RISCV_FLOAT_ABI, from bit 1 of e_flags
_EXTENSIONS = {  # name -> the condition that holds without it
    "m": "!defined(__riscv_mul)",
    "a": "!defined(__riscv_atomic)",
    "c": "!defined(__riscv_compressed)",
    "f": "!defined(__riscv_flen) || __riscv_flen < 32",
    "d": "!defined(__riscv_flen) || __riscv_flen < 64",
}
_HOSTS = {"EM_X86_64": ("x86-64", "__x86_64__"), "EM_AARCH64": ("AArch64", "__aarch64__"), "EM_386": ("x86", "__i386__")}


def lines(kernels, model):
    """The lines for the source of model, whose kernels are a `KernelsObject`."""
    if kernels.machine == "EM_ARM":
        found = _arm(kernels.attributes)
    elif kernels.machine == "EM_RISCV":
        found = _riscv(kernels)
    else:
        name, macro = _HOSTS.get(kernels.machine, ("", ""))
        found = [(f"!defined({macro})", f"for {name}", "for another machine")] if name else []
    if not found:
        return []
    # Of several reasons the first is told.
    text = ["/* The kernels' core, against the compiler's. */"]
    for number, (condition, *names) in enumerate(found):
        text += [f"{'#elif' if number else '#if'} {condition}", f'#error "{_said(model, *names)}"']
    return [*text, "#endif", *_instructions(kernels.attributes, model), ""]


def _instructions(attributes, model):
    """Of what GCC's macros do not tell."""
    found = []
    if _CPU_ARCH.get(attributes.get("CPU_ARCH")) == "v8.1-M.main":
        found.append(("csinc r0, r0, r0, eq", "Armv8.1-M Mainline"))
    if attributes.get("FP_ARCH", 0) > _FPV4:
        found.append(("vrinta.f32 s0, s0", "an FPU of version 5"))
    if not found:
        return []
    lines = ["#if defined(__GNUC__) && !defined(__clang__)"]
    for instruction, name in found:
        lines.append(f"/* {_said(model, f'for {name} ({_cpu(attributes)})', 'for less, where this is refused')} */")
        lines.append(f'__asm__(".pushsection .iree_core, \\"e\\", %progbits\\n{instruction}\\n.popsection");')
    return [*lines, "#endif"]


def _cpu(attributes):
    return attributes.get("CPU_NAME", "").replace("cortex-m", "Cortex-M")


def _said(model, mine, theirs):
    return f"{model}: its kernels are {mine}, the compiler is set {theirs}. Set it for the same core, or build the model for yours (IREE_BOARD)."


def _arm(attributes):
    profile = _CPU_ARCH.get(attributes.get("CPU_ARCH"))
    if not profile:
        return []
    cpu, names = _cpu(attributes), [name for name, _, _ in _PROFILES]
    mine = f"for {_PROFILES[names.index(profile)][1]} ({cpu})"
    found = [
        ("!defined(__ARM_ARCH) || __ARM_ARCH_PROFILE != 'M'", mine, "for no Cortex-M"),
        ("defined(__ARM_BIG_ENDIAN)", "little-endian", "big-endian"),
    ]
    found += [(condition, mine, f"for {name}") for _, name, condition in _PROFILES[: names.index(profile)]]
    if profile == "v7E-M" or attributes.get("DSP_EXTENSION"):
        found.append(("!defined(__ARM_FEATURE_DSP)", f"for the DSP extension ({cpu})", "for a core without it"))
    fpu, is_double = attributes.get("FP_ARCH", 0), attributes.get("ABI_HARDFP_USE") != 1
    mine = f"for a {'double' if is_double else 'single'}-precision FPU ({cpu})"
    if fpu:
        found.append(("!defined(__ARM_FP)", mine, "for a core without FPU"))
    if attributes.get("ABI_VFP_ARGS"):
        found.append(("!defined(__ARM_PCS_VFP)", "for -mfloat-abi=hard", "for soft or softfp"))
    else:
        found.append(("defined(__ARM_PCS_VFP)", "for -mfloat-abi=soft or softfp", "for hard"))
    if fpu and is_double:
        found.append((f"!(__ARM_FP & {_DOUBLE})", mine, "for a single-precision one"))
    if fpu > _FPV4:
        found.append(("defined(__clang__) && !defined(__ARM_FPV5__)", f"for an FPU of version 5 ({cpu})", "for version 4"))
    if attributes.get("MVE_ARCH"):
        floats = {1: 1, 2: 3}[attributes["MVE_ARCH"]]
        condition = f"!defined(__ARM_FEATURE_MVE) || (__ARM_FEATURE_MVE & {floats}) != {floats}"
        found.append((condition, f"for the vector extension MVE ({cpu})", "for a core without it"))
    return found


def _riscv(kernels):
    architecture = kernels.attributes.get("ARCH", "")
    names = set(re.findall(r"([a-z]+[0-9]*[a-z]*?)\d+p\d+(?:_|$)", re.sub(r"^rv\d+", "", architecture)))
    mine, abi = f"for {architecture[:4].upper()}", _FLOAT_ABIS.get(kernels.flags >> 1 & 3, "quad")
    return [
        ("!defined(__riscv_xlen)", mine, "for no RISC-V"),
        (f"__riscv_xlen != {kernels.bits}", mine, f"for RV{96 - kernels.bits}"),
        *(
            (condition, f"for the extension {name.upper()}", "for a core without it")
            for name, condition in _EXTENSIONS.items()
            if name in names
        ),
        (f"!defined(__riscv_float_abi_{abi})", f"for the {abi}-float ABI", "for another one"),
    ]
