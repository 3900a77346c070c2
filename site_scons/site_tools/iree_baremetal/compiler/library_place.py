"""Where the object of a program's kernels goes: the first call of iree-compile writes that into the program."""

import re

from iree.compiler import ir

from ..modules import operations

_FLAG = "--iree-llvmcpu-static-library-output-path="
_PLACE = re.compile(r'static_library_output = "[^"]*"')


def follow(module, command):
    """Has the kernels of a module go where command, iree-compile with its flags, says; how many places were changed."""
    path, changed = next(word.removeprefix(_FLAG) for word in reversed(command) if word.startswith(_FLAG)), 0
    for op in operations(module, "util.global"):
        if "initial_value" in op.attributes:
            text = str(op.attributes["initial_value"])
            moved = _PLACE.sub(lambda _: f"static_library_output = {ir.StringAttr.get(path)}", text)
            if moved != text:
                op.attributes["initial_value"] = ir.Attribute.parse(moved)
                changed += 1
    return changed
