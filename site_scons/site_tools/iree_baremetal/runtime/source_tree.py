"""Where IREE's source tree is, and whether it is one."""

import os
from pathlib import Path

from ..errors import BaremetalError
from ..files import user_cache

_MARK = Path("runtime/src/iree/base/CMakeLists.txt")
_FLATCC = Path("third_party/flatcc/include/flatcc")


def tag(version):
    """The release tag of a compiler's version: "3.13.0" and "3.13.0rc1" are "v3.13.0"."""
    return "v" + version.partition("rc")[0]


def find(given, version, environ=os.environ):
    """The path of the tree: given, or from IREE_SOURCE_DIR, or fetched for the compiler's version.

    `BaremetalError` where there is none (with the three ways to give one) or it is not usable.
    """
    fetched = user_cache(environ) / tag(version)
    for path, origin in (
        (given, "iree_source="),
        (environ.get("IREE_SOURCE_DIR"), "IREE_SOURCE_DIR"),
        (fetched if fetched.is_dir() else None, "scons fetch-iree"),
    ):
        if path:
            return check(Path(path).expanduser().absolute(), origin)
    raise BaremetalError(
        "this deployment needs IREE's source tree, and there is none. Either give one on the command line, "
        "iree_source=DIR; or in the environment, IREE_SOURCE_DIR=DIR; or run 'scons fetch-iree', which gets "
        f"release {tag(version)} into {fetched}. deploy=direct needs no tree."
    )


def check(root, origin):
    """root, if it is a source tree of IREE with flatcc. origin: who named it, for the message."""
    if not (root / _MARK).is_file():
        raise BaremetalError(f"{root} (from {origin}) is not a source tree of IREE: it has no {_MARK.as_posix()}.")
    if not (root / _FLATCC).is_dir():
        raise MissingSubmodule(root, "third_party/flatcc")
    return root


class MissingSubmodule(BaremetalError):
    """A submodule of the tree is not checked out. path: its place in the tree."""

    def __init__(self, root, path):
        self.path = path
        super().__init__(f"{root} lacks {path}. Get it: git -C {root} submodule update --init --depth 1 {path}")
