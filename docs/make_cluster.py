"""Measures what a task costs on a cluster beyond its work, with tasks that only sleep: writes the table in docs/cluster.md."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "site_scons/site_tools"), str(ROOT / "test/cluster"), str(ROOT / "test/reliability")]
import tables  # noqa: E402
from farm import Farm  # noqa: E402
from iree_baremetal.cluster import connection  # noqa: E402

_PACKAGE = ROOT / "site_scons/site_tools/iree_baremetal"
_SLEEP = 0.05  # seconds, one after the other
_MANY = (100, 500)  # tasks of one second each, of two builds
_JOBS = 64

_SCONSTRUCT = """
import os, sys
sys.path.insert(0, %r)
import iree_baremetal
from iree_baremetal.builders.action import tool_action
env = Environment(tools=[], ENV=os.environ, IREE_BOARD="host", IREE_CLUSTER=ARGUMENTS["cluster"])
env.Tool(iree_baremetal.generate)
env.Replace(SLEEPCOM="/bin/sh ${SOURCES[0]} $TARGET", SLEEPCOMSTR=" ")
for number in range(int(ARGUMENTS["tasks"])):
    env.Command("out" + ARGUMENTS["tasks"] + "/" + str(number), ["sleep.sh", "source.txt"], tool_action("SLEEPCOM"))
"""


def _one_by_one(cluster, folder, number=100):
    """(milliseconds of a task beyond the worker's work, and of the worker beyond its sleep), medians."""
    away, beside = [], []
    for _ in range(number):
        start = time.monotonic()
        cluster.run(["/bin/sleep", str(_SLEEP)], 60, [folder / "source.txt"], folder=folder)
        took = time.monotonic() - start
        (worked,) = cluster.took["sleep"][-1:]
        away.append(took - worked)
        beside.append(worked - _SLEEP)
    return 1e3 * statistics.median(away), 1e3 * statistics.median(beside)


def _build(folder, tasks, *more):
    """(seconds, seconds of CPU in scons) of a build of tasks."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "SCons", "-Q", f"-j{_JOBS}", f"tasks={tasks}", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "source.txt").write_text("x" * 1000)
        (folder / "sleep.sh").write_text('sleep 1\necho done >"$1"\n')
        (folder / "SConstruct").write_text(_SCONSTRUCT % str(ROOT / "site_scons/site_tools"))
        farm = Farm(folder, 2, _JOBS // 2)
        try:
            cluster = connection.connect(farm.address, folder, _PACKAGE)
            away, beside = _one_by_one(cluster, folder)
            builds = [_build(folder, tasks, f"cluster={farm.address}") for tasks in _MANY]
        finally:
            farm.close()
    between = _MANY[1] - _MANY[0]
    wall, cpu = ((builds[1][n] - builds[0][n]) / between for n in (0, 1))
    rows = [
        ("beyond its work, one task after the other: packing, sending, waiting, taking back", f"{away:.1f} ms"),
        ("on the worker: a folder, its files, a process", f"{beside:.1f} ms"),
        (f"CPU of the machine that calls scons, with -j{_JOBS}", f"{1e3 * cpu:.1f} ms"),
        (f"tasks a second, {_JOBS} workers, tasks of 1 s (at most {_JOBS})", f"{1 / wall:.0f}"),
        *(
            (f"workers from which that machine is the limit, tasks of {seconds} s", f"{seconds / cpu:,.0f}")
            for seconds in (1, 3, 10, 60)
        ),
    ]
    load = os.getloadavg()[0]
    words = f"Medians of 100 tasks, and {between} tasks; {os.cpu_count()} cores for all of it, load {load:.0f}."
    tables.write("cluster-costs", f"{tables.markdown(['a task', ''], rows)}\n{words}\n", ROOT / "docs/cluster.md")


if __name__ == "__main__":
    main()
