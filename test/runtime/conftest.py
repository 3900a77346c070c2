"""A tiny tree with the shape of IREE's, and the real one where there is one."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

_LIBRARY = """
iree_cc_library(
  NAME
    {name}
  HDRS
    "{name}.h"
  SRCS
    {sources}
  DEPS
    {deps}
  PUBLIC
)
"""


def library(name, sources=(), deps=()):
    """The text of a rule as upstream writes it."""
    return _LIBRARY.format(name=name, sources="\n    ".join(f'"{s}"' for s in sources), deps="\n    ".join(deps))


FILES = {
    "runtime/src/iree/CMakeLists.txt": "iree_add_all_subdirs()\n",
    "runtime/src/iree/base/CMakeLists.txt": library("base", ["base.c"])
    + 'iree_cc_test(\n  NAME\n    base_test\n  SRCS\n    "base_test.cc"\n)\n',
    "runtime/src/iree/hal/CMakeLists.txt": library("hal", ["hal.c"], ["iree::base"]),
    "runtime/src/iree/hal/drivers/local_sync/CMakeLists.txt": library("sync_driver", ["sync.c"], ["iree::hal"]),
    "runtime/src/iree/hal/local/loaders/CMakeLists.txt": library("static_library_loader", ["static.c"])
    + "if(IREE_HAL_EXECUTABLE_LOADER_EMBEDDED_ELF)\n"
    + library("embedded_elf_loader", ["elf.c"])
    + "endif()\nif(IREE_HAL_EXECUTABLE_LOADER_VMVX_MODULE)\n"
    + library("vmvx_module_loader", ["vmvx.c"])
    + "endif()\n",
    "runtime/src/iree/modules/hal/CMakeLists.txt": library("hal", ["module.c"], ["iree::hal", "iree::vm"]),
    "runtime/src/iree/modules/hal/inline/CMakeLists.txt": library("inline", ["module.c"], ["iree::hal", "iree::vm"]),
    "runtime/src/iree/modules/hal/loader/CMakeLists.txt": library("loader", ["module.c"], ["iree::hal", "iree::vm"]),
    "runtime/src/iree/schemas/CMakeLists.txt": """
flatbuffer_c_library(
  NAME
    module_def_c_fbs
  SRCS
    "module_def.fbs"
  FLATCC_ARGS
    "--reader"
    "--verifier"
  PUBLIC
)
""",
    "runtime/src/iree/vm/CMakeLists.txt": library("vm", (), ["::impl"])
    + library("impl", ["vm.c"], ["iree::base"])
    + library("ops")
    + library("ops_emitc")
    + library("shims_emitc"),
    "runtime/src/iree/vm/bytecode/CMakeLists.txt": """
iree_genrule(
  NAME
    table_gen
  SRCS
    "${PROJECT_SOURCE_DIR}/build_tools/scripts/table.py"
    "isa.json"
  OUTS
    table.c
    table.h
  CMD
    "python3 $(rootpath //build_tools/scripts:table.py) --in $(rootpath isa.json) --out $(execpath table.c)"
)
"""
    + library("module", ["module.c", "table.c"], ["flatcc::parsing", "iree::schemas::module_def_c_fbs"]),
    "build_tools/scripts/table.py": "import sys\nopen(sys.argv[4], 'w').write(open(sys.argv[2]).read())\n",
    "runtime/src/iree/vm/bytecode/isa.json": "{}\n",
    "build_tools/third_party/flatcc/CMakeLists.txt": """
set(FLATCC_ROOT "${IREE_ROOT_DIR}/third_party/flatcc/")
external_cc_library(
  PACKAGE
    flatcc
  NAME
    parsing
  ROOT
    ${FLATCC_ROOT}
  SYSTEM_INCLUDES
    "${FLATCC_ROOT}/include"
  SRCS
    "src/verifier.c"
  COPTS
    "-DVERIFY=1"
)
""",
}
SUBMODULE = {"third_party/flatcc/src/verifier.c": "", "third_party/flatcc/include/flatcc/flatcc.h": ""}


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def tree(tmp_path):
    """A folder with the tree; every source that its files name exists, but those to generate."""
    root = tmp_path / "iree"
    write(root, FILES | SUBMODULE)
    names = {
        "base": ["base.c", "base.h"],
        "hal": ["hal.c", "hal.h"],
        "hal/drivers/local_sync": ["sync.c", "sync_driver.h"],
        "hal/local/loaders": [f"{n}{e}" for n in ("static", "elf", "vmvx") for e in (".c",)]
        + ["static_library_loader.h", "embedded_elf_loader.h", "vmvx_module_loader.h"],
        "modules/hal": ["module.c", "hal.h"],
        "modules/hal/inline": ["module.c", "inline.h"],
        "modules/hal/loader": ["module.c", "loader.h"],
        "schemas": ["module_def.fbs"],
        "vm": ["vm.c", "vm.h", "impl.h", "ops.h", "ops_emitc.h", "shims_emitc.h"],
        "vm/bytecode": ["module.c", "module.h"],
    }
    write(root, {f"runtime/src/iree/{folder}/{file}": "" for folder, files in names.items() for file in files})
    return root


@pytest.fixture
def board():
    """As much of a board as the runtime asks of one."""
    return SimpleNamespace(
        name="m4",
        triple="armv7em-none-unknown-eabihf",
        cpu="cortex-m4",
        cpu_features="",
        float_abi="hard",
        abi="",
        is_host=False,
        runtime_macros={},
    )


@pytest.fixture(scope="session")
def real_tree():
    """IREE's own source tree."""
    if not os.environ.get("IREE_SOURCE_DIR"):
        pytest.skip("needs IREE's source tree: set IREE_SOURCE_DIR")
    return Path(os.environ["IREE_SOURCE_DIR"])
