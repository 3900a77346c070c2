"""Mends the C that ``iree-compile --output-format=vm-c`` writes, where it releases too much.

A function of that C releases its reference arguments when it returns, but its callers in the same
file only lend them: after a call within the module (models from ONNX have one), objects are
released twice. Here callers pass a reference of the callee's own. Seen in 3.11.0 and 3.13.0.
"""

import re

_FUNCTION = re.compile(r"^static iree_status_t ([\w$]+)\(", re.MULTILINE)
_CALL = re.compile(r"^  v\d+ = ([\w$]+)\((.*)\);$")
_LENDS = re.compile(r"^  iree_vm_ref_assign\((v\d+), (v\d+)\);$")


def mend(text):
    """The text of a C module with the references right; other text stays as it is."""
    functions = {name for name in _FUNCTION.findall(text) if not name.endswith("_shim")}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        call = _CALL.match(line)
        if call and call[1] in functions:
            _own(lines, number, set(call[2].split(", ")))
    return "\n".join(lines)


def _own(lines, call, arguments):
    """Makes the assignments to arguments in the block before line `call` retain what they assign."""
    for number in range(call - 1, -1, -1):
        if lines[number].startswith("label") or lines[number].endswith("{"):
            return
        lends = _LENDS.match(lines[number])
        if lends and lends[2] in arguments:
            lines[number] = f"  iree_vm_ref_retain({lends[1]}, {lends[2]});"
