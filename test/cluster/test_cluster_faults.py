"""Workers that die, hang, are full or slow, and a scheduler that goes: nothing is lost, and nothing waits for ever."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from fake_project import Project
from farm import Farm
from iree_baremetal.cluster import ClusterError, Interrupted, connection
from iree_baremetal.errors import BaremetalError
from long_tests import LONG

PACKAGE = Path(connection.__file__).parents[1]


def connect(farm, **how):
    return connection.connect(farm.address, farm.folder, PACKAGE, **how)


@pytest.fixture(scope="module")
def farm(tmp_path_factory):
    made = Farm(tmp_path_factory.mktemp("farm"), 3)
    made.cluster = connect(made, timeout=4, patience=1.5, grace=2)
    made.cluster.client.wait_for_workers(3, timeout=60)
    yield made
    made.cluster.client.close(timeout=2)
    made.close()


def first_time(folder, what, then="echo done >out"):
    """A script that does `what` where it is called first, else `then`."""
    return f'if mkdir "{folder}/first" 2>/dev/null; then {what}; fi; {then}'


def run(farm, tmp_path, script, timeout=20, words=("/bin/sh", "-c")):
    out = farm.folder / "out"
    out.unlink(missing_ok=True)
    done = farm.cluster.run([*words, script], timeout, outputs=[out], folder=farm.folder, environment={}, given=b"")
    return done, out.read_text() if out.exists() else None


def test_a_worker_that_dies(farm, tmp_path):
    done, out = run(farm, tmp_path, first_time(tmp_path, "kill -9 $PPID; sleep 9"))
    assert done.returncode == 0 and out == "done\n"
    dead = [number for number, process in enumerate(farm.workers) if process.poll() is not None]
    assert len(dead) == 1
    farm.workers[dead[0]] = farm.worker(dead[0])
    farm.cluster.client.wait_for_workers(3, timeout=30)
    assert run(farm, tmp_path, "echo new >out")[1] == "new\n"  # with the package, which it got as it came


def test_a_worker_that_hangs(farm, tmp_path):
    done, out = run(farm, tmp_path, first_time(tmp_path, f'echo $PPID >"{tmp_path}/pid"; kill -STOP $PPID; sleep 60'))
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGCONT)
    assert done.returncode == 0 and out == "done\n"


def test_a_slow_worker(farm, tmp_path):
    start = time.monotonic()
    done, out = run(farm, tmp_path, first_time(tmp_path, "sleep 7"))
    assert out == "done\n" and time.monotonic() - start < 6.5


def test_a_full_disk(farm, tmp_path):
    done, out = run(farm, tmp_path, first_time(tmp_path, 'echo "out: No space left on device" >&2; exit 1'))
    assert done.returncode == 0 and out == "done\n"


@LONG
def test_full_everywhere(farm, tmp_path):
    with pytest.raises(ClusterError) as failed:
        run(farm, tmp_path, f'echo >>"{tmp_path}/tries"; echo "No space left on device" >&2; exit 1')
    assert len((tmp_path / "tries").read_text()) == 3 and str(failed.value).count("no space left") == 3


def test_a_command_that_fails_is_not_tried_again(farm, tmp_path):
    done, out = run(farm, tmp_path, f'echo >>"{tmp_path}/tries"; echo wrong >&2; exit 3')
    assert (done.returncode, done.stderr, out) == (3, b"wrong\n", None)
    assert (tmp_path / "tries").read_text() == "\n"


def test_a_command_that_is_killed_wherever_it_runs(farm, tmp_path):
    done, _ = run(farm, tmp_path, f'echo >>"{tmp_path}/tries"; kill -9 $$')
    assert done.returncode == -9 and len((tmp_path / "tries").read_text()) == 3


def test_time_limit(farm, tmp_path):
    with pytest.raises(subprocess.TimeoutExpired):
        run(farm, tmp_path, "sleep 30", timeout=1)


@pytest.fixture
def project(tmp_path, farm):
    """Of fake tools."""
    made = Project(tmp_path / "project")
    made.environment["FAKES_LOG"] = str(tmp_path / "ran.log")  # outside, where workers write, too
    return made


def test_a_build(project, farm):
    """The same files as without a cluster; what is up to date is not built again."""
    twin = project.copied(project.folder.with_name("twin"))
    project.built("-j2")
    twin.built("-j2", f"cluster={farm.address}")
    made = project.files()
    assert made == twin.files() and len(made) > 20
    assert twin.built() == []  # with or without


def test_a_tool_that_fails_there(project, farm):
    result = project.scons(f"cluster={farm.address}", FAKES_FAIL="iree-compile net.hal.mlirbc")
    assert result.code == 2 and "iree-compile: broken on purpose" in result.text and "Traceback" not in result.text
    assert not any(name.endswith("net.hal.mlirbc") for name in project.files())


def test_a_build_that_is_interrupted(project, farm):
    project.write("tools/iree-compile", '#!/bin/sh\n[ "$1" = --version ] && exit\necho >>"$FAKES_LOG.begun"; sleep 8\n')
    process, begun = project.start("-j4", f"cluster={farm.address}"), Path(f"{project.environment['FAKES_LOG']}.begun")
    limit = time.monotonic() + 40
    while not begun.exists() and time.monotonic() < limit:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    assert process.wait(30) == 2 and time.monotonic() - start < 7.5


def test_without_cluster_nothing_of_dask_is_needed(project):
    project.write("absent/distributed/__init__.py", "raise ImportError('not here')\n")
    project.write("absent/dask/__init__.py", "raise ImportError('not here')\n")
    path = str(project.folder / "absent")
    project.built(PYTHONPATH=path)
    project.write("net.mlir", "module { }\n")
    result = project.scons("cluster=local:1", PYTHONPATH=path)
    assert result.code == 2 and "takes the package distributed. Install: " in result.text and "Traceback" not in result.text


@pytest.mark.parametrize("text", ["local:0", "host:8786"])
def test_a_build_with_no_cluster_at_all(project, text):
    result = project.scons(f"cluster={text}")
    assert result.code == 2 and f"cluster={text}: neither local:N" in result.text and "Traceback" not in result.text


def test_other_tools(farm, tmp_path):
    tool = tmp_path / "some-cc"
    tool.write_text('#!/bin/sh\ncat "$(dirname "$0")/version"\n')
    tool.chmod(0o755)
    (tmp_path / "version").write_text("cc 1\n")
    with pytest.raises(
        ClusterError, match=r"worker tcp://.*: some-cc: cc 1, here cc 2\.\n(.*\n)*.*0 of 3 workers have the tools of this machine"
    ):
        farm.cluster.check({str(tool): "cc 2"})


def test_interrupted(farm, tmp_path):
    other = connect(farm)
    threading.Timer(1, other.interrupt).start()
    start = time.monotonic()
    with pytest.raises(Interrupted):
        other.run(["/bin/sh", "-c", "sleep 5"], 60, folder=farm.folder)
    assert time.monotonic() - start < 4
    other.client.close(timeout=2)


@pytest.mark.parametrize("text", ["local:0", "local", "host:8786", "http://x", "local:-1", "tcp://"])
def test_no_cluster_at_all(text):
    with pytest.raises(BaremetalError, match="neither local:N"):
        connection.parse(text)


def test_nobody_there(tmp_path):
    with pytest.raises(ClusterError, match="cluster=tcp://127.0.0.1:9: no scheduler answers there"):
        connection.connect("tcp://127.0.0.1:9", tmp_path, PACKAGE, timeout=1)


def test_a_scheduler_that_goes(farm, tmp_path):
    """The last of this module: there is no farm after it."""
    threading.Timer(1, farm.scheduler.kill).start()
    start = time.monotonic()
    with pytest.raises(ClusterError, match="the scheduler is gone"):
        run(farm, tmp_path, "sleep 10", timeout=60)
    assert time.monotonic() - start < 30
    with pytest.raises(ClusterError):
        run(farm, tmp_path, "true")
