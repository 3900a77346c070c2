"""A small sample of `scons identical-builds`: one board, in two folders."""

import identical_builds
from workspace import Workspace


def test_the_same_in_another_folder(tmp_path):
    rows, wrong = identical_builds.compare(tmp_path, [("board=stm32f4",)], 3)
    assert [what.split(",")[0] for what, *_ in rows] == ["nothing: built again", "another folder"]
    assert not wrong and all(files == identical > 20 for _, files, identical in rows)


def test_what_this_machine_cannot_have_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(identical_builds.shutil, "which", lambda tool: None)
    monkeypatch.setattr(identical_builds, "_another_user", lambda folder: None)
    monkeypatch.setattr(identical_builds, "_built", lambda work, every, **how: {((), "a.o"): b""})
    rows, wrong = identical_builds.compare(tmp_path, [()])
    assert not wrong and [row[1:] for row in rows[:3]] == [(1, 1)] * 3
    assert [row[1:] for row in rows[3:]] == [
        ("–", "not tried: faketime is not installed"),
        ("–", "not tried: no other user can run this Python"),
    ]


def test_a_difference_is_found(tmp_path):
    work = Workspace(tmp_path / "project")
    files = {((), "a.o"): b"made in " + str(work.folder).encode(), ((), "b.o"): b""}
    assert identical_builds.traces(work, files) == [("a.o", str(work.folder))]
    assert identical_builds.differences("x", files, {((), "b.o"): b"", ((), "c.o"): b""}) == ["x: a.o", "x: c.o"]
