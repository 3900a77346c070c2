"""Files that must be whole, and what killed processes leave of theirs."""

import json
import math
import os
import shutil
import time
from pathlib import Path

_DAY, _INSTANT = 24 * 3600, 2  # seconds


def user_cache(environ=os.environ):
    """The folder for what one user's builds share: source trees, plugins."""
    base = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "iree-baremetal"


def replace(path, content):
    """Writes content (bytes) to path: whoever reads it, or is killed, finds the old or the new, never a part."""
    path = Path(os.path.realpath(path))  # where it is a link, what it leads to
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        if path.exists():
            shutil.copymode(path, part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def remove_stale(paths, age=_DAY):
    """Removes those of paths, files and folders, that nobody has changed for age seconds, longer than they are used."""
    for path in paths:
        try:
            if _age(path) < age:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            pass  # gone meanwhile, or another's


def remove_empty(folder):
    """Removes folder and what is in it as far as that is empty folders."""
    for path, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(path)
        except OSError:
            pass  # not empty, or another's


def _age(path):
    """Seconds, also of a time to come: the clock was set back. Endless where there is no such file."""
    try:
        return abs(time.time() - path.lstat().st_mtime)
    except FileNotFoundError:
        return math.inf


def mend_cache(folder, interrupted):
    """Makes SCons's CacheDir in folder usable after a kill; interrupted: this project's, whose parts go, too.

    SCons holds config.lock for an instant, as it reads or writes config, and would wait in vain for one that was left.
    """
    folder = Path(folder)
    lock, config = folder / "config.lock", folder / "config"
    while _age(lock) < _INSTANT:
        time.sleep(0.1)
    remove_stale([lock], _INSTANT)
    try:
        json.loads(config.read_text())
    except ValueError:
        remove_stale([config], _INSTANT)
    except OSError:
        pass
    if interrupted:  # SCons to 4.5 leaves files, later ones folders
        remove_stale([*folder.glob("??/*.tmp*"), *folder.glob("??/tmp*")])
