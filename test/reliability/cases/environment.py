"""Tools that are missing, broken or of other versions; folders that must not be written; odd paths, which must work."""

from corpus import ROOT, Case
from surroundings import FAKES, file_named_build, folder_mode, in_folder, linked, passing, program, without

BUILD = "board=mps2-an386 sample=multiply"
GCC = "arm-none-eabi-gcc"


def fake(tool, how, says, command=BUILD, **others):
    return Case(f"{tool} {how}", says, command, around=program(FAKES[how])(tool), before=command.endswith("run"), **others)


ODD = [
    "with blanks",
    "it's",
    'say "hi"',
    "größe 日本",
    "a&b;c",
    "a$b",
    "a#b,c",
    "a(b)*",
    "-dash",
    "a\\b",
    "a%b=c@d",
    "a:b",
    "[a]{b}",
    "~",
    "a\nb",
]


def odd(name):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return Case(f"a project in the folder {name!r}", [], f'-C "{quoted}" {BUILD} run', around=in_folder(name), works=True)


def odd_model(name):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return Case(
        f"a model named {name}.mlir",
        [],
        f'board=mps2-an386 "model={quoted}.mlir" run',
        {f"{name}.mlir": (ROOT / "samples/multiply/multiply.mlir").read_text()},
        works=True,
    )


CASES = [
    # The cross compiler.
    Case(
        "no cross compiler",
        ["board mps2-an386: no arm-none-eabi-gcc on the search path", "sudo apt-get install gcc-arm-none-eabi"],
        BUILD,
        around=without(GCC),
    ),
    Case("no archiver", ["no arm-none-eabi-ar on the search path", "apt-get install"], BUILD, around=without("arm-none-eabi-ar")),
    Case(
        "no objcopy",
        ["no arm-none-eabi-objcopy on the search path", "apt-get install"],
        BUILD,
        around=without("arm-none-eabi-objcopy"),
    ),
    Case(
        "no compiler of the machine's own",
        ["board host: no gcc on the search path", "apt-get install gcc"],
        "sample=multiply",
        around=without("gcc"),
    ),
    Case(
        "no compiler for RISC-V",
        ["board qemu-rv32: no riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf"],
        "board=qemu-rv32 sample=multiply",
        around=without("riscv64-unknown-elf-gcc"),
    ),
    Case("no search path", ["no arm-none-eabi-gcc on the search path"], BUILD, environment={"PATH": ""}),
    Case(
        "a search path that leads nowhere", ["no arm-none-eabi-gcc on the search path"], BUILD, environment={"PATH": "/nowhere"}
    ),
    *(
        fake(GCC, how, ["board mps2-an386: {folder}/bin/" + GCC + " does not work: "])
        for how in FAKES
        if how != "has an interpreter that is not there"
    ),
    fake(GCC, "has an interpreter that is not there", ["{folder}/bin/" + GCC + " does not work: No such file or directory"]),
    *(
        Case(
            f"{GCC} {how} while it compiles",
            ["main.o", said],
            BUILD,
            around=program(passing(f"/usr/bin/{GCC}", "main.c", does))(GCC),
        )
        for how, does, said in (
            ("fails", "exit 3", "Error 3"),
            ("crashes", "kill -SEGV $$", "main.o"),
        )
    ),
    Case(f"{GCC} writes no object", ["main.o"], BUILD, around=program(passing(f"/usr/bin/{GCC}", "main.c", "exit 0"))(GCC)),
    Case(
        f"{GCC} writes half a firmware and fails",
        ["multiply.elf"],
        BUILD,
        around=program(
            passing(
                f"/usr/bin/{GCC}",
                "multiply.elf",
                "echo half >build/mps2-an386/multiply/multiply.elf; echo half >build/mps2-an386/multiply/multiply.map; exit 1",
            )
        )(GCC),
    ),
    Case(
        f"{GCC} writes a firmware that is none",
        ["multiply.elf"],
        BUILD,
        around=program(
            passing(
                f"/usr/bin/{GCC}",
                "multiply.elf",
                "echo half >build/mps2-an386/multiply/multiply.elf; echo half >build/mps2-an386/multiply/multiply.map; exit 0",
            )
        )(GCC),
    ),
    Case(
        f"{GCC} of another machine",
        ["multiply: its kernels are for Armv7E-M (Cortex-M4), the compiler is set for no Cortex-M."],
        BUILD,
        around=program(
            '#!/bin/sh\nfor a; do shift; case $a in -m*|--specs*|-Wl,--nmagic) ;; *) set -- "$@" "$a";; esac; done\nexec /usr/bin/gcc "$@"\n'
        )(GCC),
    ),
    *(
        fake("arm-none-eabi-objcopy", how, ["multiply_kernels.o", "arm-none-eabi-objcopy"])
        for how in ("is no program", "has an interpreter that is not there", "does nothing", "kills itself")
    ),
    *(
        fake("arm-none-eabi-objcopy", how, ["multiply_kernels.o"])
        for how in ("ends with 1", "ends with 1 and says why", "says anything", "was killed")
    ),
    # iree-compile, by its option: it is also looked for beside Python.
    *(
        Case(
            f"iree-compile {how}",
            said,
            f"{BUILD} iree_compile={{folder}}/bin/iree-compile",
            around=program(FAKES[how])("iree-compile"),
            good=BUILD,
        )
        for how, said in (
            ("is no program", ["iree-compile", "Exec format error"]),
            ("has an interpreter that is not there", ["iree-compile"]),
            ("ends with 1", ["{folder}/bin/iree-compile ended with exit code 1 and no message"]),
            ("ends with 1 and says why", ["no licence"]),
            ("says anything", ["{folder}/bin/iree-compile wrote no model"]),
            ("does nothing", ["{folder}/bin/iree-compile wrote no model"]),
            ("kills itself", ["iree-compile crashed (SIGSEGV)"]),
            ("was killed", ["iree-compile was killed by SIGKILL"]),
        )
    ),
    Case(
        "an iree-compile that must not be run",
        ["IREE_COMPILE=", "no such tool"],
        f"{BUILD} iree_compile={{folder}}/bin/iree-compile",
        {"bin/iree-compile": "exec true\n"},
        good=BUILD,
    ),
    # QEMU.
    Case(
        "no QEMU",
        ["no qemu-system-arm on the search path", "sudo apt-get install qemu-system-arm"],
        BUILD + " run",
        around=without("qemu-system-arm"),
    ),
    *(
        fake("qemu-system-arm", how, ["board mps2-an386", "qemu-system-arm", *said], BUILD + " run")
        for how, said in (
            ("is no program", ["Exec format error"]),
            ("has an interpreter that is not there", []),
        )
    ),
    *(
        fake("qemu-system-arm", how, ["multiply.elf"], BUILD + " run")
        for how in ("ends with 1", "ends with 1 and says why", "kills itself", "was killed")
    ),
    *(
        fake("qemu-system-arm", how, ["the board stopped before its first answer"], "board=mps2-an386 model=model.mlir run")
        for how in ("does nothing", "says anything")
    ),
    Case(
        "a QEMU that is too old",
        ["the emulator failed", "mps2-an386"],
        BUILD + " run",
        around=program("#!/bin/sh\necho 'qemu-system-arm: unsupported machine type: mps2-an386' >&2\nexit 1\n")(
            "qemu-system-arm"
        ),
    ),
    Case(
        "a QEMU that never ends",
        ["did not end within 2.0 s"],
        BUILD + " run",
        {"SConstruct": lambda good: good.replace(b"if GetOption", b'env["IREE_TIMEOUT"] = 2\nif GetOption', 1)},
        around=program("#!/bin/sh\nexec sleep 60\n")("qemu-system-arm"),
    ),
    # Where things are.
    Case("no home", [], BUILD + " run", environment={"HOME": None}, works=True),
    Case("a home that is not there", [], BUILD + " run", environment={"HOME": "/nowhere"}, works=True),
    Case("a language that the machine lacks", [], BUILD + " run", environment={"LC_ALL": "xx_YY.UTF-8"}, works=True),
    Case("no language", [], BUILD + " run", environment={"LC_ALL": "C"}, works=True),
    Case(
        "a folder of temporary files that is not there",
        ["iree-compile crashed (exit code 1)", "failed to generate temporary file"],
        BUILD + " run",
        environment={"TMPDIR": "/nowhere"},
    ),
    Case(
        "PYTHONPATH with a module of our name",
        [],
        BUILD,
        {"other/errors.py": "raise SystemExit(9)\n", "other/board.py": "raise SystemExit(9)\n"},
        environment={"PYTHONPATH": "{folder}/other"},
        works=True,
    ),
    Case("a project that must not be written", ["build: Permission denied"], BUILD, around=folder_mode(".", 0o555)),
    Case("a build folder that must not be written", ["build", "ermission"], BUILD, around=folder_mode("build", 0o555)),
    Case(
        "a board's folder that must not be written",
        ["build/mps2-an386", "ermission"],
        BUILD,
        around=folder_mode("build/mps2-an386/multiply", 0o555),
    ),
    Case("a file where the build folder goes", ["build is a file; it is the folder for results"], BUILD, around=file_named_build),
    Case(
        "a cache that must not be written", ["cache="], BUILD + " cache=shared", around=folder_mode("shared", 0o555), good=BUILD
    ),
    Case("a sample that must not be read", ["'sample': 'multiply'"], BUILD, around=folder_mode("samples/multiply", 0o000)),
    Case("a sample behind a symbolic link", [], BUILD + " run verify", around=linked, works=True),
    Case(
        "a checkout of the tool in a folder with blanks",
        [],
        f'-C "a b/ü" {BUILD} run verify',
        around=in_folder("a b/ü", moved=True),
        works=True,
    ),
    Case(
        "a checkout of the tool in a folder with a quote",
        [],
        f'-C "it\'s" {BUILD} run verify',
        around=in_folder("it's", moved=True),
        works=True,
    ),
    *(odd(name) for name in ODD),
    *(
        odd_model(name)
        for name in ("with blanks", "it's", "größe", "日本", "a,b", "a;b", "a&b", "a$b", "-dash", "2nets", "for", "model.v2")
    ),
]
