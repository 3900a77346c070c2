"""Where the object of a program's kernels goes: the first call of iree-compile writes that into the program."""

import re

from iree.compiler import ir

from ..modules import edit_globals

_FLAG = "--iree-llvmcpu-static-library-output-path="
_PLACE = re.compile(r'static_library_output = "[^"]*"')


def follow(module, command):
    """Has the kernels of a module go where command, iree-compile with its flags, says; how many places were changed."""
    path = next(word.removeprefix(_FLAG) for word in reversed(command) if word.startswith(_FLAG))
    return edit_globals(module, lambda text: _PLACE.sub(lambda _: f"static_library_output = {ir.StringAttr.get(path)}", text))
