"""One build at a time in a folder, and whether the one before came to its end.

The lock is the kernel's, on FOLDER/.sconsign.lock: it goes with the process, however that ends. The
file's first word is how the last build stands, the rest says who it was:

    building 1234 2026-05-04 14:03:22 scons board=stm32f4
"""

import os
import time
from pathlib import Path

from .errors import BaremetalError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NAME = ".sconsign.lock"
_BUILDING, _FINISHED = b"building", b"finished"  # of one length: written over each other, on a full disk, too


def was_interrupted(folder):
    """Whether the last build in folder was killed; also true while one is at work."""
    try:
        return Path(folder, NAME).read_bytes().startswith(_BUILDING)
    except OSError:
        return False


class BuildLock:
    """Held from `__init__` to the end of the process, and of those that it hands the descriptor to.

    Raises BaremetalError where another process has the folder, OSError where there can be no lock in it.
    """

    def __init__(self, folder, command):
        if not fcntl:
            raise OSError("this system has no such locks")
        self.descriptor = os.open(Path(folder, NAME), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._lock(folder)
            self.interrupted = was_interrupted(folder)
            text = _BUILDING + f" {os.getpid()} {time.strftime('%Y-%m-%d %H:%M:%S')} {command}\n".encode()
            os.pwrite(self.descriptor, text, 0)
            os.ftruncate(self.descriptor, len(text))
        except (BaremetalError, OSError):
            os.close(self.descriptor)
            raise

    def _lock(self, folder):
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BaremetalError(_refusal(folder, os.pread(self.descriptor, 4096, 0))) from None

    def finish(self):
        """What was built is on record: the next build can trust it. The lock is kept."""
        os.pwrite(self.descriptor, _FINISHED, 0)


def _refusal(folder, text):
    try:
        _, process, day, hour, command = text.decode(errors="replace").strip().split(" ", 4)
        alive = _alive(int(process))
    except ValueError:
        return f"another build is at work in {folder}. Wait for it, or end it."
    who = f"process {process}, `{command}`, since {day} {hour}"
    if alive:
        return f"another build is at work in {folder}: {who}. Wait for it, or end it."
    return f"a build in {folder} was killed ({who}), but a tool that it started still runs. Wait for it, or end it."


def _alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
