"""IreeFirmware: an application and its models become a program for the board.

    elf, binary, hex, map = env.IreeFirmware("digits", ["main.c", model])

The board's support code (startup, console, counter) and linker script are added. On the host board
the result is an executable and its map only. Linking ends with the memory in use; where a region,
or the declared stack, is too small, with the memory report and an error. Where another machine
stands in for the part (board/stand_in.py), the same objects are linked for that one, too: emulated/….
"""

import sys
from pathlib import Path

import SCons.Builder
import SCons.Errors
import SCons.Scanner.Prog
from SCons.Defaults import processDefines

from ..board import linker_script, startup_parts
from ..device import boot_stub
from ..errors import BaremetalError
from . import budget, ownership, placement, running, search
from .action import fail, message_action, run_tool, tool_action


def emulated(env):
    """env for what is run: env itself or, where the board has a stand-in and does not run itself, a clone for that."""
    board = env["IREE_BOARD_DATA"]
    if board.emulated in (board, None) or running.on_part(env):
        return env
    of, twin = env.get("IREE_EMULATED", (None, None))
    if of is env:  # one for all that are built in env, lest two environments make the same file
        return twin
    kept = [d for d in processDefines(env.get("CPPDEFINES", [])) if d.split("=")[0] not in board.defines]
    ours = [f"{name}={value}" for name, value in board.emulated.defines.items()]
    twin = env.Clone(IREE_BOARD_DATA=board.emulated, IREE_SUPPORTDEFINES=kept + ours)
    env["IREE_EMULATED"] = env, twin
    return twin


def _once(env, kind, folder, make):
    """What make() returns for env's board, made once in folder: to SCons, a clone of an environment is another one."""
    board, made = env["IREE_BOARD_DATA"], folder.attributes.__dict__.setdefault("iree_made", {})
    if made.get(kind, (None, None))[0] != board:
        made[kind] = board, make()
    return made[kind][1]


def support_objects(env):
    """The objects of the board's support code, compiled into IREE_SUPPORTDIR: once for env and IREE_SUPPORTOF."""
    env = env.get("IREE_SUPPORTOF", env)
    here = env.Dir(env["IREE_SUPPORTDIR"]).Dir("emulated" if env["IREE_BOARD_DATA"].part else ".")
    return _once(env, "support", here, lambda: _support_objects(env, here))


def _support_objects(env, here):
    board = env["IREE_BOARD_DATA"]
    own = {"CPPPATH": [*env.get("CPPPATH", []), *(env.Dir(str(path)) for path in board.include_paths)]}
    if "IREE_SUPPORTDEFINES" in env:
        own["CPPDEFINES"] = env["IREE_SUPPORTDEFINES"]
    objects = []
    for path in board.source_files:
        objects += env.Object(here.File(f"support/{path.stem}.o"), env.File(str(path)), **own)
    parts = startup_parts.text(board)
    if parts:
        source = env.Command(here.File("support/startup_parts.c"), env.Value(parts), message_action(_write_text, "parts $TARGET"))
        objects += env.Object(here.File("support/startup_parts.o"), source, **own)
    return objects


def _write_text(target, source, env):
    Path(target[0].get_abspath()).write_text(source[0].get_text_contents())


def linker_script_node(env):
    """The board's linker script: its own file, or one made from its regions."""
    board = env["IREE_BOARD_DATA"]
    if board.linker_script_file:
        return env.File(str(board.linker_script_file))
    name, script = f"support/{board.name.replace('@', '_on_')}.ld", env.Value(linker_script.text(board))
    here = env.Dir(env["IREE_SUPPORTDIR"])
    return _once(env, name, here, lambda: env.Command(here.File(name), script, message_action(_write_text, "script $TARGET"))[0])


def support_nodes(env):
    """All that is made of the support code for env's board; a firmware depends on it."""
    if env["IREE_BOARD_DATA"].is_host or env["IREE_BOARD_DATA"].linker_script_file:
        return support_objects(env)
    return [*support_objects(env), linker_script_node(env.get("IREE_SUPPORTOF", env))]


def _link(target, source, env):
    """Links, and holds the result against the board's memory."""
    from ..report import fitting, image, link_map

    board = env["IREE_BOARD_DATA"]
    if not board.is_host:
        env = _with_parts(env, source, board, target)
    linked = target[:2]  # the third is ours
    status, messages = run_tool("LINKCOM", linked, source, env)
    if status and not link_map.overflows(messages):
        fail(target, messages, status)
    if status:
        # The same link, told to go on, gives a report; its result must never be taken for firmware.
        run_tool("LINKCOM", linked, source, env.Override({"LINKFLAGS": [*env["LINKFLAGS"], "-Wl,--noinhibit-exec"]}))
    elif messages:
        print(messages)
    if board.is_host:
        return
    try:
        if not status:
            _check(target[0], source, board)
            if boot_stub.is_needed(board):
                boot_stub.write(board, target[0].get_abspath())
        report = image.report(target[0].get_abspath(), target[1].get_abspath(), board)
    except BaremetalError as error:
        fail(target, f"{messages}\n{error}")
    if report.over_budget() or status:
        if not env.get("IREE_NOTE_FAILURES"):
            print(report.text(color=sys.stdout.isatty()))
        others = fitting.boards_for(report, board, search.path(env))
        hint = [f"It would fit: {', '.join(others)}."] if others else []
        fail(target, "\n".join([*(report.over_budget() or [messages]), *hint]))
    if above := budget.exceeded(env, report):
        fail(target, above)
    used = [f"{u.region} {u.used:,} of {u.size:,} bytes ({100 * u.used / u.size:.1f}%)" for u in report.usages if u.used]
    print(f"{target[0].name}: {', '.join(used)}")


def _with_parts(env, source, board, target):
    """env with what the linker is told for those parts of the startup that the objects need."""
    from ..report import object_files

    paths = [node.get_abspath() for node in source if node.get_suffix() in (".o", ".a")]
    try:
        flags = startup_parts.link_flags(board, *object_files.contents(paths)) if startup_parts.text(board) else []
    except BaremetalError as error:
        fail(target, str(error))
    return env.Override({"LINKFLAGS": [*env["LINKFLAGS"], *flags]})


def _check(elf, objects, board):
    """A `BaremetalError` for what is not for board: an object, the kernels' among them, or the whole."""
    from ..report import elf_check

    for node in objects:
        if node.get_suffix() == ".o":
            elf_check.check_object(node.get_abspath(), board)
    elf_check.check(elf.get_abspath(), board)


def _firmware(env, base, sources):
    board, own = env["IREE_BOARD_DATA"], env.Clone()
    own.AppendUnique(CPPPATH=[env.Dir(str(path)) for path in board.include_paths])
    own.Append(LINKFLAGS=["-Wl,-Map=${TARGETS[1]}"])
    depends = []
    if not board.is_host:
        depends = [linker_script_node(env.get("IREE_SUPPORTOF", env))]
        own.Append(LINKFLAGS=["-T", depends[0], f"-Wl,--defsym={board.mark}=0", *board.link_flags])
    suffixes = [env.subst("$PROGSUFFIX"), ".map", *([".boot"] if boot_stub.is_needed(board) else [])]
    targets = [base.dir.File(base.name + suffix) for suffix in suffixes]
    elf, map_file, *_ = own.IreeLink(targets, [sources, [env.File(str(path)) for path in board.library_files]])
    env.Depends(elf, depends)
    images = []
    if not board.is_host:
        for suffix, form in ((".bin", "binary"), (".hex", "ihex")):
            target = base.dir.File(base.name + suffix)
            # One file of bytes is of one region; the other format has addresses.
            elsewhere = [] if form == "ihex" else [f"-R.{linker_script.section(name)}" for name in _read_only(board)]
            images += env.Command(target, elf, tool_action("IREE_OBJCOPYCOM"), IREE_IMAGEFORMAT=[form, *elsewhere])
    return [elf, *images, map_file]


def _read_only(board):
    """The names of board's further regions whose contents are loaded there."""
    return [name for name, region in linker_script.further(board) if "w" not in region.access]


def iree_firmware(env, name, sources):
    """The pseudo-builder env.IreeFirmware(name, sources). See the module."""
    ownership.settle(env)
    if env["IREE_BOARD_DATA"].is_core:
        raise SCons.Errors.UserError(
            f"IreeFirmware({name}): {env['IREE_BOARD']} is a core, of which neither memory nor startup code is known. "
            "Link with your own: env.Program(…, [sources, model]); or take a board with that core: scons boards."
        )
    placement.meet([node for node in env.Flatten([sources]) if hasattr(node, "attributes")])
    base, support = env.File(name), support_objects(env)
    nodes = _firmware(env, base, [sources, support])
    twin = emulated(env)
    if twin is not env:  # the same objects once more, on the stand-in
        ours = [*support, *(env.File(str(path)) for path in env["IREE_BOARD_DATA"].library_files)]
        objects = [node for node in nodes[0].sources if node not in ours]
        nodes[0].attributes.emulated = _firmware(twin, base.dir.File(f"emulated/{base.name}"), [objects, support_objects(twin)])
    return nodes


def nodes_of(env, firmware):
    """The nodes of what IreeFirmware or Program returned; a UserError where it is anything else."""
    nodes = env.Flatten(firmware)
    if not nodes or not all(hasattr(node, "get_abspath") for node in nodes):
        raise SCons.Errors.UserError(f"{firmware!r} is no firmware: pass what IreeFirmware returned.")
    return nodes


def emulated_firmware(env, firmware):
    """(env, ELF, map) of what is run, of what IreeFirmware returned."""
    nodes = nodes_of(env, firmware)
    if env["IREE_BOARD_DATA"].is_core:
        raise SCons.Errors.UserError(
            f"{nodes[0]}: {env['IREE_BOARD']} is a core, of which no memory is known to run a whole firmware in. Take a board "
            "with an emulator (scons boards), or run the model by itself: IreeVerify, IreeBench, IreeAnswers."
        )
    if not running.on_part(env):
        nodes = getattr(nodes[0].attributes, "emulated", nodes)
    return emulated(env), nodes[0], nodes[-1]


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_OBJCOPYCOM="$OBJCOPY -O $IREE_IMAGEFORMAT $SOURCE $TARGET", IREE_SUPPORTDIR=".", IREE_RAM="")
    env["BUILDERS"]["IreeLink"] = SCons.Builder.Builder(
        action=tool_action("LINKCOM", ["IREE_BAREMETAL_DIGEST", "CCVERSION", "IREE_RAM"], _link),
        src_suffix="$OBJSUFFIX",
        src_builder="Object",
        target_scanner=SCons.Scanner.Prog.ProgramScanner(),
    )
    env.AddMethod(iree_firmware, "IreeFirmware")
