"""Where the tool's own files are, and objects of assembly that it generates."""

import os

from .action import tool_action

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SUPPORT = os.path.join(PACKAGE, "support")  # of our firmware: board.h
INTERFACE = os.path.join(SUPPORT, "include")  # of a model's header: all that other people's code sees of us
DIRECT = os.path.join(SUPPORT, "direct")  # of the source of a model with deploy=direct


def assemble(env, target, source, data):
    """The object of an assembler source that includes the file data; needs of env no more than a C compiler."""
    # Without flags for the assembler, those of C tell it of the machine.
    flags = "$ASPPFLAGS" if env.subst("$ASPPFLAGS") else ["$CFLAGS", "$CCFLAGS"]
    return env.Command(target, [source, data], tool_action("IREE_ASSEMBLECOM", ["CCVERSION"]), IREE_ASSEMBLEFLAGS=flags)


def add(env):
    """Adds the variables to env."""
    env.SetDefault(IREE_ASSEMBLECOM="$CC $IREE_ASSEMBLEFLAGS -I ${SOURCE.dir} -c -o $TARGET $SOURCE")
