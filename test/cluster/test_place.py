"""A command in a folder of its own on a worker: its files, paths, tools and what comes back."""

import os
import stat
import sys

import pytest
from iree_baremetal.cluster import parcel
from iree_baremetal.cluster.place import Place

SH = "/bin/sh"


@pytest.fixture
def project(tmp_path):
    """The top of a project, whose paths no worker has: it is moved away before anything runs."""
    top = tmp_path / "project"
    (top / "build").mkdir(parents=True)
    (tmp_path / "outside/headers").mkdir(parents=True)
    (top / "a.c").write_text("int a;\n")
    (tmp_path / "outside/headers/b.h").write_text("int b;\n")
    (tmp_path / "package").mkdir()
    return top


@pytest.fixture
def place(tmp_path):
    package = tmp_path / "worker/package"
    package.mkdir(parents=True)
    (package / "inside").write_text("of the package\n")
    return Place(tmp_path / "worker/folder", package)


def pack(top, words, files=(), outputs=(), folder=None, timeout=20, environment=None, given=b""):
    package = str(top.parent / "package")
    return parcel.pack(
        [str(w) for w in words], timeout, folder or top, environment or {}, files, outputs, str(top), package, given
    )


def sh(script, *words):
    return [SH, "-c", script, "sh", *words]


def elsewhere(project):
    """Takes the project's files away, as on another machine."""
    for name in ("project", "outside", "package"):
        os.rename(project.parent / name, project.parent / f"not-{name}")


def test_files_go_there_and_outputs_come_back(project, place):
    header = project.parent / "outside/headers/b.h"
    words = sh('cat a.c "$1" >build/out && chmod +x build/out && pwd >"$2"', header, project / "build/where")
    packed = pack(project, words, [project / "a.c", header], [project / "build/out", project / "build/where"])
    elsewhere(project)
    answer = place.perform(packed)
    assert answer["returncode"] == 0, answer
    assert answer["outputs"][str(project / "build/out")] == (True, b"int a;\nint b;\n")
    executable, where = answer["outputs"][str(project / "build/where")]
    assert not executable and str(project).encode() not in where
    assert not list(place.folder.glob("command-*"))


def test_outputs_are_written_as_links_into_caches_stay(tmp_path):
    shared, target = tmp_path / "cache", tmp_path / "build/program"
    shared.write_bytes(b"old")
    target.parent.mkdir()
    os.link(shared, target)
    parcel.unpack({str(target): (True, b"new"), str(tmp_path / "more/file"): (False, b"")})
    assert shared.read_bytes() == b"old" and target.read_bytes() == b"new"
    assert os.access(target, os.X_OK) and not os.access(tmp_path / "more/file", os.X_OK)


@pytest.mark.parametrize("word", ["-I{}", "--sysroot={}", "-Wl,-T{}/x.ld", "{}", "-isystem{}", "file={},addr=0", "{}/"])
def test_paths_within_words(project, place, word):
    folder = project.parent / "outside/headers"
    for path in (project, folder):
        answer = place.perform(pack(project, sh('echo "$1"', word.format(path)), [folder / "b.h"]))
        said = answer["stdout"].decode().strip()
        mine, end = word.split("{}")
        assert said.startswith(mine + str(place.folder)) and said.endswith(end), said


@pytest.mark.parametrize("word", ["{}2/x", "/x{}", "{}-old", "{}.bak"])
def test_other_paths_that_look_alike_stay(project, place, word):
    answer = place.perform(pack(project, sh('echo "$1"', word.format(project))))
    assert answer["stdout"].decode().strip() == word.format(project)


def test_messages_name_the_clients_paths(project, place):
    answer = place.perform(pack(project, sh('echo "$1: wrong" >&2; exit 3', project / "a.c")))
    assert answer["returncode"] == 3 and answer["stderr"] == f"{project}/a.c: wrong\n".encode()


def test_the_package_is_the_workers(project, place):
    answer = place.perform(pack(project, sh('cat "$1/inside"', project.parent / "package")))
    assert answer["stdout"] == b"of the package\n"


def test_environment(project, place, monkeypatch):
    given = {
        "MINE": f"{project}/a.c",
        "HOME": "/nowhere",
        "PATH": "/nowhere",
        "PYTHONPATH": "/nowhere",
        "LD_LIBRARY_PATH": "/x",
        "SSH_KEY": "x",
    }
    answer = place.perform(pack(project, sh("env"), environment=given))
    said = dict(line.partition("=")[::2] for line in answer["stdout"].decode().splitlines())
    assert said["MINE"].startswith(str(place.folder)) and said["PATH"] == os.environ["PATH"]
    assert "SSH_KEY" not in said and said.get("LD_LIBRARY_PATH") == os.environ.get("LD_LIBRARY_PATH")


def test_large_files_are_sent_once(project, place):
    (project / "weights").write_bytes(os.urandom(parcel.SMALL + 1))
    packed = pack(project, sh("wc -c <weights"), [project / "weights", project / "a.c"])
    light = parcel.light(packed)
    assert [content is None for _, _, content in light["files"].values()] == [True, False]
    assert place.perform(light)["returncode"] == 0  # the file system is shared
    elsewhere(project)
    assert place.perform(light)["missing"] == [packed["files"][str(project / "weights")][1]]
    assert place.perform(packed)["returncode"] == 0
    assert place.perform(light)["stdout"].split() == [str(parcel.SMALL + 1).encode()]


def test_a_shared_path_with_other_contents_is_no_shared_file(project, place):
    (project / "weights").write_bytes(bytes(parcel.SMALL + 1))
    light = parcel.light(pack(project, sh("true"), [project / "weights"]))
    (project / "weights").write_bytes(b"1" * (parcel.SMALL + 1))
    assert place.perform(light)["missing"]


def test_time_limit(project, place):
    answer = place.perform(pack(project, sh("echo begun; sleep 100"), timeout=0.5))
    assert answer["late"] and answer["stdout"] == b"begun\n" and answer["seconds"] < 20


def test_a_full_disk_and_a_killed_tool_are_this_workers_trouble(project, place):
    full = place.perform(pack(project, sh("echo 'a.o: No space left on device' >&2; exit 1")))
    assert "no space left" in full["trouble"]
    assert "killed" in place.perform(pack(project, sh("kill -9 $$")))["trouble"]


def tool(path, version):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'cc {version}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_tools_are_found_by_name_and_must_be_the_same(project, place, tmp_path, monkeypatch):
    here, there = tool(tmp_path / "client/some-cc", "1.2"), tool(tmp_path / "bin/some-cc", "1.2")
    packed = pack(project, [here, f"--linker={here}"])
    assert packed["versions"] == {str(here): "cc 1.2"}
    here.unlink()
    assert "some-cc: none on PATH" in place.perform(packed)["refused"]
    monkeypatch.setenv("PATH", f"{there.parent}:{os.environ['PATH']}")
    assert place.perform(packed)["stdout"] == b"cc 1.2\n"
    other = tool(tmp_path / "other/some-cc", "1.3")
    monkeypatch.setenv("PATH", f"{other.parent}:{os.environ['PATH']}")
    assert place.perform(packed)["refused"] == "some-cc: cc 1.3, here cc 1.2"


def test_python_is_the_workers(project, place, tmp_path):
    own = tmp_path / "venv/bin/python3"
    own.parent.mkdir(parents=True)
    own.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    own.chmod(0o755)
    packed = pack(project, [own, "-c", "print(1)"])
    own.unlink()
    assert place.perform(packed)["stdout"] == b"1\n"
