"""Fields of a board file that contradict each other, or the tools."""

from cases.boards.whole import FILE, WHOLE, board, wrong

RISCV = [  # what boards/qemu-rv32.py becomes by one line, and what is said of it
    ('abi = "ilp32"', "machine_flags have -mabi=ilp32f where abi is 'ilp32'."),
    ('abi = "ilp64"', "abi 'ilp64' is not one of ilp32, ilp32f, ilp32d."),
    ('cpu = "generic-rv64"', "triple 'riscv32-pc-linux-elf' and cpu 'generic-rv64' are of different widths."),
    ('cpu_features = "+m,+a,+c"', "abi 'ilp32f' needs +f, which cpu_features '+m,+a,+c' lack."),
    ('cpu_features = "+a,+c,+f"', "-march=rv32imafc has 'm', which cpu_features '+a,+c,+f' lack."),
    ('machine_flags = ["-march=rv64imafc", "-mabi=ilp32f"]', "machine_flags have -march=rv64imafc where cpu is 'generic-rv32'."),
]

CASES = [
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
    *(board(f"RISC-V with {line}", [FILE + says], text=f'base = "qemu-rv32"\n{line}\n') for line, says in RISCV),
]
