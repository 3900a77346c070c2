"""Commands sent to Dask's workers, and sent again where one dies, hangs, is full or slow."""

import os
import statistics
import subprocess
import threading
import time
import uuid
from collections import defaultdict

from . import ClusterError, Interrupted, bootstrap, parcel

TRIES = 3  # of one command, on different workers where there are some
_SLOW = 5  # times as long as such commands took till now
_PATIENCE, _GRACE = 30, 30  # seconds: before a command is called slow; for its way there and back, beside its own limit
_WITHOUT_WORKERS = 60  # seconds

_PERFORM, _REFUSED = bootstrap.tasks()


class Cluster:
    """client: Dask's; digest: of the package on the workers; top: of the project; package: of this tool; patience, grace: seconds."""

    def __init__(self, client, digest, top, package, patience=_PATIENCE, grace=_GRACE):
        self.client, self.digest, self.top, self.package = client, digest, top, package
        self.patience, self.grace = patience, grace
        self.took = defaultdict(list)  # program -> seconds of the last commands
        self.interrupted = threading.Event()
        self.waiting = set()
        self.checked = set()
        self.lock = threading.Lock()

    def check(self, wanted):
        """A `ClusterError` that says which tools are other ones on the workers; wanted: path -> version here."""
        with self.lock:
            wanted = {path: text for path, text in wanted.items() if path not in self.checked}
            if not wanted:
                return
            found = self._asked(lambda: self.client.run(_REFUSED, self.digest, wanted))
            wrong = [f"worker {address}: {text}." for address, text in sorted(found.items()) if text]
            if wrong:
                raise ClusterError(
                    "\n".join(
                        [
                            *wrong,
                            f"Results would be other ones than here. {len(found) - len(wrong)} of {len(found)} workers have the tools of this machine.",
                        ]
                    )
                )
            self.checked |= set(wanted)

    def run(self, words, timeout, files=(), outputs=(), folder=".", environment=os.environ, given=None):
        """The completed process of words, as of `processes.run`, done by a worker; its outputs are written here.

        As `parcel.pack` has the arguments. Raises `subprocess.TimeoutExpired`, and `ClusterError` where the cluster cannot do it.
        """
        packed = parcel.pack(words, timeout, folder, environment, files, outputs, self.top, self.package, given)
        answer = _Errand(self, packed).answer()
        if answer.get("late"):
            raise subprocess.TimeoutExpired(words, timeout, answer.get("stdout"))
        parcel.unpack(answer.get("outputs", {}))
        return subprocess.CompletedProcess(words, answer["returncode"], answer["stdout"], answer["stderr"])

    def interrupt(self):
        """Ends all that waits, and cancels what is queued."""
        self.interrupted.set()
        for event in list(self.waiting):
            event.set()

    def submit(self, packed, avoided, pinned):
        """Dask's future of a parcel, on none of the workers avoided where there are others, on the one that it is pinned to."""
        workers = [pinned] if pinned else None
        if avoided:
            workers = [address for address in self.workers() if address not in avoided] or None
        key = f"{os.path.basename(packed['words'][0])}-{uuid.uuid4().hex}"
        return self._asked(
            lambda: self.client.submit(
                _PERFORM, self.digest, packed, key=key, pure=False, workers=workers, allow_other_workers=bool(pinned)
            )
        )

    def workers(self):
        return list(self._asked(lambda: self.client.nthreads()))

    def where(self):
        """key -> the worker that is at it."""
        return {key: address for address, keys in self._asked(lambda: self.client.processing()).items() for key in keys}

    def gone(self):
        return ClusterError(
            f"cluster={self.client.scheduler.address if self.client.scheduler else ''}: the scheduler is gone. Start it, and build again: what is done is kept."
        )

    def _asked(self, question):
        """What the scheduler answers."""
        try:
            return question()
        except (OSError, TimeoutError, AttributeError) as error:
            raise self.gone() from error


class _Errand:
    """One parcel, till it is done: on one worker, or, where that takes too long, on several."""

    def __init__(self, cluster, packed):
        self.cluster, self.packed = cluster, packed
        words = packed["words"]
        self.name = " ".join([os.path.basename(words[0]), *(words[2:3] if words[1:2] == [packed["package"]] else [])])
        self.futures = {}  # -> when it was seen to run first
        self.avoided, self.troubles = set(), []
        self.event = threading.Event()

    def answer(self):
        """The worker's answer."""
        self.cluster.waiting.add(self.event)
        try:
            self._send(parcel.light(self.packed))
            while True:
                self.event.wait(min(self._patience(), 10))
                self.event.clear()
                if self.cluster.interrupted.is_set():
                    raise Interrupted("Build interrupted.")
                answer = self._finished()
                if answer:
                    return answer
                if not self.futures:
                    self._again()
                self._look_after()
        finally:
            self.cluster.waiting.discard(self.event)
            for future in self.futures:
                if self.cluster.client.status == "running":
                    future.cancel()

    def _send(self, packed, pinned=None):
        future = self.cluster.submit(packed, self.avoided, pinned)
        self.futures[future] = None
        future.add_done_callback(lambda _: self.event.set())

    def _finished(self):
        """The first answer that is one; what is none is dealt with."""
        for future in [future for future in self.futures if future.done()]:
            del self.futures[future]
            if future.status in ("cancelled", "lost"):
                raise self.cluster.gone()
            if future.status == "error":
                self._fault(future.exception())
                continue
            answer = future.result()
            if "refused" in answer:
                raise ClusterError(f"worker {answer['worker']}: {answer['refused']}. Results would be other ones than here.")
            if "missing" in answer:
                self._send(self.packed, answer["worker"])
                continue
            self.cluster.took[self.name].append(answer["seconds"])
            if "trouble" not in answer:
                return answer
            self.troubles.append(f"worker {answer['worker']}: {answer['trouble']}")
            self.avoided.add(answer["worker"])
            if "returncode" in answer and len(self.troubles) >= TRIES:
                return answer  # so it is the command's own doing
        return None

    def _fault(self, error):
        if type(error).__name__ == "KilledWorker":  # Dask has tried it on others
            self.troubles.append(f"{error.allowed_failures + 1} workers died of it, the last {error.last_worker.address}")
            raise self._failed()
        self.troubles.append(f"{type(error).__name__}: {error}")

    def _again(self):
        if len(self.troubles) >= TRIES:
            raise self._failed()
        self._send(self.packed)

    def _failed(self):
        return ClusterError("the cluster did not do it:\n" + "\n".join(dict.fromkeys(self.troubles)))

    def _patience(self):
        """Seconds after which a command is tried elsewhere, too."""
        took = self.cluster.took[self.name][-100:]
        return max(self.cluster.patience, _SLOW * statistics.median(took) if took else self.packed["timeout"] / 8)

    def _look_after(self):
        """Sends the parcel once more where its worker takes too long; gives up where all have."""
        where, now = self.cluster.where(), time.monotonic()
        for future in self.futures:
            if future.key in where and not self.futures[future]:
                self.futures[future] = now
        running = [now - started for started in self.futures.values() if started]
        if not running or len(running) < len(self.futures):
            if not self.cluster.workers():
                self._wait_for_workers()
            return
        if min(running) > self._patience() and len(self.futures) + len(self.troubles) < TRIES:
            self.avoided |= {where[future.key] for future in self.futures if future.key in where}
            if set(self.cluster.workers()) - self.avoided:
                return self._send(self.packed)
        if min(running) > self.packed["timeout"] + self.cluster.grace:
            raise ClusterError(
                f"{self.name} did not come back from {', '.join(sorted(set(where.values())))} within {self.packed['timeout']:g} s."
            )

    def _wait_for_workers(self):
        limit = time.monotonic() + _WITHOUT_WORKERS
        while not self.cluster.workers():
            if self.cluster.interrupted.wait(1) or time.monotonic() > limit:
                raise ClusterError(
                    f"the cluster has had no workers for {_WITHOUT_WORKERS} s. Start some: dask worker {self.cluster.client.scheduler.address}"
                )
