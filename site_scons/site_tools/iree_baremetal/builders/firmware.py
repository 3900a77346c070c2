"""IreeFirmware: an application and its models become a program for the board.

    elf, binary, hex, map = env.IreeFirmware("digits", ["main.c", model])

The board's support code (startup, console, counter) and linker script are added. On the host board
the result is an executable and its map only. Linking ends with the memory in use; where a region,
or the declared stack, is too small, with the memory report and an error.
"""

import sys
from pathlib import Path

import SCons.Builder
import SCons.Scanner.Prog

from .. import fitting, image, link_map, linker_script
from ..errors import BaremetalError
from .action import fail, message_action, run_tool, tool_action


def support_objects(env):
    """The objects of the board's support code, compiled into the current build folder."""
    board, here = env["IREE_BOARD_DATA"], env.Dir(".")
    folders = [env.Dir(str(path)) for path in board.include_paths]
    objects = []
    for path in board.source_files:
        objects += env.Object(here.File(f"support/{path.stem}.o"), env.File(str(path)), CPPPATH=[*env.get("CPPPATH", []), *folders])
    return objects


def _write_script(target, source, env):
    Path(target[0].get_abspath()).write_text(source[0].get_text_contents())


def linker_script_node(env):
    """The board's linker script: its own file, or one made from its regions."""
    board = env["IREE_BOARD_DATA"]
    if board.linker_script_file:
        return env.File(str(board.linker_script_file))
    script = env.Value(linker_script.text(board))
    return env.Command(f"support/{board.name}.ld", script, message_action(_write_script, "script $TARGET"))[0]


def _link(target, source, env):
    """Links, and holds the result against the board's memory."""
    board = env["IREE_BOARD_DATA"]
    status, messages = run_tool("LINKCOM", target, source, env)
    if status and not link_map.overflows(messages):
        fail(target, messages)
    if status:
        # The same link, told to go on, gives a report; its result must never be taken for firmware.
        run_tool("LINKCOM", target, source, env.Override({"LINKFLAGS": [*env["LINKFLAGS"], "-Wl,--noinhibit-exec"]}))
    elif messages:
        print(messages)
    if board.is_host:
        return
    try:
        report = image.report(target[0].get_abspath(), target[1].get_abspath(), board)
    except BaremetalError as error:
        fail(target, f"{messages}\n{error}")
    if report.over_budget() or status:
        print(report.text(color=sys.stdout.isatty()))
        others = fitting.boards_for(report, board, env.get("IREE_BOARDS_PATH", []))
        hint = [f"It would fit: {', '.join(others)}."] if others else []
        fail(target, "\n".join([*(report.over_budget() or [messages]), *hint]))
    used = [f"{u.region} {u.used:,} of {u.size:,} bytes ({100 * u.used / u.size:.1f}%)" for u in report.usages if u.used]
    print(f"{target[0].name}: {', '.join(used)}")


def iree_firmware(env, name, sources):
    """The pseudo-builder env.IreeFirmware(name, sources). See the module."""
    board, base, own = env["IREE_BOARD_DATA"], env.File(name), env.Clone()
    own.Append(LINKFLAGS=["-Wl,-Map=${TARGETS[1]}"])
    depends = []
    if not board.is_host:
        depends = [linker_script_node(env)]
        own.Append(LINKFLAGS=["-T", depends[0]])
    targets = [base.dir.File(base.name + suffix) for suffix in (env.subst("$PROGSUFFIX"), ".map")]
    elf, map_file = own.IreeLink(targets, [sources, support_objects(env)])
    env.Depends(elf, depends)
    images = []
    if not board.is_host:
        for suffix, form in ((".bin", "binary"), (".hex", "ihex")):
            target = base.dir.File(base.name + suffix)
            images += env.Command(target, elf, tool_action("IREE_OBJCOPYCOM"), IREE_IMAGEFORMAT=form)
    return [elf, *images, map_file]


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_OBJCOPYCOM="$OBJCOPY -O $IREE_IMAGEFORMAT $SOURCE $TARGET")
    env["BUILDERS"]["IreeLink"] = SCons.Builder.Builder(
        action=tool_action("LINKCOM", ["IREE_BAREMETAL_DIGEST"], _link),
        src_suffix="$OBJSUFFIX",
        src_builder="Object",
        target_scanner=SCons.Scanner.Prog.ProgramScanner(),
    )
    env.AddMethod(iree_firmware, "IreeFirmware")
