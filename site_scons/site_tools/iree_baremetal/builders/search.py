"""Where board files are looked for: boards_path=, then boards/ of the user's project, then ours."""

import os

import SCons.Errors

from .. import board as boards


def path(env):
    """The folders of further boards, absolute, the first to be looked into first; a UserError for one that is none."""
    top = env.Dir("#").get_abspath()
    folders = [os.path.join(top, os.path.expanduser(env.subst(str(folder)))) for folder in env.get("IREE_BOARDS_PATH", [])]
    for folder in folders:
        if not os.path.isdir(folder):
            raise SCons.Errors.UserError(f"boards_path={folder}: there is no such folder.")
    own = env.Dir("#boards").get_abspath()
    if os.path.isdir(own) and not (boards.BUILTIN and os.path.samefile(own, boards.BUILTIN)):
        folders.append(own)
    return folders
