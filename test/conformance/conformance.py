"""The onnx package's backend tests, and models of exporters, each as a user's model would go; writes docs/operators.md.

    python test/conformance/conformance.py               all on this machine, samples on boards; writes the page
    python test/conformance/conformance.py WORD ...      those whose name or operator has a word, in full; writes nothing; exporters: those
    python test/conformance/conformance.py --again OUTCOME,…  those anew that were wrong, refused, …
    python test/conformance/conformance.py --page        runs nothing: the page of what was found

What was found is kept in build/conformance/results.jsonl: a run that was broken off goes on where it was, as long as
the tool is the same; --keep takes what other versions of it found, too. --host leaves the boards out.
"""

import argparse
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "site_scons" / "site_tools"), str(Path(__file__).parent)]

import backend_tests  # noqa: E402
import exporters  # noqa: E402
import iree_baremetal  # noqa: E402
import judge  # noqa: E402
import on_boards  # noqa: E402
import operators_page  # noqa: E402

RESULTS = ROOT / "build" / "conformance" / "results.jsonl"
WORKERS = 2
CPU, WALL = 60, 900  # seconds that a process of one case, and a case, may take
SAMPLE = {"mps2-an386": 60, "qemu-rv32": 20}
SEED = 12


class Results:
    """name -> what was found, kept in a file, a line each."""

    def __init__(self, path, keep, again=()):
        self.path, self.digest, self.found = path, iree_baremetal._digest(), {}
        for line in path.read_text().splitlines() if path.exists() else []:
            try:
                entry = json.loads(line)
            except ValueError:  # the last line, of a run that was killed
                continue
            self.found.pop(entry["name"], None)
            if (keep or entry["digest"] == self.digest) and entry["outcome"] not in again:
                self.found[entry["name"]] = entry

    def add(self, name, outcome, variant, said, seconds):
        entry = {
            "name": name,
            "outcome": outcome,
            "variant": variant,
            "said": said,
            "seconds": round(seconds, 1),
            "digest": self.digest,
        }
        self.found[name] = entry
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a") as stream:
            stream.write(json.dumps(entry) + "\n")


def _child(pipe, work, case):
    """The process of one case: its results, by way of pipe."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU + 5))  # of it, and of each process that it starts
    sys.stdout = sys.stderr = open(os.devnull, "w")
    folder = tempfile.mkdtemp(prefix="conformance-")
    try:
        outcome = work(case, folder)
    except BaseException as error:  # what it is not to raise
        outcome = (judge.BROKEN, "", repr(error))
    shutil.rmtree(folder, ignore_errors=True)
    pipe.send(judge.ENDLESS if "SIGXCPU" in outcome[2] else outcome[0])
    pipe.send(outcome[1:])
    pipe.close()


def run(todo, work, results, prefix=""):
    """Does work(case, folder) for all of todo, each in a process of its own, with progress."""
    running = {}
    try:
        _all(list(todo), work, results, prefix, running)
    finally:
        for _, process, _ in running.values():
            _end(process)


def _end(process):
    """Ends the process of a case, with all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it has ended, or is not the leader of a group yet
        process.kill()
    process.join()


def _all(queue, work, results, prefix, running):
    """running: pipe -> (case, process, when it began) of those at work, at any time."""
    context, start, done, count = multiprocessing.get_context("fork"), time.monotonic(), 0, len(queue)
    while queue or running:
        while queue and len(running) < WORKERS:
            case = queue.pop(0)
            mine, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_child, args=(theirs, work, case))
            process.start()
            theirs.close()
            running[mine] = (case, process, time.monotonic())
        ready = multiprocessing.connection.wait(list(running), timeout=5)
        late = [pipe for pipe, (_, _, began) in running.items() if time.monotonic() - began > WALL]
        for pipe in {*ready, *late}:
            case, process, began = running.pop(pipe)
            try:
                outcome = (pipe.recv(), *pipe.recv()) if pipe in ready else (judge.ENDLESS, "", f"not done in {WALL} s")
            except EOFError:
                process.join()
                outcome = (judge.BROKEN, "", f"the process ended with {process.exitcode}")
            _end(process)
            done += 1
            results.add(prefix + case.name, *outcome, time.monotonic() - began)
            left = (time.monotonic() - start) / done * (len(queue) + len(running)) / 60
            said = outcome[2].strip().splitlines() or [""]
            print(
                f"{done}/{count} {prefix}{case.name}: {outcome[0]} {said[-1] if outcome[0] == judge.BROKEN else said[0]}"[:200],
                f"({left:.0f} min left)",
                flush=True,
            )


def sample(found, everything, count):
    """count cases of those that are right on this machine, always the same ones while they are."""
    right = [case for case in everything if found.get(case.name, {}).get("outcome") == judge.RIGHT]
    order = {case.name: random.Random(f"{SEED} {case.name}").random() for case in right}
    return sorted(right, key=lambda case: order[case.name])[:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="of names or operators")
    parser.add_argument("--again", default="", help="outcomes to try anew: wrong,refused,traceback,endless")
    parser.add_argument("--keep", action="store_true", help="what other versions of the tool found, too")
    parser.add_argument("--host", action="store_true", help="no boards")
    parser.add_argument("--page", action="store_true", help="runs nothing; writes the page of all that was found, by any version")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        conform(options)
    except KeyboardInterrupt:
        found = len(RESULTS.read_text().splitlines()) if RESULTS.exists() else 0
        print(
            f"\nBroken off. {RESULTS.relative_to(ROOT)} has {found:,} results: called again, it goes on there; --page writes docs/operators.md of them."
        )
        sys.exit(130)


def conform(options):
    everything, left_out = backend_tests.collect()
    random.Random(SEED).shuffle(everything)  # what a run that is broken off has done is a sample
    results = Results(RESULTS, options.keep or options.again or options.page, options.again.split(","))
    todo = everything
    if options.page:
        return page(everything, left_out, results)
    if options.words:
        words = [word.lower() for word in options.words]
        todo = [case for case in everything if any(word in case.name.lower() or word == case.operator.lower() for word in words)]
        results.found = {name: entry for name, entry in results.found.items() if name not in {case.name for case in todo}}
    judge.prepare()
    known = {name for name, entry in results.found.items() if entry["outcome"] != judge.NOT_RUN}
    if not options.words or "exporters" in options.words:
        run([e for e in exporters.ALL if f"exporter:{e.name}" not in known], judge.exported, results, "exporter:")
    run([case for case in todo if case.name not in results.found], judge.judged, results)
    if options.words:
        for case in todo:
            entry = results.found[case.name]
            print(f"\n{case.name} ({case.operator}): {entry['outcome']} {entry['variant']}\n{entry['said']}")
        return
    if not options.host:
        for board, count in SAMPLE.items():
            chosen = sample(results.found, everything, count)
            todo = [case for case in chosen if f"{board}:{case.name}" not in results.found]
            run(todo, on_boards.Boards(board, results.found), results, f"{board}:")
    page(everything, left_out, results)


def page(everything, left_out, results):
    """Writes docs/operators.md of results."""
    operators_page.write(
        everything,
        left_out,
        results.found,
        {b: [c.name for c in sample(results.found, everything, n)] for b, n in SAMPLE.items()},
    )


if __name__ == "__main__":
    main()
