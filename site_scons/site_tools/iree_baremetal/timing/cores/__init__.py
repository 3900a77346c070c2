"""The timing tables, one file a core; `of` finds that of a board."""

import importlib

# LLVM's name of the core -> the module with its table.
_TABLES = {
    "cortex-m0": "cortex_m0",
    "cortex-m0plus": "cortex_m0plus",
    "cortex-m3": "cortex_m3",
    "cortex-m4": "cortex_m4",
    "cortex-m7": "cortex_m7",
    "cortex-m33": "cortex_m33",
    "cortex-m55": "cortex_m55",
    "cortex-m85": "cortex_m85",
    "generic-rv32": "rocket",
    "generic-rv64": "rocket",
}


def of(cpu, features=""):
    """The `table.Core` or `pipeline.Pipeline` of LLVM's core cpu with features, as in "+m,+f"; None where there is no table."""
    name = _TABLES.get(cpu)
    if name == "rocket" and "+zve" in features:  # its vectors are of another core's making
        return None
    return importlib.import_module(f".{name}", __name__).CORE if name else None
