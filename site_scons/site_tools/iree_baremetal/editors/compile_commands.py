"""compile_commands.json as editors want it: with absolute compilers, and the headers that these find by themselves.

The databases of several boards go into one file. An output is of one board, so entries do not clash;
editors take the first of a file, so the board that was written last comes first.
"""

import functools
import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from .. import files
from ..errors import BaremetalError

_BEGIN, _END = "#include <...> search starts here:", "End of search list."
# What decides where a compiler looks for its headers; as prefixes of its flags.
_DECIDES = ("-m", "--specs", "-specs", "--sysroot", "-nostdinc", "--target", "-B")
# Flags of GCC that clangd, which also reads the database, calls errors; for headers they are not needed.
_GCC_ONLY = ("-misa-spec=",)


def complete(entries, path=None, launcher=""):
    """entries with what editors miss, one for each output; path: where compilers are looked for;
    launcher: what comes before them."""
    once = {_output(entry): entry for entry in entries}  # SCons tells of an object each time that one asks for it
    return [_complete(entry, path, launcher.split()) for entry in once.values()]


def _complete(entry, path, launcher):
    words = entry.get("arguments") or shlex.split(entry["command"])
    if words[: len(launcher)] == launcher:
        words = words[len(launcher) :]
    compiler = shutil.which(words[0], path=path) or words[0]
    language = "c++" if Path(entry["file"]).suffix in (".cpp", ".cc", ".cxx", ".C") else "c"
    flags = tuple(word for word in words[1:] if word.startswith(_DECIDES))
    system = [word for folder in _headers(compiler, flags, language) for word in ("-isystem", folder)]
    rest = {key: value for key, value in entry.items() if key not in ("command", "arguments")}
    known = [word for word in words[1:] if not word.startswith(_GCC_ONLY)]
    return {"arguments": [compiler, *known, *system], **rest}


@functools.cache
def _headers(compiler, flags, language):
    """The folders that compiler looks for headers in, unasked."""
    command = [compiler, *flags, "-E", "-v", "-x", language, os.devnull]
    try:
        said = subprocess.run(command, capture_output=True, text=True, errors="replace", env={**os.environ, "LC_ALL": "C"}).stderr
    except OSError as error:
        raise BaremetalError(f"cannot ask {compiler} for its headers: {error.strerror}.") from error
    folders = said.partition(_BEGIN)[2].partition(_END)[0].split("\n")
    return tuple(os.path.normpath(folder.strip()) for folder in folders if folder.strip())


def merge(old, new):
    """new, then the entries of old for other outputs, of files that are still there."""
    ours = {_output(entry) for entry in new}
    return new + [entry for entry in old if _output(entry) not in ours and _exists(entry)]


def _output(entry):
    return os.path.join(entry["directory"], entry.get("output", entry["file"]))


def _exists(entry):
    return os.path.exists(os.path.join(entry["directory"], entry["file"]))


def read(path):
    """The entries of the database at path; none where there is no such file."""
    try:
        return json.loads(Path(path).read_text())
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise BaremetalError(f"{path}: not a compilation database: {error}. Remove it.") from error


def write(path, entries):
    """Writes entries to path, unless they are there already: editors index anew what changes."""
    text = json.dumps(entries, indent=1) + "\n"
    path = Path(path)
    if not path.exists() or path.read_text() != text:
        files.replace(path, text.encode())
