"""What one asks of boards rather than of a build.

scons boards                          the boards, with core, memory and emulator; boards=h7: those with a word
scons board=X model=FILE boards       whether each has room for the model, too, as built for X: env.IreeBoards(model)
scons board=X info                    every value of one, and the file that it is from
scons new-board name=X from=stm32f4   boards/X.py, a commented file to fill in
scons board-table                     the sample, verified on every board that has an emulator; with board=X, on that one
"""

import os
import re

from SCons.Node.Alias import default_ans
from SCons.Script import COMMAND_LINE_TARGETS

from .. import board as boards
from ..errors import BaremetalError
from . import harness, search
from .action import message_action
from .toolchain import for_board


def _list(target, source, env):
    from ..board import info
    from ..report import fitting, image

    wanted, board = env.get("IREE_BOARDS_WANTED", ""), env["IREE_BOARD_DATA"]
    if not source:
        return print(info.listing(search.path(env), wanted))
    report = image.report(*map(str, source), board)
    print(info.listing(search.path(env), wanted, lambda other: fitting.fits(report, board, other)))
    used = ", ".join(f"{usage.used:,} bytes of {usage.region}" for usage in report.usages if usage.used)
    print(
        f"fits: {report.image}, as built for board {board.name}, takes {used}; ?: another architecture, of which give one as board="
    )


def _ask(target, source, env):
    print("Whether the model fits is said with board=X, one of them: as it is built for X.")


def iree_boards(env, model):
    """The pseudo-builder env.IreeBoards(model): lets `scons boards` say which boards have room for the model and its harness."""
    board = env["IREE_BOARD_DATA"]
    if "boards" not in COMMAND_LINE_TARGETS:
        return []
    if board.is_host or board.is_core or board.vmfb_only:
        return env.Alias("iree:boards", [], message_action(_ask, None))
    return env.Alias("iree:boards", harness.program(for_board(env), model))


def _info(target, source, env):
    from ..board import info

    print(info.values(env["IREE_BOARD_DATA"]))


def _new(target, source, env):
    from ..board import template

    name = env.subst("$IREE_NEW_BOARD")
    if not re.fullmatch(r"[A-Za-z][\w-]*", name):
        raise BaremetalError(f"new-board: name='{name}' is not a name for a board: scons new-board name=my-board from=stm32f4")
    folders = env.get("IREE_BOARDS_PATH") or ["#boards"]
    path = os.path.join(env.Dir(str(folders[0])).get_abspath(), f"{name}.py")
    if os.path.exists(path):
        raise BaremetalError(f"new-board: {path} exists already; choose another name=, or remove it.")
    text = template.text(name, boards.load(env.subst("$IREE_NEW_BOARD_FROM"), search.path(env)))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    print(f"{path}: fill it in, then look at it: scons board={name} info")


def _table(target, source, env):
    from ..report import board_table

    sample = str(env.get("sample") or "digits")
    options = [f"boards_path={':'.join(search.path(env))}"] if search.path(env) else []
    only = "" if env["IREE_BOARD_DATA"].is_host else env["IREE_BOARD_DATA"].name
    records = board_table.records(env.Dir("#").get_abspath(), sample, search.path(env), options, only)
    if not records:
        raise BaremetalError(f"board-table: no emulator runs {only}; `scons boards` shows which boards have one.")
    print(board_table.text(records))
    page = env.File("#docs/boards.md").get_abspath()
    if sample == "digits" and os.path.isdir(os.path.dirname(page)):
        board_table.write(page, records, keep=bool(only))
        print(page)
    wrong = [record.board for record in records if not record.passed]
    if wrong:
        raise BaremetalError(f"{sample} is not verified on {', '.join(wrong)}.")


def add(env):
    """Adds the targets and the pseudo-builder to env. None is built by default, and all are always out of date."""
    env.AddMethod(iree_boards, "IreeBoards")
    board = env["IREE_BOARD_DATA"].name
    for name, function in (("boards", _list), (f"info:{board}", _info), ("new-board", _new), ("board-table", _table)):
        if not default_ans.lookup(f"iree:{name}"):  # another environment may have added it
            action = env.Alias(f"iree:{name}", [], message_action(function, None))
            env.AlwaysBuild(env.Alias(name.partition(":")[0], action), action)
