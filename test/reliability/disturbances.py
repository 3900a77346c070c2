"""What else may befall a build: each case disturbs builds, then holds the next one against an undisturbed one.

A case returns its `Verdict`. All are seeded, with real tools.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import onnx
from workspace import Workspace, differing

BOARD = "board=stm32f4"
MODEL, MAIN = "samples/digits/digits.onnx", "samples/digits/main.c"
YEAR = 365 * 24 * 3600  # seconds


@dataclass
class Verdict:
    """Of tried disturbances, after how many all was right; what was seen of the others."""

    what: str
    outcome: str
    tried: int
    right: int
    seen: tuple = ()


def _verdict(what, outcome, faults):
    """faults: for each try what was wrong, "" for nothing."""
    return Verdict(what, outcome, len(faults), faults.count(""), tuple(fault for fault in faults if fault))


def _fault(work, reference, *options):
    """What is wrong with the next build: "" for nothing."""
    code, text = work.build(BOARD, *options)
    if code or "Traceback" in text:
        return text
    return ", ".join(differing(work.files(), reference))


class Cases:
    """The cases, in one workspace; count: how often each disturbs a build."""

    def __init__(self, folder, count, seed=1):
        self.work, self.count, self.dice = Workspace(folder), count, random.Random(seed)
        started = time.monotonic()
        self.reference = self.work.built(BOARD)
        self.seconds = time.monotonic() - started
        self.size = sum(len(content) for content in self.reference.values())

    def _disturbed(self):
        """A build from nothing, at a random moment of it: (process, what it prints to)."""
        self.work.forget()
        output = open(self.work.temporary.with_suffix(".log"), "w+")
        process = self.work.start(BOARD, output=output)
        time.sleep(self.dice.uniform(0.2, self.seconds))
        return process, output

    def stopped(self):
        """Ctrl-C, or the end of the session."""
        faults = []
        for number in range(self.count):
            process, output = self._disturbed()
            os.killpg(process.pid, (signal.SIGINT, signal.SIGTERM)[number % 2])
            process.wait()
            output.seek(0)
            text = output.read()
            faults.append(text if "Traceback (most" in text else _fault(self.work, self.reference))
        return _verdict("stopped by Ctrl-C or SIGTERM", "the next build is right", faults)

    def orphans(self):
        """scons is killed, and what it has started goes on."""
        faults = []
        for _ in range(self.count):
            process, _ = self._disturbed()
            process.kill()
            process.wait()
            code, text = self.work.build(BOARD)
            while code == 2 and "a tool that it started still runs" in text:
                time.sleep(0.2)
                code, text = self.work.build(BOARD)
            faults.append(text if code else ", ".join(differing(self.work.files(), self.reference)))
        return _verdict("scons alone killed, a compiler lives on", "refused while it runs, then right", faults)

    def together(self):
        """A second build in the same folder, while the first is at work."""
        faults = []
        for _ in range(self.count):
            process, _ = self._disturbed()
            code, text = self.work.build(BOARD, "optimize=size")
            refused = code == 2 and f"process {process.pid}" in text
            late = code == 0 and process.poll() is not None
            first = process.wait()
            fault = "" if (refused or late) and first == 0 else text
            faults.append(fault or _fault(self.work, self.reference))
        return _verdict("two builds in one folder", "the second says who is at work, exit code 2", faults)

    def records(self):
        """.sconsign.dblite cut off, or partly zeros, as after a loss of power."""
        faults, path = [], self.work.folder / ".sconsign.dblite"
        for number in range(self.count):
            self.work.built(BOARD)
            content = path.read_bytes()
            kept = self.dice.randrange(len(content))
            path.write_bytes(content[:kept] + (bytes(len(content) - kept) if number % 2 else b""))
            faults.append(_fault(self.work, self.reference))
        return _verdict("SCons's record cut off or zeroed", "a message, all is built anew", faults)

    def changes(self):
        """Model or application change while they are compiled."""
        faults = []
        originals = {name: (self.work.folder / name).read_bytes() for name in (MODEL, MAIN)}
        changed = {MODEL: _other_model(originals[MODEL]), MAIN: originals[MAIN].replace(b"answers,", b"the answers,")}
        expected = {}
        for name in changed:
            self.work.forget()
            (self.work.folder / name).write_bytes(changed[name])
            expected[name] = self.work.built(BOARD)
            assert differing(expected[name], self.reference), f"{name}: a change without effect"
            (self.work.folder / name).write_bytes(originals[name])
        for number in range(self.count):
            name = (MODEL, MAIN)[number % 2]
            process, _ = self._disturbed()
            (self.work.folder / name).write_bytes(changed[name])
            process.wait()
            faults.append(_fault(self.work, expected[name]))
            (self.work.folder / name).write_bytes(originals[name])
        return _verdict("model or main.c changed while compiled", "the next build has the change", faults)

    def clock(self):
        """The clock is set back or forward by a year, and files have times to come."""
        faults, main = [], self.work.folder / MAIN
        faketime = shutil.which("faketime")
        for number in range(self.count):
            years = (-1, 1)[number % 2]
            self.work.forget()
            self.work.built(BOARD)
            other = main.read_bytes().replace(b"answers,", b"the answers,")
            before, content = main.stat().st_mtime, main.read_bytes()
            main.write_bytes(other)
            os.utime(main, (before + years * YEAR,) * 2)
            clock = (faketime, "-f", f"{365 * years:+}d") if faketime else ()
            shown = self.work.built(BOARD, before=clock)
            main.write_bytes(content)
            os.utime(main, (before + years * YEAR,) * 2)  # of the same time, with other content
            fault = "" if differing(shown, self.reference) else "the change went unnoticed"
            faults.append(fault or _fault(self.work, self.reference))
        return _verdict("the clock a year back or ahead", "contents decide: right", faults)

    def full(self):
        """No space left on the disk."""
        if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
            return None  # a disk of a size wanted needs a mount
        rooms = [0, *(self.dice.randrange(self.size) for _ in range(self.count - 1))]  # bytes
        disk = self.work.folder.with_name("disk")
        disk.mkdir()
        command = ["unshare", "-rm", sys.executable, str(Path(__file__).with_name("full_disk.py")), str(disk)]
        done = subprocess.run([*command, *map(str, rooms)], check=True, capture_output=True, text=True)
        outcome = "a message names the file, exit code 2; with space again, the next build is right"
        return _verdict("the disk is full", outcome, done.stdout.split("\0")[:-1])

    def all(self):
        """The verdicts of all cases, as they are found."""
        for case in (self.stopped, self.orphans, self.together, self.records, self.changes, self.clock, self.full):
            verdict = case()
            if verdict:
                print(f"{verdict.what}: right after {verdict.right} of {verdict.tried}", *verdict.seen, sep="\n")
                yield verdict


def _other_model(content):
    """The same model with other weights."""
    model = onnx.load_from_string(content)
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            tensor.raw_data = tensor.raw_data[4:] + tensor.raw_data[:4]
    return model.SerializeToString()
