"""The timing tables, one file a core; `of` finds that of a board."""

import importlib

# LLVM's name of the core -> the module with its table.
_TABLES = {
    "cortex-m0": "cortex_m0",
    "cortex-m0plus": "cortex_m0plus",
    "cortex-m3": "cortex_m3",
    "cortex-m4": "cortex_m4",
    "cortex-m33": "cortex_m33",
}


def of(cpu):
    """The `table.Core` of LLVM's core cpu, or None where there is no table."""
    name = _TABLES.get(cpu)
    return importlib.import_module(f".{name}", __name__).CORE if name else None
