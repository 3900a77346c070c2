"""Tools with a time limit, which are killed with all that they started."""

import os
import signal
import subprocess
from pathlib import Path


def run(words, timeout, given=None, **how):
    """The completed process of words, its output captured; given: its input; how: as for `subprocess.Popen`.

    After timeout seconds it is killed, with its children and theirs, and `subprocess.TimeoutExpired` raised.
    It stays in this process group: what interrupts a build interrupts it, too.
    """
    stdin = None if given is None else subprocess.PIPE
    with subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as process:
        try:
            output, messages = process.communicate(given, timeout=timeout)
        except BaseException:
            kill(process.pid)
            raise
        return subprocess.CompletedProcess(words, process.returncode, output, messages)


def kill(pid):
    """Kills the process pid, a child of this one, with its children and theirs."""
    stopped = set()
    while found := {pid, *_descendants(pid)} - stopped:  # stopped, they start no more
        for other in found:
            _send(other, signal.SIGSTOP)
        stopped |= found
    for other in stopped:
        _send(other, signal.SIGKILL)


def _send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _descendants(pid):
    """The numbers of all processes that pid started, and those did."""
    children, found = {}, []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the program's name, in brackets, which may hold any character: the state, then the parent.
            children.setdefault(int(status.read_text(errors="replace").rpartition(")")[2].split()[1]), []).append(int(status.parent.name))
        except OSError:  # it has ended
            continue
    todo = [pid]
    while todo:
        more = children.get(todo.pop(), [])
        found += more
        todo += more
    return found
