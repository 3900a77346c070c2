"""A scheduler and workers as on machines of their own: each in a network namespace, with a HOME and a /tmp of its own, and without
the folders of the project that it works for. Takes root and iproute2.

    python test/cluster/namespaces.py MODELS BOARDS GRID     a sweep with and without them, one killed in the middle: the same bytes
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NET, _BRIDGE = "10.213.77", "ireefarm"


def _ip(*words, check=True):
    subprocess.run(["ip", *words], check=check, capture_output=not check)


class Machines:
    """A scheduler and number workers, each a "machine"; hidden: folders that they do not have."""

    def __init__(self, folder, number, hidden):
        self.folder, self.hidden, self.names, self.processes = (
            Path(folder),
            hidden,
            [f"{_BRIDGE}{n}" for n in range(number + 1)],
            [],
        )
        self.address = f"tcp://{_NET}.10:8786"

    def __enter__(self):
        self._remove()
        _ip("link", "add", _BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{_NET}.1/24", "dev", _BRIDGE)
        _ip("link", "set", _BRIDGE, "up")
        for number, name in enumerate(self.names):
            inside = ["netns", "exec", name, "ip"]
            _ip("netns", "add", name)
            _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", name, "master", _BRIDGE, "up")
            _ip(*inside, "addr", "add", f"{_NET}.{10 + number}/24", "dev", "eth0")
            _ip(*inside, "link", "set", "eth0", "up")
            _ip(*inside, "link", "set", "lo", "up")
        self.start(0, "scheduler", "--host", f"{_NET}.10", "--port", "8786", "--no-dashboard")
        for number in range(1, len(self.names)):
            self.start(
                number,
                "worker",
                self.address,
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--local-directory",
                "/tmp/dask",
            )
        return self

    def start(self, number, kind, *words):
        home = self.folder / f"home{number}"
        home.mkdir(exist_ok=True)
        hide = "".join(f"mount -t tmpfs none '{folder}' && " for folder in ("/tmp", *self.hidden))
        command = f"{hide}exec env HOME={home} {sys.executable} -m distributed.cli.dask_{kind} {' '.join(words)}"
        with open(self.folder / "log", "a") as log:
            self.processes.append(
                subprocess.Popen(
                    ["ip", "netns", "exec", self.names[number], "sh", "-c", command], cwd="/", stdout=log, stderr=log
                )
            )

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()
        self._remove()

    def _remove(self):
        for name in self.names:
            _ip("netns", "del", name, check=False)
        _ip("link", "del", _BRIDGE, check=False)


def _project(folder):
    for name in ("SConstruct", "samples", "site_scons", "boards"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        folder.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, folder / name)
    return folder


def _sweep(project, log, *arguments):
    command = [sys.executable, "-m", "SCons", "-Q", "sweep", *arguments]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.Popen(command, cwd=project, env=environment, stdout=open(log, "w"), stderr=subprocess.STDOUT)


def _rows(project):
    return len(list(project.glob("build/sweep/**/*_row.json")))


def _files(project):
    build = project / "build/sweep"
    return {str(path.relative_to(build)): path.read_bytes() for path in sorted(build.rglob("*")) if path.is_file()}


def main(models, boards, grid):
    folder = Path(tempfile.mkdtemp(prefix="iree-farm-", dir=os.environ.get("FARM_DIR")))
    arguments = [f"models={models}", f"boards={boards}", f"grid={grid}"]
    here, there = _project(folder / "here"), _project(folder / "there")
    start = time.monotonic()
    assert _sweep(here, folder / "here.log", "-j2", *arguments).wait() == 0, folder
    print(f"without a cluster: {_rows(here)} rows, {time.monotonic() - start:.0f} s", flush=True)
    start = time.monotonic()
    with Machines(folder, 3, [here, there, models]) as machines:
        sweep = _sweep(there, folder / "there.log", "-j3", f"cluster={machines.address}", *arguments)
        while sweep.poll() is None and _rows(there) < _rows(here) // 3:
            time.sleep(1)
        machines.processes[-1].kill()  # in a third of the way
        print(f"one of three workers killed after {_rows(there)} rows", flush=True)
        code = sweep.wait()
    print(f"with it: exit code {code}, {_rows(there)} rows, {time.monotonic() - start:.0f} s", flush=True)
    mine, theirs = _files(here), _files(there)
    different = [name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)]
    print(f"{len(mine)} files, {len(different)} of them different", *different[:10], sep="\n", flush=True)
    return int(bool(code or different))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
