"""Boards that a board builds on, or that stand in for it."""

from cases.boards.whole import FILE, MINE, board, line, wrong
from corpus import Case

CASES = [
    wrong("base", "'cortex-m4g'", "base 'cortex-m4g' is neither a family nor a board. Did you mean cortex-m4"),
    wrong("base", "4", "base is not the name of a family or board, or a list of them: 4"),
    wrong("base", "None", "base is not the name of a family or board, or a list of them: None"),
    wrong("base", "[4]", "base is not the name of a family or board, or a list of them: [4]"),
    wrong("base", "'mine'", "base 'mine' is neither a family nor a board"),
    wrong("base", "''", "base '' is neither a family nor a board"),
    wrong("base", "['stm32f4', 'nobody']", "base 'nobody' is neither a family nor a board"),
    Case(
        "two boards that build on each other",
        [FILE + "base leads back to where it began: mine -> other -> mine"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": 'base = "mine"\n'},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "three boards that build on each other",
        [FILE + "base leads back to where it began: mine -> a -> b -> mine"],
        MINE,
        {"boards/mine.py": 'base = "a"\n', "boards/a.py": 'base = "b"\n', "boards/b.py": 'base = "mine"\n'},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a base with a mistake of its own",
        ["board file {folder}/boards/other.py: line 2: NameError"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": "stack = 16\nheap = none\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    Case(
        "a base with a value of another type",
        ["board file {folder}/boards/other.py: stack is not a number"],
        MINE,
        {"boards/mine.py": 'base = "other"\n', "boards/other.py": "stack = '1'\n"},
        good="board=mps2-an386 sample=multiply",
    ),
    wrong("stand_in", "'mps2-an386'", "it has an emulator and stand_in 'mps2-an386'"),
    board(
        "a stand-in that nobody has",
        [FILE + "stand_in: no board 'mps2-386'. Did you mean mps2-an386?"],
        line("emulator"),
        'stand_in = "mps2-386"\n',
    ),
    board(
        "a stand-in that is the board itself",
        [FILE + "stand_in 'mine' is the board itself"],
        line("emulator"),
        'stand_in = "mine"\n',
    ),
    board(
        "a stand-in without an emulator",
        [FILE + "stand_in 'nrf52840-dk' has no emulator of its own"],
        line("emulator"),
        'stand_in = "nrf52840-dk"\n',
    ),
    board(
        "a stand-in with another core",
        [FILE + "stand_in 'qemu-rv32' has another core: generic-rv32, not cortex-m4"],
        line("emulator"),
        'stand_in = "qemu-rv32"\n',
    ),
    board("a stand-in that is the host", [FILE + "stand_in 'host'"], line("emulator"), 'stand_in = "host"\n'),
    board(
        "a stand-in without room", [FILE + "stand_in 'stm32f4' has no room for FLASH"], line("emulator"), 'stand_in = "stm32f4"\n'
    ),
    board(
        "a stand-in that has a stand-in",
        [FILE + "stand_in 'nucleo-l476rg' has no emulator of its own"],
        line("emulator"),
        'stand_in = "nucleo-l476rg"\n',
    ),
]
