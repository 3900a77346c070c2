"""A model as a library for a build of another kind: a folder that needs neither SCons nor Python nor IREE.

export/library.py says what is in every such folder; each format of export/formats/ adds the files by which
one kind of build takes it in. Adding a format is one file there:

    TITLE           what the build is called
    refusal(board)  why a model for this board is no use to it, or ""; may be missing
    files(library)  path in the folder -> its content: a path to copy, text, or a function of library that gives text
    usage(library)  lines of Markdown: how to take the folder in
    packed(library) the name of an archive that is made of the folder, as its installer wants it; may be missing
"""

import importlib
import pkgutil
import re
from pathlib import Path

from ..errors import BaremetalError
from . import formats

FORMATS = tuple(sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(formats.__path__)))
ALL = "all"


def of(name):
    """The module of a format."""
    if name not in FORMATS:
        raise BaremetalError(f"format={name}: not one of {', '.join(FORMATS)}, {ALL}.")
    return importlib.import_module(f".formats.{name.replace('-', '_')}", __name__)


def chosen(text, board):
    """The names of the formats that text asks for: names with commas between them, or "all" that board may have."""
    if text == ALL:
        return [name for name in FORMATS if not refusal(name, board)]
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names or [""]:
        reason = refusal(name, board)
        if reason:
            raise BaremetalError(f"format={name}, board {board.name}: {reason}")
    return list(dict.fromkeys(names))


def check_version(text):
    """`BaremetalError` unless every format takes text for a version: three numbers."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text):
        raise BaremetalError(f"version={text}: not three numbers with dots, as in 1.0.0.")


def refusal(name, board):
    """Why the format is no use for a model on board, or ""."""
    asked = getattr(of(name), "refusal", None)
    return asked(board) if asked else ""


def contents(name, exported):
    """path -> content, of the folder that the format makes of the `Library` exported."""
    from . import library, readme

    module = of(name)
    return {
        **module.files(exported),
        "LICENSE": library.LICENSE,
        "README.md": lambda of_model: readme.text(of_model, module),
    }


def packed(name, exported):
    """The name of the archive that the format makes of its folder, or ""."""
    asked = getattr(of(name), "packed", None)
    return asked(exported) if asked else ""


def write(name, exported, folder):
    """Writes the format's folder, and its archive beside it: the paths written.

    folder: where the folder of the model goes; the same `Library` gives the same bytes.
    """
    from . import archive

    folder, written, made = Path(folder), [], {}
    for path, content in contents(name, exported).items():
        content = content(exported) if callable(content) else content
        made[path] = content.read_bytes() if isinstance(content, Path) else content.encode()
    for path, data in made.items():
        target = folder / exported.name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written.append(target)
    if packed(name, exported):
        written.append(folder / packed(name, exported))
        prefix = f"{exported.name}/" if of(name).PACKED_WITH_FOLDER else ""
        written[-1].write_bytes(archive.zipped({prefix + path: data for path, data in made.items()}))
    return written
