"""Applications that cannot be built, or that do not do what a firmware must."""

from corpus import Case

MAIN = '#include "board.h"\n#include "multiply.h"\n'
FILE = "samples/multiply/main.c"
SCRIPT = "samples/multiply/SConscript"
BUILD = "board=mps2-an386 sample=multiply"
MODEL = 'Import("env")\nmodel = env.IreeModel("multiply.mlir")\n'


def source(name, says, text, command=BUILD, **others):
    return Case(name, says, command, {FILE: text}, **others)


def script(name, says, text, command=BUILD, **files):
    return Case(name, says, command, {SCRIPT: text, **files})


def with_timeout(good):
    return good.replace(b"if GetOption", b'env["IREE_TIMEOUT"] = 2\nif GetOption', 1)


CASES = [
    source("an application without main", ["undefined reference to `main'"], MAIN),
    source("an empty application", ["undefined reference to `main'"], ""),
    source(
        "a function that is nowhere",
        ["undefined reference to `nowhere'", "main.c:4"],
        MAIN + "int nowhere(void);\nint main(void) { return nowhere(); }\n",
    ),
    source(
        "a variable that is nowhere",
        ["undefined reference to `nowhere'", "main.c:4"],
        MAIN + "extern int nowhere;\nint main(void) { return nowhere; }\n",
    ),
    source(
        "a header that is nowhere",
        ["main.c:1:10: fatal error: nowhere.h"],
        '#include "nowhere.h"\nint main(void) { return 0; }\n',
    ),
    source(
        "the header of another model",
        ["main.c:1:10: fatal error: digits.h"],
        '#include "digits.h"\nint main(void) { return 0; }\n',
    ),
    source(
        "a header of an operating system", ["fatal error: sys/mman.h"], "#include <sys/mman.h>\nint main(void) { return 0; }\n"
    ),
    source("no C at all", ["main.c:1:1: error:"], "this is no program\n"),
    source("bytes that are no text", ["main.c:", "error:"], bytes(range(128, 256))),
    source("a brace that is missing", ["main.c:", "error:"], MAIN + "int main(void) { return 0;\n"),
    source("#error", ["main.c:1:2: error: #error not for this board"], "#error not for this board\n"),
    source(
        "a function that the board's support has",
        ["multiple definition of `board_print'"],
        "void board_print(const char *text) {}\nint main(void) { return 0; }\n",
    ),
    source(
        "too few arguments to the model's function",
        ["main.c:3:", "too few arguments"],
        MAIN + "int main(void) { return multiply_vectors(); }\n",
    ),
    source(
        "code that does not fit",
        ["FLASH of mps2-an386: multiply.elf takes ", "too many"],
        MAIN + "const char big[5 * 1024 * 1024] = {1};\nint main(void) { return big[board_count() & 1023]; }\n",
    ),
    source(
        "data that does not fit",
        ["RAM of mps2-an386: multiply.elf takes ", "too many"],
        MAIN + "char big[5 * 1024 * 1024];\nint main(void) { return big[board_count() & 1023]; }\n",
    ),
    source(
        "an array that no address reaches", ["main.c:", "error:"], "char big[0xffffffff];\nint main(void) { return big[7]; }\n"
    ),
    source(
        "a frame that the stack does not hold",
        ["stack of mps2-an386: multiply.elf takes ", "raise 'stack'"],
        MAIN + "int main(void) { volatile char big[20000]; for (int i = 0; i < 20000; ++i) big[i] = (char)i; return big[7]; }\n",
    ),
    source(
        "constructors of C++",
        ["constructors are not run on board mps2-an386"],
        MAIN + '__attribute__((constructor)) static void early(void) { board_print(""); }\nint main(void) { return 0; }\n',
    ),
    source(
        "an exit code other than 0",
        ["multiply.elf ended with exit code 3 on board mps2-an386"],
        MAIN + "int main(void) { return 3; }\n",
        BUILD + " run",
    ),
    Case(
        "an application that never ends",
        ["multiply.elf did not end within 2.0 s"],
        BUILD + " run",
        {FILE: "int main(void) { for (;;) {} }\n", "SConstruct": with_timeout},
    ),
    source(
        "an application that writes at null",
        ["multiply.elf", "mps2-an386"],
        "int main(void) { *(volatile int *)0xf0000000 = 1; return 0; }\n",
        BUILD + " run",
    ),
    source(
        "an application that runs off",
        ["multiply.elf", "mps2-an386"],
        "int main(void) { ((void (*)(void))0xfffffff0)(); return 0; }\n",
        BUILD + " run",
    ),
    script("a source that is not there", ["nowhere.c"], MODEL + 'Default(env.IreeFirmware("multiply", ["nowhere.c", model]))\n'),
    script(
        "a source of no known kind",
        ["main.py"],
        MODEL + 'Default(env.IreeFirmware("multiply", ["main.py", model]))\n',
        **{"samples/multiply/main.py": "print()\n"},
    ),
    script("no sources", ["undefined reference to `main'"], MODEL + 'Default(env.IreeFirmware("multiply", []))\n'),
    script("the model forgotten", ["multiply.h"], 'Import("env")\nDefault(env.IreeFirmware("multiply", ["main.c"]))\n'),
    script("one source twice", ["main.o"], MODEL + 'Default(env.IreeFirmware("multiply", ["main.c", "main.c", model]))\n'),
    script(
        "a firmware in a firmware",
        ["'multiply' is no firmware: pass what IreeFirmware returned"],
        MODEL + 'env.IreeRun("multiply")\n',
    ),
    script("run of nothing", ["[] is no firmware: pass what IreeFirmware returned"], MODEL + "env.IreeRun([])\n"),
    script(
        "verify of what is no model",
        ["'multiply.mlir' is no model: pass what IreeModel returned"],
        MODEL + 'env.IreeVerify("multiply.mlir")\n',
        BUILD + " verify",
    ),
    script(
        "bench of what is no model",
        ["None is no model: pass what IreeModel returned"],
        MODEL + "env.IreeBench(None)\n",
        BUILD + " bench",
    ),
    script(
        "another board in the same environment",
        ["IREE_BOARD=stm32f4: this environment is for board mps2-an386"],
        'Import("env")\nenv["IREE_BOARD"] = "stm32f4"\nenv.IreeModel("multiply.mlir")\n',
    ),
    script(
        "a flag that iree-compile does not know",
        ["--no-such-flag"],
        'Import("env")\nenv.Append(IREE_COMPILEFLAGS=["--no-such-flag"])\n'
        + MODEL.split("\n", 1)[1]
        + 'Default(env.IreeFirmware("multiply", ["main.c", model]))\n',
    ),
    script(
        "a flag that the C compiler does not know",
        ["-fno-such-flag"],
        'Import("env")\nenv.Append(CCFLAGS=["-fno-such-flag"])\n'
        + MODEL.split("\n", 1)[1]
        + 'Default(env.IreeFirmware("multiply", ["main.c", model]))\n',
    ),
    script(
        "a flag that the linker does not know",
        ["--no-such-flag"],
        'Import("env")\nenv.Append(LINKFLAGS=["-Wl,--no-such-flag"])\n'
        + MODEL.split("\n", 1)[1]
        + 'Default(env.IreeFirmware("multiply", ["main.c", model]))\n',
    ),
    script(
        "a library that is not there",
        ["-lnowhere"],
        'Import("env")\nenv.Append(LIBS=["nowhere"])\n'
        + MODEL.split("\n", 1)[1]
        + 'Default(env.IreeFirmware("multiply", ["main.c", model]))\n',
    ),
]
