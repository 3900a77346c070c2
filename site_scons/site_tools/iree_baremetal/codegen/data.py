"""Arrays of an .npz file as constant C arrays, so that test data can live in flash.

    python -m iree_baremetal.codegen.data held_out.npz build/held_out.c

writes held_out.c and, beside it, held_out.h:

    #define HELD_OUT_IMAGE_COUNT 150
    #define HELD_OUT_IMAGE_SIZE 64
    extern const uint8_t held_out_image[HELD_OUT_IMAGE_COUNT][HELD_OUT_IMAGE_SIZE];
"""

import argparse
import re
import sys
from pathlib import Path

import numpy as np

from .. import npz
from ..errors import BaremetalError

# dtype -> C type and the suffix of its literals.
_C_TYPES = {
    **{f"{kind}{bits}": (f"{kind}{bits}_t", suffix)
       for kind, suffixes in (("int", ("", "", "", "LL")), ("uint", ("", "", "U", "ULL")))
       for bits, suffix in zip((8, 16, 32, 64), suffixes)},
    "bool": ("uint8_t", ""),
    "float32": ("float", "f"),
    "float64": ("double", ""),
}  # fmt: skip
_A_LINE = 16


def c_arrays(npz_path, name):
    """(header text, source text) with one C array for each array of the .npz file.

    Array ``key`` becomes ``<name>_<key>``, of the same element type: ``[COUNT]`` if it has one
    dimension, else ``[COUNT][SIZE]``, the trailing dimensions flattened. Keys come in the
    file's order. `BaremetalError` if the file cannot be read or C cannot hold an array of it.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise BaremetalError(f"'{name}' is no C identifier: give the output another file name.")
    header, source = [], []
    for key, array in _load(npz_path).items():
        declaration, macros = _declare(npz_path, name, key, array)
        header += [*macros, f"extern {declaration};", ""]
        source += ["", f"{declaration} = {{", *_initializer(array), "};"]
    origin = f"// Made from {Path(npz_path).name} by iree_baremetal.codegen.data; do not edit."
    guard = f"{name.upper()}_H_"
    header = [origin, f"#ifndef {guard}", f"#define {guard}", "", "#include <stdint.h>", "", *header, f"#endif  // {guard}"]
    source = [origin, f'#include "{name}.h"', *source]
    return "\n".join(header) + "\n", "\n".join(source) + "\n"


def _load(path):
    found = npz.load(path)
    if not found:
        raise BaremetalError(f"{path}: holds no array.")
    return found


def _declare(path, name, key, array):
    """(declaration, macros) of one array."""
    if not re.fullmatch(r"\w+", key, re.ASCII):
        raise BaremetalError(f"{path}: array '{key}': its name cannot be part of a C identifier; rename it.")
    if array.dtype.name not in _C_TYPES:
        known = ", ".join(_C_TYPES)
        raise BaremetalError(f"{path}: array '{key}' is of type {array.dtype}; convert it to one of {known}.")
    if not array.size:
        raise BaremetalError(f"{path}: array '{key}' of shape {array.shape} is empty; leave it out.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise BaremetalError(f"{path}: array '{key}' has elements that are NaN or infinite; C has no literal for them.")
    symbol = f"{name}_{key}"
    sizes = {f"{symbol.upper()}_COUNT": len(np.atleast_1d(array))}
    if array.ndim > 1:
        sizes[f"{symbol.upper()}_SIZE"] = array.size // len(array)
    extents = "".join(f"[{macro}]" for macro in sizes)
    macros = [f"#define {macro} {value}" for macro, value in sizes.items()]
    return f"const {_C_TYPES[array.dtype.name][0]} {symbol}{extents}", macros


def _initializer(array):
    """Lines of the initializer; rows in braces where the array has more than one dimension."""
    if array.ndim < 2:
        return _lines(np.atleast_1d(array), "    ")
    lines = []
    for row in array.reshape(len(array), -1):
        lines += ["    {", *_lines(row, "        "), "    },"]
    return lines


def _lines(values, indent):
    words = [_literal(value) for value in values]
    return [indent + ", ".join(words[i : i + _A_LINE]) + "," for i in range(0, len(words), _A_LINE)]


def _literal(value):
    suffix = _C_TYPES[value.dtype.name][1]
    if value.dtype == np.int64 and value == np.iinfo(np.int64).min:
        return "INT64_MIN"  # its digits alone overflow before the minus applies
    if value.dtype == np.bool_:
        return str(int(value))
    return f"{value}{suffix}"


def main(arguments=None):
    """The command line; the exit code: 0, or 2 after a line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m iree_baremetal.codegen.data", description=__doc__.splitlines()[0])
    parser.add_argument("npz", type=Path, help="the arrays")
    parser.add_argument("source", type=Path, help="the .c file to write; its .h goes beside it")
    options = parser.parse_args(arguments)
    try:
        if options.source.suffix != ".c":
            raise BaremetalError(f"{options.source}: the output must end in .c; the .h is written beside it.")
        header, source = c_arrays(options.npz, options.source.stem)
        options.source.with_suffix(".h").write_text(header)
        options.source.write_text(source)
    except (BaremetalError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
