"""IreeFirmware: an application and its models become a program for the board.

    elf, binary, hex, map = env.IreeFirmware("digits", ["main.c", model])

The board's support code (startup, console, counter) and linker script are added. On the host board
the result is an executable and its map only. Linking ends with the memory report, and with an
error where a region, or the declared stack, is too small.

IreeData turns an .npz into a C source and header with one constant array for each of its arrays.
"""

import os

import SCons.Action
import SCons.Builder
import SCons.Errors

from .. import linker_script
from ..codegen import data
from ..errors import BaremetalError
from .action import tool_action
from .model import SUPPORT


def _sources(env, board):
    """The board's own C files: of its folder, or of support/."""
    for name in board.sources:
        own = board.path.parent / name
        yield str(own) if own.exists() else os.path.join(SUPPORT, name)


def support_objects(env):
    """The objects of the board's support code, compiled into the current build folder."""
    board, here = env["IREE_BOARD_DATA"], env.Dir(".")
    objects = []
    for path in _sources(env, board):
        stem = os.path.splitext(os.path.basename(path))[0]
        objects += env.Object(here.File(f"support/{stem}.o"), env.File(path), CPPPATH=[*env.get("CPPPATH", []), env.Dir(SUPPORT)])
    return objects


def _write_script(target, source, env):
    with open(str(target[0]), "w") as stream:
        stream.write(source[0].get_text_contents())


def linker_script_node(env):
    """The board's linker script: its own file, or one made from its regions."""
    board = env["IREE_BOARD_DATA"]
    if board.linker_script:
        return env.File(str(board.path.parent / board.linker_script))
    script = env.Value(linker_script.text(board))
    return env.Command(f"support/{board.name}.ld", script, SCons.Action.Action(_write_script, "script $TARGET"))[0]


def _link(env, base, sources):
    """The ELF and its map."""
    board = env["IREE_BOARD_DATA"]
    own = env.Clone()
    elf = base.dir.File(base.name + env.subst("$PROGSUFFIX"))
    flags = ["-Wl,-Map=${TARGET.base}.map"]
    script = None
    if not board.is_host:
        script = linker_script_node(env)
        flags += ["-T", script]
    own.Append(LINKFLAGS=flags)
    # The map is a target of its own right, so that a deleted one is made again.
    own.Append(PROGEMITTER=[lambda target, source, env: ([target[0], base.dir.File(base.name + ".map")], source)])
    nodes = own.Program(elf, [sources, support_objects(env)])
    if script:
        env.Depends(nodes, script)
    return nodes


def iree_firmware(env, name, sources):
    """The pseudo-builder env.IreeFirmware(name, sources). See the module."""
    base = env.File(name)
    elf, map_file = _link(env, base, sources)
    nodes = [elf]
    if not env["IREE_BOARD_DATA"].is_host:
        for suffix, form in ((".bin", "binary"), (".hex", "ihex")):
            nodes += env.Command(base.dir.File(base.name + suffix), elf, tool_action("IREE_OBJCOPYCOM"), IREE_IMAGEFORMAT=form)
    return [*nodes, map_file]


def _write_data(target, source, env):
    try:
        header, text = data.c_arrays(str(source[0]), os.path.splitext(os.path.basename(str(target[0])))[0])
    except BaremetalError as error:
        raise SCons.Errors.BuildError(node=target[0], errstr=str(error), exitstatus=2) from error
    for node, content in zip(target, (text, header)):
        with open(str(node), "w") as stream:
            stream.write(content)


def _data_emitter(target, source, env):
    return [target[0], str(target[0])[:-2] + ".h"], source


def add(env):
    """Adds the pseudo-builders to env."""
    env.SetDefault(IREE_OBJCOPYCOM="$OBJCOPY -O $IREE_IMAGEFORMAT $SOURCE $TARGET")
    env["BUILDERS"]["IreeData"] = SCons.Builder.Builder(
        action=SCons.Action.Action(_write_data, "data $TARGET", varlist=["IREE_BAREMETAL_DIGEST"]),
        emitter=_data_emitter,
        suffix=".c",
        src_suffix=".npz",
        single_source=True,
    )
    env.AddMethod(iree_firmware, "IreeFirmware")
