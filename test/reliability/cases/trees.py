"""Source trees of IREE, and vendors' board support, that are not what they should be."""

import os

from corpus import ROOT, Case
from surroundings import without

STATIC = "board=stm32f4 deploy=static sample=multiply"
TREE = STATIC + " iree_source={folder}/tree"
BSP = "board=stm32f4 sample=multiply bsp="
GOOD = "board=stm32f4 sample=multiply"
NO_TREE = {"XDG_CACHE_HOME": "{folder}/home", "IREE_SOURCE_DIR": ""}
MARK = "tree/runtime/src/iree/base/CMakeLists.txt"
FLATCC = "tree/third_party/flatcc/include/flatcc/flatcc.h"
HELP = ["is not a source tree of IREE: it has no runtime/src/iree/base/CMakeLists.txt"]
OF_CMSIS = {
    f"cmsis/{p.relative_to(ROOT / 'test/bsp/cmsis')}": p.read_bytes()
    for p in sorted((ROOT / "test/bsp/cmsis").rglob("*"))
    if p.is_file()
}


def tree(name, says, files, command=TREE):
    return Case(name, says, command, files, good=GOOD)


def file(name, says, text):
    """A case of bsp=mine.py."""
    return Case(name, ["bsp={folder}/mine.py: " + says], BSP + "mine.py", {"mine.py": text}, good=GOOD)


def cmsis(name, says, **changes):
    """A case of the folder test/bsp/cmsis, without the files whose path holds a word."""
    kept = {path: content for path, content in OF_CMSIS.items() if not any(word in path for word in changes.get("without", []))}
    return Case(name, says, BSP + "cmsis", {**kept, **changes.get("files", {})}, good=GOOD)


CASES = [
    Case(
        "no tree",
        ["needs IREE's source tree", "iree_source=DIR", "IREE_SOURCE_DIR=DIR", "scons fetch-iree"],
        STATIC,
        environment=NO_TREE,
        good=GOOD,
    ),
    tree("a tree that is not there", HELP, {}),
    tree("a tree that is empty", HELP, {"tree/readme": ""}),
    tree("a tree that is a file", HELP, {"tree": "a file\n"}),
    tree("another project's tree", HELP, {"tree/CMakeLists.txt": "project(other)\n"}),
    Case(
        "a tree in the environment that is none",
        [*HELP, "(from IREE_SOURCE_DIR)"],
        STATIC,
        environment={**NO_TREE, "IREE_SOURCE_DIR": "{folder}/samples"},
        good=GOOD,
    ),
    tree(
        "a tree without its submodules",
        ["lacks third_party/flatcc. Get it: git -C {folder}/tree submodule update --init"],
        {MARK: ""},
    ),
    tree("a tree of a few files", ["needs the library iree::vm, which {folder}/tree does not describe"], {MARK: "", FLATCC: ""}),
    tree(
        "a tree with a CMakeLists.txt that is no text",
        ["{folder}/tree/runtime/src/iree", "cannot be read"],
        {
            MARK: b"\xff\xfe",
            FLATCC: "",
            **{
                f"tree/runtime/src/iree/{d}/CMakeLists.txt": b"\xff\xfe"
                for d in ("vm", "modules/hal", "hal/drivers/local_sync", "vm/bytecode", "hal")
            },
        },
    ),
    tree(
        "a tree with a CMakeLists.txt that ends too soon",
        ["{folder}/tree/runtime/src/iree", "CMakeLists.txt:1"],
        {
            MARK: "iree_cc_library(\n",
            FLATCC: "",
            **{
                f"tree/runtime/src/iree/{d}/CMakeLists.txt": "iree_cc_library(\n"
                for d in ("vm", "modules/hal", "hal/drivers/local_sync", "vm/bytecode", "hal")
            },
        },
    ),
    Case(
        "a fetch without git",
        ["fetch-iree needs git", "iree_source=DIR"],
        "fetch-iree",
        environment=NO_TREE,
        around=without("git"),
        good=GOOD,
    ),
    Case(
        "a fetch without a network",
        ["cannot fetch IREE", "By hand: ", "iree_source=DIR"],
        "fetch-iree",
        environment={
            **NO_TREE,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "url.file:///nowhere/.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/",
        },
        good=GOOD,
    ),
    # A vendor's board support.
    Case("a bsp= that is empty of all", ["no startup_stm32f407xx.s in it"], BSP + "home", good=GOOD),
    Case(
        "a bsp= for a board that says no device",
        ["Its file says nothing: add", 'device = {"cmsis": …}'],
        "board=mps2-an386 sample=multiply bsp=home",
    ),
    Case("a bsp= for a board that makes no firmware", ["board x86_64 runs no firmware"], "board=x86_64 sample=multiply bsp=home"),
    cmsis("CMSIS without its startup file", ["no startup_stm32f407xx.s in it"], without=["startup"]),
    cmsis("CMSIS without its system file", ["no system_stm32f407xx.c"], without=["system_"]),
    cmsis("CMSIS without its headers", ["no stm32f407xx.h"], without=["stm32f4xx.h", "stm32f407xx.h"]),
    cmsis(
        "CMSIS with a startup file that is none",
        ["startup_stm32f407xx"],
        files={next(p for p in OF_CMSIS if "/gcc/startup" in p): "this is no assembler\n"},
    ),
    cmsis(
        "CMSIS with a linker script that is none",
        ["STM32F407XX_FLASH.ld", "syntax error"],
        files={next(p for p in OF_CMSIS if p.endswith(".ld")): "this is no script {\n"},
    ),
    Case(
        "libopencm3 that was not built",
        ["Build it: make -C {folder}/ocm TARGETS=stm32/f4"],
        BSP + "ocm",
        {"ocm/include/libopencm3/x.h": ""},
        good=GOOD,
    ),
    Case(
        "libopencm3 with an archive that is none",
        ["libopencm3_stm32f4.a"],
        BSP + "ocm",
        {"ocm/include/libopencm3/x.h": "", "ocm/lib/libopencm3_stm32f4.a": "no archive\n"},
        good=GOOD,
    ),
    Case(
        "libopencm3 with an archive that is empty",
        ["reset_handler"],
        BSP + "ocm",
        {"ocm/include/libopencm3/x.h": "", "ocm/lib/libopencm3_stm32f4.a": "!<arch>\n"},
        good=GOOD,
    ),
    file("a file with a syntax error", "SyntaxError: ", "sources = [\n"),
    file("a file that raises", "line 1: ZeroDivisionError", "x = 1 / 0\n"),
    file("a file that ends Python", "line 1: SystemExit", "raise SystemExit(3)\n"),
    file("a file with a field that nobody knows", "unknown field 'source'. Fields: root, sources", "source = ['a.c']\n"),
    file("a file with sources that are no list", "sources is not a list of strings: 'a.c'", "sources = 'a.c'\n"),
    file("a file with sources that are no texts", "sources is not a list of strings: [4]", "sources = [4]\n"),
    file("a file with a root that is no text", "root is not a string: 4", "root = 4\n"),
    file("a file with defines that are no dictionary", "defines is not a dictionary", "defines = ['A']\n"),
    file("a file with sources that are not there", "it names {folder}/a.c, which is not there", "sources = ['a.c']\n"),
    file(
        "a file with a root that is not there",
        "it names {folder}/sdk/a.c, which is not there",
        "root = 'sdk'\nsources = ['a.c']\n",
    ),
    file(
        "a file with a linker script that is not there", "it names {folder}/a.ld, which is not there", "linker_script = 'a.ld'\n"
    ),
    Case("a file that names nothing", ["Reset_Handler"], BSP + "mine.py", {"mine.py": ""}, good=GOOD),
]

if os.environ.get("IREE_SOURCE_DIR"):  # a whole tree of IREE
    REAL = STATIC + f" iree_source={os.environ['IREE_SOURCE_DIR']}"
    CASES += [
        Case(
            "a runtime option that nobody knows",
            ["no option IREE_STATUS_MOD here. Did you mean IREE_STATUS_MODE?"],
            REAL + " runtime_options=IREE_STATUS_MOD=2",
            good=GOOD,
        ),
        Case(
            "a runtime option with another value",
            ["IREE_STATUS_MODE=7: say one of 0, 2, 3"],
            REAL + " runtime_options=IREE_STATUS_MODE=7",
            good=GOOD,
        ),
        Case("a runtime option without a value", ["IREE_STATUS_MODE="], REAL + " runtime_options=IREE_STATUS_MODE", good=GOOD),
        Case(
            "a runtime option that bare metal cannot have",
            ["cannot be 1 on bare metal"],
            REAL + " runtime_options=IREE_ENABLE_THREADING=1",
            good=GOOD,
        ),
        Case("a heap that is no size", ["heap=lots: not a size"], REAL + " heap=lots", good=GOOD),
        Case("a heap larger than the memory", ["board stm32f4: stack and heap", "exceed RAM"], REAL + " heap=1M", good=GOOD),
    ]
