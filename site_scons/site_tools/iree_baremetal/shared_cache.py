"""Whether a folder of shared results can be trusted: what is taken from it ends in firmware."""

import os
import stat
from pathlib import Path

from .errors import BaremetalError


def require_trusted(folder):
    """`BaremetalError` where the folder belongs to neither this user nor root, or everybody may write to it.

    A folder that is not there yet is trusted: this user will make it.
    """
    folder = Path(folder)
    if not hasattr(os, "getuid") or not folder.exists():
        return
    state = folder.stat()
    if state.st_uid not in (os.getuid(), 0):
        what = f"it belongs to another user, number {state.st_uid}"
    elif stat.S_IMODE(state.st_mode) & stat.S_IWOTH:
        what = f"everybody may write to it; close it with chmod o-w {folder}"
    else:
        return
    raise BaremetalError(
        f"cache={folder} is not trusted: {what}. Whoever writes to it decides what firmware is made of. "
        "Name another folder, or say trust_cache=1."
    )
