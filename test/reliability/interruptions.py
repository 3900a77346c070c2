"""scons interruptions: builds killed at random moments, and the next build held against an undisturbed one.

    python test/reliability/interruptions.py [--count 100] [--seed 1]

A killed build started from nothing, or from another build in the same folder; the next one builds the
same, or what was there before.
"""

import argparse
import collections
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import disturbances
import tables
from workspace import Progress, Workspace, differing, kill

OWN = "model=samples/digits/digits.onnx"
# Builds that write other bytes into the same folder follow each other: (options, options, …) a folder.
FOLDERS = (
    (("board=stm32f4",), ("board=stm32f4", "optimize=size"), ("board=stm32f4", "rewrites=none", "stack=4K")),
    (("board=qemu-rv32",), ("board=qemu-rv32", "optimize=size")),
    (("board=mps2-an386", OWN, "verify"), ("board=mps2-an386", OWN, "overlap=1", "verify")),
    (("board=stm32f4", "compiledb", "cache=cache"),),
)
# The first word of what a build prints last -> the step that it is at.
_STEPS = {"scons:": "reading", "as": "cc", "kernels": "cc", "data": "generate", "script": "generate", "commands": "generate"}


def undisturbed(work, builds):
    """options -> (its files, the seconds it takes from nothing)."""
    found = {}
    for options in builds:
        work.forget()
        shutil.rmtree(work.folder / "cache", ignore_errors=True)
        started = time.monotonic()
        files = work.built(*options)
        found[options] = files, time.monotonic() - started
    work.forget()
    return found


def _at_work(log):
    """The step that a build's output says it was at."""
    words = [line.split()[0] for line in log.read_text().splitlines() if line.strip()]
    word = words[-1] if words else "scons:"
    return _STEPS.get(word.rstrip("."), word if word.isalpha() else "link")


class Rounds:
    """Kills builds in one workspace: builds of one folder, whose undisturbed results are known."""

    def __init__(self, work, builds, dice):
        self.work, self.known, self.dice = work, undisturbed(work, builds), dice
        self.there = None  # the options of the complete build in the folder

    def round(self):
        """(the step that a kill met, or None where the build was faster; names of wrong files; what was tried)."""
        others = [options for options in self.known if options != self.there]
        if not others or self.dice.random() < 0.3:
            self._empty()
        killed = self.dice.choice(others or list(self.known))
        step, moment = self._kill(killed)
        after = self.dice.choice([killed, self.there]) if step and self.there else killed
        wrong = self._wrong(after)
        if "cache=cache" in after:  # what the killed build put into the cache is taken out
            self.work.forget()
            wrong += self._wrong(after)
        self.there = after
        return step, wrong, f"{' '.join(killed)} killed after {moment:.1f} s, then {' '.join(after)}"

    def _empty(self):
        self.there = None
        self.work.forget()
        if self.dice.random() < 0.5:
            shutil.rmtree(self.work.folder / "cache", ignore_errors=True)

    def _kill(self, options):
        moment, log = self.dice.uniform(0, self.known[options][1]), self.work.temporary.with_suffix(".log")
        with open(log, "w") as output:
            process = self.work.start(*options, output=output)
            time.sleep(moment)
            running = process.poll() is None
            if running:
                kill(process)
        return _at_work(log) if running else None, moment

    def _wrong(self, options):
        """Files that a build leaves otherwise than undisturbed, or that no undisturbed build leaves."""
        files = self.work.built(*options)
        expected = {name for files, _ in self.known.values() for name in files}
        return differing(files, self.known[options][0]) + sorted(set(files) - expected)


def run(folder, count, seed=1):
    """Kills count builds, in folder: (Counter of steps, [(what was tried, wrong files)], leftovers)."""
    dice, met, failed, left = random.Random(seed), collections.Counter(), [], []
    progress = Progress(count)
    for number, builds in enumerate(FOLDERS[:count]):
        rounds = Rounds(Workspace(folder / f"project-{number}"), builds, dice)
        share = count // len(FOLDERS) + (number < count % len(FOLDERS))
        kills = 0
        while kills < share:
            step, wrong, what = rounds.round()
            if step:
                kills += 1
                met[step] += 1
                progress.step(f"at {step}: {what}: {'WRONG: ' + ', '.join(wrong) if wrong else 'right'}")
            if wrong:
                failed.append((what, wrong))
        left += [p.stat().st_size for p in rounds.work.temporary.rglob("*") if p.is_file()]
    return met, failed, left


def report(met, failed, left, verdicts):
    """The text for the page; left: the sizes of temporary files that killed tools left, in bytes."""
    count = sum(met.values())
    text = (
        f"{count} builds were killed (SIGKILL, with all their tools) at random moments: from nothing or over another\n"
        "build, of boards stm32f4, qemu-rv32 and mps2-an386, with other options, a model of its own, `verify`,\n"
        f"`compiledb` and `cache=`. {count - len(failed)} of the next builds, with the same options or those before, left the bytes\n"
        f"of an undisturbed build and no other file; in TMPDIR, {len(left)} files of tools stayed ({sum(left):,} bytes).\n\n"
    )
    text += tables.markdown(("at work when killed", "kills"), met.most_common()) + "\n"
    rows = [(v.what, v.outcome, f"{v.right} of {v.tried}") for v in verdicts]
    return text + tables.markdown(("disturbance", "what has to happen", "right"), rows)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=100, help="builds to kill")
    options.add_argument("--tries", type=int, default=6, help="of each other disturbance")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="interruptions-") as folder:
        met, failed, left = run(Path(folder), options.count, options.seed)
        verdicts = list(disturbances.Cases(Path(folder, "disturbed"), options.tries, options.seed).all())
        text = report(met, failed, left, verdicts)
    print(text)
    tables.write("interruptions", f"{text}\n{tables.commit()}\n")
    wrong = [*failed, *(v for v in verdicts if v.right < v.tried)]
    sys.exit(f"wrong: {wrong}" if wrong else 0)


if __name__ == "__main__":
    main()
