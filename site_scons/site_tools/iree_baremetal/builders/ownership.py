"""Whose compiler an environment has: ours, with all the flags of the board, or the caller's.

Asked when the tool is loaded, and again when a builder needs it: the caller may set CC before or later, leave
it to another tool, or to Environment(CC=…), which puts its values back after its tools have run. A compiler of
the caller's is left alone with all its flags; what ours had set by then is taken back.
"""

import copy
import os
import re

import SCons.Errors

from . import loading

_HOSTS = re.compile(r"(gcc|cc|clang)(-[0-9.]+)?")
_TARGET = re.compile(r"--?target\b")
_NO_FLAGS = ("BUILDERS", "ENV", "SCANNERS", "TOOLS")  # of which to have more hurts nobody
_ABSENT = object()


class Ours:
    """What the tool has set for a compiler of its own: variable -> value before, value then."""

    def __init__(self, before, env):
        now = env.Dictionary()
        names = [name for name in now if name not in _NO_FLAGS and not name.lstrip("_").startswith(("IREE", "COMPILATIONDB"))]
        self.changed = {name: (before.get(name, _ABSENT), copy.copy(now[name])) for name in names}
        self.changed = {name: (old, ours) for name, (old, ours) in self.changed.items() if old is not ours and old != ours}

    def is_alone(self):
        """Whether there was no compiler before."""
        return self.changed["CC"][0] is _ABSENT

    def take_back(self, env):
        """Gives env what it had before; what the caller has set since then stays."""
        for name, (old, ours) in self.changed.items():
            now = env.get(name, _ABSENT)
            if now == ours and old is _ABSENT:
                del env[name]
            elif now == ours:
                env[name] = old
            elif isinstance(now, dict) and isinstance(ours, dict):
                env[name] = {key: value for key, value in now.items() if key not in ours}
            elif hasattr(now, "remove") and not isinstance(ours, str):
                _remove(now, _added([] if old is _ABSENT else old, ours))
                if old is _ABSENT and not now:
                    del env[name]


def snapshot(env):
    """The variables of env, for `Ours`."""
    return {name: copy.copy(value) for name, value in env.Dictionary().items() if name not in _NO_FLAGS}


def _added(old, ours):
    """The elements of ours beside those of old, which may be a single one."""
    added = list(ours.items() if isinstance(ours, dict) else ours)  # as SCons appends to a dict, by its items
    _remove(added, [old] if isinstance(old, (str, dict)) else old)
    return added


def _remove(elements, gone):
    for element in gone:
        if element in elements:
            elements.remove(element)


def _words(env, command):
    return [str(word) for word in env.subst_list(command)[0]]


def _is_hosts(env, command):
    """Whether command compiles for this machine: a GCC or clang by its plain name, without another target."""
    words = _words(env, command)
    if not words or not _HOSTS.fullmatch(os.path.basename(words[0]).removesuffix(".exe")):
        return False
    return not any(_TARGET.match(word) for word in words[1:] + _words(env, "$CCFLAGS $CFLAGS"))


def wanted(env, board):
    """Whether to set up ours as the tool is loaded: the caller has no compiler, or only what finds itself on any machine."""
    if "PIOENV" in env:  # PlatformIO's environment gets its compiler late
        return False
    command = loading.to_come(env).get("CC", env.get("CC"))
    if command is None:
        return True
    return not board.is_host and _is_hosts(env, command) and not os.path.basename(_words(env, command)[0]).startswith("clang")


def settle(env):
    """Decides whose compiler it is, now that a builder needs it; a `UserError` where it is for no board."""
    board, ours, command = env["IREE_BOARD_DATA"], env.get("IREE_OWN_TOOLCHAIN"), env.subst("$CC")
    if board.vmfb_only:
        return
    name = (board.part or board).name
    if ours and command != str(ours.changed["CC"][1]):
        if not ours.is_alone():
            ours.take_back(env)
            del env["IREE_OWN_TOOLCHAIN"]
        elif os.path.basename(command) != os.path.basename(str(ours.changed["CC"][1])):  # else the same, kept elsewhere
            raise SCons.Errors.UserError(
                f"CC={command}: this environment has the compiler and the flags for board {name}. To bring a compiler with "
                f"flags of your own, load the tool when all that is set: env.Tool('iree_baremetal', board='{name}')."
            )
    if not env.get("IREE_OWN_TOOLCHAIN") and not board.is_host and _is_hosts(env, "$CC"):
        raise SCons.Errors.UserError(
            f"CC={command} compiles for this machine, not for board {name}. Load the tool when the environment has its cross "
            f"compiler: env.Tool('iree_baremetal', board='{name}') after it is complete, with PlatformIO in a script post:…; "
            "clang needs --target=… in CCFLAGS."
        )
