"""Boards as data files: finding them, reading them, and where each of their values comes from.

A board is a Python file of plain assignments, ``boards/<name>.py``. Its names are the fields of
`Board`; `Region`, `Qemu`, `FlashTiming`, `KB`/`MB` and `MHZ` are at hand in it. With ``base`` it builds on another file:
a CPU or chip family, ``families/<name>.py``, or a board; or a list of them, of which the later
prevail. It states what differs: a value replaces that of the base, except that the entries of
``defines``, ``runtime_macros``, ``device``, ``interrupts``, ``sources`` and ``include`` are added to the base's.
A family that describes a core serves as a board by itself, where the project has startup code and
linker script of its own: no memory, no code, and ``tried_on`` names the board to run it on.
Nothing here runs a tool.
"""

import dataclasses
import difflib
from pathlib import Path

from ..errors import BaremetalError
from . import assignments, bootloader, check, stand_in
from .data import KB, MB, MHZ, SUPPORT, Board, FlashTiming, Qemu, Region

__all__ = [
    "KB",
    "MB",
    "MHZ",
    "SUPPORT",
    "Board",
    "FlashTiming",
    "Qemu",
    "Region",
    "BUILTIN",
    "load",
    "names",
    "read",
    "resized",
    "search_path",
]

# The package's own boards: beside site_scons in a checkout, inside the package in a wheel.
_FOLDERS = (SUPPORT.parent / "boards", SUPPORT.parents[3] / "boards")
BUILTIN = next((folder for folder in _FOLDERS if folder.is_dir()), None)

_AT_HAND = {"Region": Region, "Qemu": Qemu, "FlashTiming": FlashTiming, "KB": KB, "MB": MB, "MHZ": MHZ}
_NOT_OF_THE_FILE = ("name", "path", "origins", "on_stand_in", "part", "is_core")
FIELDS = {f.name: f for f in dataclasses.fields(Board) if f.name not in _NOT_OF_THE_FILE}
_MERGED = ("defines", "runtime_macros", "device", "interrupts", "sources", "include")


def search_path(extra=()):
    """Folders with board files, the user's first."""
    return [Path(p) for p in extra] + ([BUILTIN] if BUILTIN else [])


def names(extra=()):
    """The names of all boards found, sorted."""
    files = (file for folder in search_path(extra) for file in folder.glob("*.py"))
    return sorted({file.stem for file in files if file.stem != "__init__"})


def core_names(extra=()):
    """The names of all cores found, sorted: families that serve as boards."""
    files = {file.stem: file for folder in reversed(search_path(extra)) for file in folder.glob("families/*.py")}
    return sorted(name for name, file in files.items() if _is_core(_merge(_layers(file.resolve(), extra, ()))[0]))


def _is_core(values):
    return bool(values.get("tried_on")) and not values.keys() & {"memory", "console", "counter"}


def load(name, extra=()):
    """The `Board` called name, or the core; `BaremetalError` if there is none or its file is wrong."""
    # A name, not a path.
    files = [folder / kind / f"{name}.py" for kind in (".", "families") for folder in search_path(extra)]
    for file in files if name == Path(name).name else ():
        if file.is_file():
            return read(file, extra) if file.parent.name != "families" else _read_core(file, extra)
    known, alone = names(extra), core_names(extra)
    near = difflib.get_close_matches(name.lower(), [*known, *alone], 1, 0.4)
    hint = f" Did you mean {near[0]}?" if near else ""
    if not BUILTIN:
        hint += f" The folder boards, which belongs beside {_FOLDERS[-1].parent / 'site_scons'}, is missing."
    raise BaremetalError(f"no board '{name}'.{hint} Boards: {', '.join(known) or 'none'}. Cores: {', '.join(alone) or 'none'}.")


def read(path, extra=()):
    """The `Board` that the file at path describes; extra: where else its base may be."""
    path = Path(path).resolve()
    values, origins = _merge(_layers(path, extra, ()))
    for key, f in FIELDS.items():
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING and key not in values:
            raise BaremetalError(f"board file {path}: field '{key}' is missing.")
    board = Board(name=path.stem, path=path, origins=origins, **values)
    check.values(board)
    board = bootloader.vectors_moved(board)
    return dataclasses.replace(board, on_stand_in=_on_stand_in(board, extra)) if board.stand_in else board


def _read_core(path, extra):
    """The `Board` of the core that the family file at path describes."""
    path = path.resolve()
    values, origins = _merge(_layers(path, extra, ()))
    if not _is_core(values):
        raise BaremetalError(f"'{path.stem}' is a family of boards, no board and no core. Cores: {', '.join(core_names(extra))}.")
    values.setdefault("description", path.read_text().splitlines()[0].lstrip("# ").partition(". ")[0].rstrip("."))
    core = Board(name=path.stem, path=path, origins=origins, is_core=True, **values)
    check.values(core)
    return dataclasses.replace(core, on_stand_in=stand_in.place_core(core, load(core.tried_on, extra)))


def resized(board, stack, heap):
    """board with another stack and heap, in bytes; `BaremetalError` if they do not fit."""
    changed = dataclasses.replace(board, stack=stack, heap=heap)
    mistake = check.sizes(changed)
    if mistake:
        raise BaremetalError(f"board {board.name}: {mistake}. Give less with stack= and heap=, or take a board with more memory.")
    twin = board.on_stand_in and dataclasses.replace(board.on_stand_in, stack=stack, heap=heap)
    return dataclasses.replace(changed, on_stand_in=twin)


def _merge(layers):
    """The fields of all layers, and which file each is from: fields, and "field.entry" of those with entries."""
    values, origins = {}, {}
    for file, layer in layers:
        mistake = check.types(layer, FIELDS)
        if mistake:
            raise BaremetalError(f"board file {file}: {mistake}.")
        for key, value in layer.items():
            if isinstance(value, (list, tuple)):
                value = tuple(value)
                merged = values.get(key, ()) + tuple(v for v in value if v not in values.get(key, ()))
            else:
                merged = {**values.get(key, {}), **value} if isinstance(value, dict) else value
            if isinstance(value, (dict, tuple)):
                origins.update({f"{key}.{entry}": file for entry in value})
            values[key], origins[key] = merged if key in _MERGED else value, file
    return values, origins


def _on_stand_in(board, extra):
    try:
        machine = load(board.stand_in, extra)
    except BaremetalError as error:
        raise BaremetalError(f"board file {board.origins['stand_in']}: stand_in: {error}") from error
    if not machine.emulator:
        raise BaremetalError(f"board file {board.path}: stand_in '{machine.name}' has no emulator of its own.")
    return stand_in.place(board, machine)


def _layers(path, extra, above):
    """(file, values) of path and of the files it builds on, the farthest first."""
    if path in above:
        chain = " -> ".join(file.stem for file in (*above, path))
        raise BaremetalError(f"board file {above[0]}: base leads back to where it began: {chain}.")
    values = _execute(path)
    bases, result = values.pop("base", []), []
    bases = [bases] if isinstance(bases, str) else bases
    if not isinstance(bases, (list, tuple)) or not all(isinstance(base, str) for base in bases):
        shown = check.shown(bases)
        raise BaremetalError(f"board file {path}: base is not the name of a family or board, or a list of them: {shown}.")
    for base in bases:
        result += _layers(_base_file(base, path, extra), extra, (*above, path))
    return [*result, (path, values)]


def _base_file(name, path, extra):
    """The file of base name: a family, or another board."""
    folders = [path.parent, *search_path(extra)]
    for file in (folder / kind / f"{name}.py" for folder in folders for kind in ("families", ".")):
        if file.is_file() and file.resolve() != path:
            return file.resolve()
    known = {file.stem for folder in folders for file in (*folder.glob("families/*.py"), *folder.glob("*.py"))}
    near = difflib.get_close_matches(str(name), known - {path.stem}, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise BaremetalError(f"board file {path}: base {name!r} is neither a family nor a board.{hint}")


def _execute(path):
    """The assignments of the file at path."""
    found = assignments.read(path, f"board file {path}", _AT_HAND)
    for key in found:
        if key not in FIELDS and key != "base":
            near = difflib.get_close_matches(key, [*FIELDS, "base"], 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BaremetalError(f"board file {path}: unknown field '{key}'.{hint}")
    return found
