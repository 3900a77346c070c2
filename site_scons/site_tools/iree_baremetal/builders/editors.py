"""What editors want: a compilation database, tasks, something to debug.

    env.IreeCompileCommands("build/stm32f4")    scons compiledb

writes compile_commands.json into that folder, of all that is compiled into it, and merges it into the
one of the top folder, where those of other boards stay.
"""

import os

import SCons.Errors

from ..editors import compile_commands
from .action import message_action
from .targets import always


def _complete(target, source, env):
    path, top = source[0].get_abspath(), env.File("#compile_commands.json").get_abspath()
    launcher, search = env.subst("$IREE_LAUNCHER"), env["ENV"].get("PATH")
    entries = compile_commands.complete(compile_commands.read(path), search, launcher)
    compile_commands.write(path, entries)
    compile_commands.write(top, compile_commands.merge(compile_commands.read(top), entries))


def iree_compile_commands(env, folder="."):
    """The pseudo-builder env.IreeCompileCommands(folder="."). See the module."""
    if "CompilationDatabase" not in env["BUILDERS"]:
        raise SCons.Errors.UserError(
            "IreeCompileCommands: nothing was recorded of what this environment compiles. "
            "Load SCons's tool compilation_db with its compiler: Environment(tools=[…, 'compilation_db'])."
        )
    folder = env.Dir(folder)
    found = env.CompilationDatabase(
        folder.File("compile_commands.json"),
        COMPILATIONDB_PATH_FILTER=os.path.join(folder.get_internal_path(), "*"),
        COMPILATIONDB_COMSTR="commands $TARGET",
    )
    return always(env, "compiledb", found, message_action(_complete, "commands compile_commands.json"))


def add(env):
    """Adds the pseudo-builders to env."""
    env.AddMethod(iree_compile_commands, "IreeCompileCommands")
