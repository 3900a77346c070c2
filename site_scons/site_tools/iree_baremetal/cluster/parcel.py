"""A command with all that it needs, as plain values that any Python unpickles; and what comes back.

Absolute paths are those of the machine that sends: place.py knows what stands for them.
"""

import hashlib
import os
import re
from pathlib import Path

from . import versions

# Of a user or a machine, not of a build: the worker's own are right there.
_LOCAL = re.compile(
    r"PATH|HOME|PWD|OLDPWD|SHELL|USER|LOGNAME|HOSTNAME|TMPDIR|TEMP|TMP|_|DISPLAY|(SSH|XDG|DBUS|DASK|VIRTUAL_ENV|CONDA|PYTHON|LD)_?.*"
)

SMALL = 64 * 1024  # bytes: more is kept by workers, and sent to each but once


def pack(words, timeout, folder, environment, files, outputs, top, package, given=None):
    """The parcel of a command. files: the paths that it reads; outputs: those that it may write; folder: where it runs; top: of
    the project; package: of this tool; given: bytes for its input."""
    words = [os.path.abspath(words[0]) if os.sep in str(words[0]) else words[0], *map(str, words[1:])]
    programs = _programs(words, {os.path.abspath(path) for path in [*files, *outputs]}, package)
    return {
        "words": words,
        "timeout": timeout,
        "folder": os.path.abspath(folder),
        "environment": {name: value for name, value in environment.items() if not _LOCAL.fullmatch(name)},
        "top": top,
        "package": package,
        "programs": programs,
        "versions": {path: versions.of(path) for path in programs},
        "files": {
            os.path.abspath(path): _file(path)
            for path in files
            if not _is_below(os.path.abspath(path), package) and os.path.isfile(path)
        },
        "outputs": [os.path.abspath(path) for path in outputs],
        "given": given,
    }


def light(parcel):
    """The parcel without the contents of large files, which the worker may have; with all of them it is sent when it has not."""
    files = {
        path: (mode, digest, content if len(content) <= SMALL else None)
        for path, (mode, digest, content) in parcel["files"].items()
    }
    return {**parcel, "files": files}


def unpack(outputs):
    """Writes what came back, {path: (is executable, content)}."""
    for path, (is_executable, content) in outputs.items():
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # it may be a link into a cache
        file.write_bytes(content)
        if is_executable:
            make_executable(file)


def make_executable(file):
    """Lets all run it who may read it, as linkers do."""
    mode = file.stat().st_mode
    file.chmod(mode | (mode & 0o444) >> 2)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def _file(path):
    content = Path(path).read_bytes()
    return os.access(path, os.X_OK), digest(content), content


def _programs(words, files, package):
    """The paths of programs in words: none of the command's own files, none in the package."""
    found = {part for word in words for part in re.split("[=,]", word) if part.startswith(os.sep)}
    found = {path for path in found if path not in files and not _is_below(path, package)}
    return sorted(path for path in found if os.path.isfile(path) and os.access(path, os.X_OK))


def _is_below(path, folder):
    return path == folder or path.startswith(folder + os.sep)
