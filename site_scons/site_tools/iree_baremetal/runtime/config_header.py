"""The one configuration header of a runtime: all of its macros, with no quoting on command lines.

It is force-included (``-include``) into upstream's sources, our glue and the generated code, so
that all of them agree on it.
"""

import re

from ..errors import BaremetalError

_HEAD = """\
// Configuration of the IREE runtime, generated: change the board's file or the options instead.
#ifndef IREE_BAREMETAL_CONFIG_H_
#define IREE_BAREMETAL_CONFIG_H_

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

"""
# newlib's nano variant leaves out the 64-bit formats where its int64_t is 'long long'.
_FORMATS = "".join(
    f'#ifndef {kind}{letter}64\n#define {kind}{letter}64 "ll{letter}"\n#endif\n'
    for kind, letters in (("PRI", "diouxX"), ("SCN", "dioux"))
    for letter in letters
)


def text(macros, defines=()):
    """The header's text.

    macros: name to text, see `options.macros`; defines: "NAME=text" or "NAME", from the libraries.
    `BaremetalError` where two of them disagree or a wait function is not a function's name.
    """
    given = dict(macros)
    for define in defines:
        name, _, value = define.partition("=")
        if given.setdefault(name, value or "1") != (value or "1"):
            raise BaremetalError(f"{name} is {given[name]} in the options and {value} in IREE's own build: leave it out.")
    wait = given.get("IREE_WAIT_UNTIL_FN", "iree_baremetal_wait_until")
    if not re.fullmatch(r"[A-Za-z_]\w*", wait):
        raise BaremetalError(f"IREE_WAIT_UNTIL_FN={wait}: give the name of a function bool(uint64_t ns).")
    lines = [f"#define {name} {value}".rstrip() + "\n" for name, value in sorted(given.items())]
    return _HEAD + "".join(lines) + f"\nbool {wait}(uint64_t deadline_ns);\n\n" + _FORMATS + "\n#endif\n"
