"""Where the tool's own files are."""

import os

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SUPPORT = os.path.join(PACKAGE, "support")


def objects(env, folder, names, **overrides):
    """Objects of files of support/, below the build folder ``folder``."""
    result = []
    for name in names:
        stem = os.path.splitext(os.path.basename(name))[0]
        result += env.Object(folder.File(f"support/{stem}.o"), env.File(os.path.join(SUPPORT, name)), **overrides)
    return result
