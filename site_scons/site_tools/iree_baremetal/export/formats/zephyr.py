"""Zephyr: a module (docs.zephyrproject.org/latest/develop/modules.html)."""

from ..library import standard

TITLE = "Zephyr"

# Core -> its symbol in Zephyr's Kconfig.
_CORES = {
    "cortex-m0": "CPU_CORTEX_M0",
    "cortex-m0plus": "CPU_CORTEX_M0PLUS",
    "cortex-m3": "CPU_CORTEX_M3",
    "cortex-m4": "CPU_CORTEX_M4",
    "cortex-m7": "CPU_CORTEX_M7",
    "cortex-m33": "CPU_CORTEX_M33",
    "cortex-m55": "CPU_CORTEX_M55",
    "generic-rv32": "RISCV && !64BIT",
    "generic-rv64": "RISCV && 64BIT",
}


def refusal(board):
    return "" if board.cpu in _CORES else "no core of this name is known to Zephyr's Kconfig."


def _option(library):
    return f"IREE_{library.name.upper()}"


def _depends(library):
    needed = [_CORES[library.board.cpu]]
    needed += {"hard": ["FP_HARDABI"], "softfp": ["FPU", "!FP_HARDABI"], "soft": ["!FP_HARDABI"]}.get(library.float_abi, [])
    return " && ".join(needed)


def _kconfig(library):
    return f"""\
config {_option(library)}
	bool "The machine-learning model {library.name}"
	depends on {_depends(library)}
	help
	  {library.summary}.
	  Compiled for {library.machine_flags}.
"""


def _lists(library):
    sources = " ".join(f"${{IREE_{library.name}}}/src/{path.name}" for path in library.sources)
    folder = f"${{IREE_{library.name}}}"
    return f"""\
if(CONFIG_{_option(library)})
  set(IREE_{library.name} ${{CMAKE_CURRENT_LIST_DIR}}/..)
  zephyr_library_named(iree_{library.name})
  zephyr_library_sources({sources})
  zephyr_include_directories({folder}/include)
  zephyr_library_import(iree_{library.name}_kernels {folder}/lib/lib{library.link_name}.a)
endif()
"""


def files(library):
    module = f"name: {library.name}\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n"
    return {
        **standard(library),
        "zephyr/module.yml": module,
        "zephyr/CMakeLists.txt": _lists(library),
        "zephyr/Kconfig": _kconfig(library),
    }


def usage(library):
    needs = "`CONFIG_FPU=y` and `CONFIG_FP_HARDABI=y`, and " if library.float_abi == "hard" else ""
    return [
        "```cmake",
        f"list(APPEND EXTRA_ZEPHYR_MODULES ${{CMAKE_CURRENT_SOURCE_DIR}}/{library.name})  # before find_package(Zephyr)",
        "```",
        "",
        f"and in `prj.conf` {needs}`CONFIG_{_option(library)}=y`. Without these lines in CMakeLists.txt:",
        f"`west build … -- -DEXTRA_ZEPHYR_MODULES=$PWD/{library.name}`.",
        "",
        "The layout follows Zephyr's description of modules; it was not built with Zephyr.",
    ]
