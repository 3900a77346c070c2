"""Bad input at random: what a reader makes of it is a result or a `BaremetalError`, never another exception.

    python test/reliability/fuzzing.py [READER [EXAMPLES]]

Hypothesis mutates good files and makes others of random parts; the same examples each time. `readers/` has a module for
each kind of input.
"""

import signal
import sys
import tempfile
from pathlib import Path

import corpus  # noqa: F401  the tool's path
import hypothesis
from iree_baremetal.errors import BaremetalError
from readers import READERS

SECONDS = 20  # what takes longer hangs


def _late(*_):
    raise AssertionError(f"it takes more than {SECONDS} s")


def fuzz(reader, examples):
    """(read, refused): how many random files the reader took, and how many it refused clearly."""
    strategy, read, *_ = READERS[reader]
    counts = {"read": 0, "refused": 0}
    old = signal.signal(signal.SIGALRM, _late)
    with tempfile.TemporaryDirectory() as folder:

        def tried(content):
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                read(Path(folder), content)
                counts["read"] += 1
            except BaremetalError as error:
                counts["refused"] += 1
                str(error).encode()  # it can be printed
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)

        quick = hypothesis.settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        try:
            quick(hypothesis.given(strategy)(tried))()
        finally:
            signal.signal(signal.SIGALRM, old)
    return counts["read"], counts["refused"]


def main(reader="", examples=0):
    for name in [reader] if reader else READERS:
        read, refused = fuzz(name, int(examples) or READERS[name][3])
        print(f"{name}: {read} read, {refused} refused", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
