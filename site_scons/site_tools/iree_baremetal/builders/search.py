"""Where board files are looked for: boards_path=, then boards/ of the user's project, then ours."""

import os

from .. import board as boards


def path(env):
    """The folders of further boards, absolute, the first to be looked into first."""
    folders = [env.Dir(str(folder)).get_abspath() for folder in env.get("IREE_BOARDS_PATH", [])]
    own = env.Dir("#boards").get_abspath()
    if os.path.isdir(own) and not (boards.BUILTIN and os.path.samefile(own, boards.BUILTIN)):
        folders.append(own)
    return folders
