"""Board files that are no Python, or do more than to assign; fields that there are not."""

from cases.boards.whole import FILE, MINE, WHOLE, board, wrong
from corpus import Case

CASES = [
    wrong("stak", "4", "unknown field 'stak'. Did you mean stack?"),
    wrong("name", "'mine'", "unknown field 'name'"),
    wrong("path", "'/tmp'", "unknown field 'path'"),
    wrong("origins", "{}", "unknown field 'origins'"),
    board("an import, whose name is no field", [FILE + "unknown field 'os'"], new="import os\n"),
    board("nothing", [FILE + "field 'description' is missing"], text="", new=""),
    board(
        "no closing bracket",
        [FILE + "SyntaxError: ", "line 8"],
        '"RAM": Region(0x20000000, 4 * MB)}',
        '"RAM": Region(0x20000000, 4 * MB)',
    ),
    board("no Python at all", [FILE + "SyntaxError: ", "line 1"], text="", new="<board name='mine'/>\n"),
    board("an indentation too many", [FILE + "IndentationError: ", "line 15"], new="  stack = 4\n"),
    board(
        "a name that is not at hand",
        [FILE + "line 15: NameError: name 'GB' is not defined. At hand are FlashTiming, KB, MB"],
        new="stack = 1 * GB\n",
    ),
    board("an exception", [FILE + "line 15: ValueError: out of order"], new="raise ValueError('out of order')\n"),
    board("sys.exit", [FILE + "line 16: SystemExit: 3"], new="import sys as _sys\n_sys.exit(3)\n"),
    board("a bare exit", [FILE + "line 15: "], new="exit(0)\n"),
    board("an endless recursion", [FILE, "RecursionError"], new="def _f():\n    return _f()\n_f()\n"),
    board("a null byte", [FILE], new="stack = 4\0\n"),
    Case(
        "bytes that are no UTF-8",
        [FILE + "UnicodeDecodeError"],
        MINE,
        {"boards/mine.py": b"description = '\xff\xfe'\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a board of the host's name that is wrong",
        ["board file {folder}/boards/host.py: field 'description' is missing"],
        "board=host sample=multiply",
        {"boards/host.py": "stack = 16\n"},
    ),
    Case(
        "a board file that is wrong, and not asked for",
        ["good", "not usable"],
        "-h",
        {"boards/good.py": WHOLE.replace("a board", "good"), "boards/mine.py": "?\n"},
        works=True,
    ),
    Case(
        "boards, one of which is wrong",
        ["mine: board file {folder}/boards/mine.py: SyntaxError"],
        "boards",
        {"boards/mine.py": "?\n"},
        works=True,
    ),
]
