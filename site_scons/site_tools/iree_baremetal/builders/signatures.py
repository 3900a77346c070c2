"""SCons's record of what was built from what, kept right when builds are killed or meet.

SCons writes .sconsign.dblite when a build ends; one that is killed leaves the record of the build before.
What it wrote, or half wrote, would pass for that earlier build's as soon as the sources are again as
they were then. So, where the last build was killed, entries are dropped whose file has other contents
than recorded, and SCons builds those files anew.

A run that builds takes the folder's lock (build_lock.py) as it first asks for the record. One that builds
nothing, as `scons boards`, -h, -n or -q, takes none and writes no record.
"""

import contextlib
import errno
import os
import pickle
import shlex
import sys
from collections import UserDict

import SCons.dblite
import SCons.Node.FS
import SCons.SConsign
import SCons.Script
import SCons.Util
from SCons.compat import PICKLE_PROTOCOL

from ..build_lock import BuildLock, was_interrupted
from ..errors import BaremetalError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Signatures:
    """Stands for the module SCons.dblite, of which SCons.SConsign calls `open`.

    lock: the folder's, or None where there is none to take.
    """

    def __init__(self):
        self.lock = None

    def open(self, name, flag="c", mode=0o666):
        """The `Record` in the file name.dblite, name as SCons.SConsign has it."""
        top = _top()
        is_written = flag != "r" and not SCons.Script.GetOption("question")
        if is_written:
            self.take_lock()
        interrupted = self.lock.interrupted if self.lock else was_interrupted(folder())
        record = Record(os.path.join(top, name.removesuffix(".dblite") + ".dblite"), self.lock, is_written)
        if interrupted and flag != "r":  # which is a repository's
            record.forget_changed(top)
        return record

    def take_lock(self):
        """Takes the lock beside the record, unless it is held; ends scons where another holds it."""
        if self.lock or SCons.Script.GetOption("no_exec") or SCons.Script.GetOption("help"):
            return
        try:
            self.lock = BuildLock(folder(), shlex.join(["scons", *sys.argv[1:]]))
        except BaremetalError as error:
            _stop(error)
        except OSError as error:
            if error.errno in _FULL and not SCons.Script.GetOption("clean"):  # which makes space
                _stop(f"{_top()}: {error.strerror}.")
            # Else it is not ours to write in, or a file system without locks: as SCons does without us.


def folder():
    """Where the record is kept, and the lock with it: the top folder, or that of SConsignFile, as PlatformIO has it."""
    return os.path.dirname(os.path.join(_top(), SCons.SConsign.DB_Name or ""))


def _top():
    return SCons.Node.FS.get_default_fs().Top.get_abspath()


def _stop(message):
    """Ends scons, which has built nothing yet.

    An error raised here would be one of whatever file SCons looks at, and with -k not the end.
    """
    sys.stdout.flush()
    print(f"scons: *** {message}  Stop.", file=sys.stderr, flush=True)
    os._exit(2)


class Record(UserDict):
    """Folder -> its entries, {file: SConsignEntry}, pickled; kept in the file at path."""

    def __init__(self, path, lock, is_written):
        super().__init__()
        self.path, self.lock, self.is_written = path, lock, is_written
        try:
            with open(path, "rb") as stream:
                text = stream.read()
            self.data = dict(pickle.loads(text)) if text else {}
        except FileNotFoundError:
            pass
        except Exception as error:  # pickle's for bytes that are not its own: almost any
            print(f"scons: {path} cannot be read ({error}): all is built anew.", file=sys.stderr)

    def forget_changed(self, top):
        """Drops the entries of files that are not as recorded."""
        for folder, text in self.items():
            try:
                entries = pickle.loads(text)
                where = os.path.join(top, folder)
                known = {name: entry for name, entry in entries.items() if _is_recorded(os.path.join(where, name), entry)}
            except Exception:  # as above: not to be trusted
                known, entries = {}, None
            if known != entries:
                self[folder] = pickle.dumps(known, PICKLE_PROTOCOL)

    def sync(self):
        """Writes the record, whole or not at all; SCons calls it when all is built."""
        if not self.is_written:
            return
        new = os.path.splitext(self.path)[0] + ".tmp"
        try:
            owner = os.stat(self.path if os.path.exists(self.path) else os.path.dirname(self.path))
            with open(new, "wb") as stream:
                pickle.dump(self.data, stream, PICKLE_PROTOCOL)
            if os.geteuid() == 0:  # as SCons does, for builds under sudo
                os.chown(new, owner.st_uid, owner.st_gid)
            os.replace(new, self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(new)
            if not self.lock:  # a folder that is not ours to write in: what is built is built anew next time
                return
            print(f"scons: *** {self.path}: {error.strerror}. What was built is not on record.", file=sys.stderr)
            sys.exit(2)
        if self.lock:
            self.lock.finish()

    def close(self):
        """Nothing stays open."""


def _is_recorded(path, entry):
    if not hasattr(entry.ninfo, "csig"):
        return False
    try:
        return SCons.Util.hash_file_signature(path) == entry.ninfo.csig
    except OSError:
        return False


def add():
    """Puts `Signatures` in the place of SCons's own, for all environments of this process."""
    if SCons.SConsign.DB_Module is SCons.dblite:
        SCons.SConsign.DB_Module = Signatures()
        if SCons.Script.GetOption("clean"):  # which asks for no record
            SCons.SConsign.DB_Module.take_lock()


def descriptors():
    """What a tool must be given to hold the lock while it runs, though scons be killed."""
    lock = getattr(SCons.SConsign.DB_Module, "lock", None)
    return (lock.descriptor,) if lock else ()
