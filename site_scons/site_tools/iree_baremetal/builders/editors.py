"""What editors want: a compilation database, tasks, something to debug.

    env.IreeCompileCommands("build/stm32f4")    scons compiledb
    env.IreeEditors(firmware)                   scons vscode, scons eclipse

The first writes compile_commands.json into that folder, of all that is compiled into it, and merges
it into the one of the top folder, where those of other boards stay; without a folder, of all that the
environment compiles into the top folder's alone. The second, with what
IreeFirmware or Program returned, sets up the editors for the board and options of this very call
(editors/vscode.py, editors/eclipse.py).
"""

import os
import sys

import SCons.Errors
import SCons.Node.Alias
import SCons.Script

from . import on_demand
from .action import message_action
from .firmware import emulated_firmware
from .targets import always

_DATABASE = "compile_commands.json"
_VERBS = ("run", "verify", "size", "flash")


def _complete(target, source, env):
    from ..editors import compile_commands

    path, top = source[0].get_abspath(), env.File(f"#{_DATABASE}").get_abspath()
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
    folder, top = env.Dir(folder), env.Dir("#")
    # Of the top folder itself, what SCons records is but a step towards what other boards' entries are in, too.
    name, below = (f".{_DATABASE}", "*") if folder is top else (_DATABASE, os.path.join(folder.get_internal_path(), "*"))
    found = env.CompilationDatabase(
        folder.File(name),
        COMPILATIONDB_PATH_FILTER=below,
        COMPILATIONDB_COMSTR="commands $TARGET",
    )
    on_demand.leave_out(env, folder, found)
    env["IREE_DATABASE"] = env.File(f"#{_DATABASE}") if folder is top else found[0]
    return always(env, "compiledb", found, message_action(_complete, f"commands {_DATABASE}"))


def _scons():
    """The words that call the SCons that is running."""
    program = os.path.abspath(sys.argv[0])
    if os.path.basename(program) == "__main__.py":
        return (sys.executable, "-m", "SCons")
    return (program,) if os.access(program, os.X_OK) else (sys.executable, program)


def _project(elf, emulated_elf, env):
    """The `Project` of this call of scons."""
    from ..device import debugger
    from ..editors.project import Project

    top, board = env.Dir("#").get_abspath(), env["IREE_BOARD_DATA"]
    database = env.get("IREE_DATABASE") or env.File(f"#{_DATABASE}")
    return Project(
        name=os.path.basename(top),
        wrapper=os.path.exists(os.path.join(top, "sconsw")),
        scons=_scons(),
        top=top,
        arguments=tuple(f"{name}={value}" for name, value in SCons.Script.ARGUMENTS.items()),
        board=board,
        emulated=board.emulated,
        elf=elf.get_internal_path(),
        emulated_elf=emulated_elf.get_internal_path(),
        database=database.get_internal_path(),
        gdb=debugger.gdb(board, env["ENV"].get("PATH")),
        verbs=tuple(verb for verb in _VERBS if SCons.Node.Alias.default_ans.lookup(verb)),
    )


def iree_editors(env, firmware):
    """The pseudo-builder env.IreeEditors(firmware). See the module."""
    _, emulated_elf, _ = emulated_firmware(env, firmware)
    elf = env.Flatten(firmware)[0]
    for name in ("vscode", "eclipse"):

        def write(target, source, env, name=name):
            from ..editors import eclipse, vscode

            editor = {"vscode": vscode, "eclipse": eclipse}[name]
            changed = editor.write(env.Dir("#").get_abspath(), _project(elf, emulated_elf, env))
            print(f"wrote {', '.join(changed)}" if changed else "all there; to have an entry written anew, remove it")

        # The firmware need not be built for it.
        alias = env.AlwaysBuild(env.Alias(f"{name}:{elf.get_internal_path()}", [], message_action(write, f"set up {name}")))
        env.AlwaysBuild(env.Alias(name, [*alias, *env.Alias("compiledb")]))


def add(env):
    """Adds the pseudo-builders to env."""
    env.AddMethod(iree_compile_commands, "IreeCompileCommands")
    env.AddMethod(iree_editors, "IreeEditors")
