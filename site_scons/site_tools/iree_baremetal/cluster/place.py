"""Where a worker does commands of other machines: each in a folder of its own, in which paths end as they do there.

What stood below the project's top is below <folder>/top, all else below <folder>/root.
"""

import contextlib
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .. import processes
from . import parcel as parcels
from . import versions

_FULL = (errno.ENOSPC, errno.EDQUOT)
_KEPT = 2 << 30  # bytes of files that are kept for further commands
_LEAST = 1 << 20  # bytes free, below which a tool that failed did so for want of space


class Place:
    """folder: of this worker's own; package: of this tool, as the client sent it."""

    def __init__(self, folder, package):
        self.folder, self.package = Path(folder), Path(package)
        self.kept = self.folder / "kept"
        self.kept.mkdir(parents=True, exist_ok=True)

    def perform(self, parcel):
        """What became of the parcel's command, a dict: {"returncode", "stdout", "stderr", "outputs"} as bytes; or one of
        {"missing": digests of files to send}, {"refused": what is wrong with this worker}, {"trouble": another worker might do it},
        {"late": True}. "seconds" is how long it took."""
        start = time.monotonic()
        return {**self._performed(parcel), "seconds": time.monotonic() - start}

    def _performed(self, parcel):
        try:
            refused = self.refused(parcel["versions"])
            if refused:
                return {"refused": refused}
            missing = [
                key for path, (_, key, content) in parcel["files"].items() if content is None and not self._find(path, key)
            ]
            if missing:
                return {"missing": missing}
            with tempfile.TemporaryDirectory(prefix="command-", dir=self.folder, ignore_cleanup_errors=True) as scratch:
                return self._run(parcel, Path(scratch))
        except OSError as error:
            if error.errno in _FULL:
                self.forget()
            return {"trouble": f"{error.filename or self.folder}: {error.strerror}"}

    def refused(self, wanted):
        """What is wrong with the tools here; wanted: path -> version on the client."""
        said = [
            _absent(path) if not _program(path) else versions.difference(path, text, versions.of(_program(path)))
            for path, text in wanted.items()
        ]
        return "; ".join(filter(None, said))

    def forget(self):
        """Removes what is kept."""
        shutil.rmtree(self.kept, ignore_errors=True)
        self.kept.mkdir(parents=True, exist_ok=True)

    def _run(self, parcel, scratch):
        where = _Paths(parcel, scratch)
        for path in (parcel["package"], *parcel["files"], *parcel["outputs"]):
            where.of(path).parent.mkdir(parents=True, exist_ok=True)
        where.of(parcel["package"]).symlink_to(self.package)
        where.of(parcel["folder"]).mkdir(parents=True, exist_ok=True)
        for path, (is_executable, key, content) in parcel["files"].items():
            self._lay(where.of(path), self._find(path, key) if content is None else None, content)
            if is_executable:
                parcels.make_executable(where.of(path))
            if content is not None and len(content) > parcels.SMALL:
                self._keep(key, content)
        environment = {**os.environ, **{name: where.text(value) for name, value in parcel["environment"].items()}}
        words = [where.text(word) for word in parcel["words"]]
        if any("-ffile-prefix-map=" in word for word in words):  # debug information names the client's paths
            words.append(f"-ffile-prefix-map={scratch / 'root'}=")
        try:
            done = processes.run(
                words,
                parcel["timeout"],
                memory=processes.memory_limit(),
                env=environment,
                cwd=where.of(parcel["folder"]),
                given=parcel["given"],
                preexec_fn=_hear_signals,
            )
        except subprocess.TimeoutExpired as late:
            return {"late": True, "stdout": late.stdout or b""}
        if done.returncode and (b"No space left" in done.stderr or shutil.disk_usage(self.folder).free < _LEAST):
            self.forget()
            return {"trouble": f"{self.folder}: no space left"}
        if done.returncode == -9 or done.returncode == 137:
            return {
                "trouble": f"{os.path.basename(words[0])} was killed",
                "returncode": done.returncode,
                "stdout": done.stdout,
                "stderr": where.back(done.stderr),
            }
        outputs = {path: _content(where.of(path)) for path in parcel["outputs"] if where.of(path).is_file()}
        return {"returncode": done.returncode, "stdout": done.stdout, "stderr": where.back(done.stderr), "outputs": outputs}

    def _find(self, path, key):
        """A file with the contents of that digest: kept, or the client's own where the file system is shared; None where there is none."""
        if (self.kept / key).exists():
            return self.kept / key
        with contextlib.suppress(OSError):
            if os.path.isfile(path) and parcels.digest(Path(path).read_bytes()) == key:
                return Path(path)
        return None

    def _lay(self, path, file, content):
        if file:
            shutil.copyfile(file, path)
        else:
            path.write_bytes(content)

    def _keep(self, key, content):
        if sum(file.stat().st_size for file in self.kept.iterdir()) > _KEPT:
            self.forget()
        part = self.kept / f".{key}.{os.getpid()}"
        part.write_bytes(content)
        os.replace(part, self.kept / key)


class _Paths:
    """The client's paths in a command's folder."""

    def __init__(self, parcel, scratch):
        self.top, self.scratch = parcel["top"], scratch
        self.programs = {path: _program(path) for path in parcel["programs"]}
        outside = {
            path for path in (parcel["package"], parcel["folder"], *parcel["files"], *parcel["outputs"]) if not self._inside(path)
        }
        # A flag may name a folder of such a file.
        outside |= {str(folder) for path in outside for folder in Path(path).parents if len(folder.parts) > 2}
        known = sorted({self.top, *self.programs, *outside}, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, known)))

    def _inside(self, path):
        return path == self.top or path.startswith(self.top + os.sep)

    def of(self, path):
        if self._inside(path):
            return self.scratch / "top" / os.path.relpath(path, self.top)
        return self.scratch / "root" / path.lstrip(os.sep)

    def text(self, word):
        """word with the paths in it as they are here."""

        def here(found):
            after = word[found.end() : found.end() + 1]
            before = word[: found.start()]
            if re.match(r"[\w.+-]", after) or re.search(r"[\w.+/-]$", before) and not re.search(r"(^|[=,])-[A-Za-z]+$", before):
                return found[0]  # a part of another path
            return self.programs.get(found[0]) or str(self.of(found[0]))

        return self.pattern.sub(here, word)

    def back(self, text):
        """Bytes of messages, with the client's paths in place of those here."""
        return text.replace(str(self.scratch / "top").encode(), self.top.encode()).replace(
            str(self.scratch / "root").encode(), b""
        )


def _hear_signals():
    """Lets a tool be interrupted, though workers that a build started are not."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _program(path):
    """The program here that the client has at path: there, too, or by its name; None where there is none."""
    if os.access(path, os.X_OK):
        return path
    if versions.is_python(path):
        return sys.executable
    here = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    return shutil.which(os.path.basename(path), path=here)


def _absent(path):
    return f"{os.path.basename(path)}: none on PATH"


def _content(file):
    return os.access(file, os.X_OK), file.read_bytes()
