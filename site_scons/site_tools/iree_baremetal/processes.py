"""Tools with a limit of time, after which they are killed with all that they started, and of memory."""

import os
import re
import resource
import signal
import subprocess
from pathlib import Path

_LEAST_MEMORY = 4 * 2**30
# LLVM's words, C++'s, Python's, the linker's of shared libraries, and this package's.
_OUT_OF_MEMORY = re.compile(
    "LLVM ERROR: out of memory|std::bad_alloc|MemoryError|Cannot allocate memory|failed to map segment|too large for this machine"
)


def memory_limit():
    """Bytes that a tool may take where nobody says how many: three quarters of this machine's memory, and at least 4 GiB."""
    return max(_LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4)


def ran_out_of_memory(messages):
    """Whether a tool that failed with these messages did so for want of memory."""
    return bool(_OUT_OF_MEMORY.search(messages))


def run(words, timeout, given=None, memory=None, **how):
    """The completed process of words, its output captured; given: its input; how: as for `subprocess.Popen`.

    After timeout seconds it is killed, with its children and theirs, and `subprocess.TimeoutExpired` raised.
    memory: bytes of address space that it, and each of its children, may have; on Linux. It stays in this process group: what interrupts a build interrupts it, too.
    """
    stdin = None if given is None else subprocess.PIPE
    with subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as process:
        try:
            if memory:
                _limit(process.pid, memory)
            output, messages = process.communicate(given, timeout=timeout)
        except BaseException:
            kill(process.pid)
            raise
        return subprocess.CompletedProcess(words, process.returncode, output, messages)


def _limit(pid, memory):
    """What it starts from now on has the limit, too; set from here, as code between fork and exec is not safe beside threads."""
    if hasattr(resource, "prlimit"):
        try:
            _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
            resource.prlimit(pid, resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
        except ProcessLookupError:  # it has ended
            pass


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
            children.setdefault(int(status.read_text(errors="replace").rpartition(")")[2].split()[1]), []).append(
                int(status.parent.name)
            )
        except OSError:  # it has ended
            continue
    todo = [pid]
    while todo:
        more = children.get(todo.pop(), [])
        found += more
        todo += more
    return found
