"""A small sample of `scons identical-builds`: one board, in two folders."""

import identical_builds
from workspace import Workspace


def test_the_same_in_another_folder(tmp_path):
    rows, wrong = identical_builds.compare(tmp_path, [("board=stm32f4",)], 3)
    assert [what.split(",")[0] for what, *_ in rows] == ["nothing: built again", "another folder"]
    assert not wrong and all(files == identical > 20 for _, files, identical in rows)


def test_a_difference_is_found(tmp_path):
    work = Workspace(tmp_path / "project")
    files = {((), "a.o"): b"made in " + str(work.folder).encode(), ((), "b.o"): b""}
    assert identical_builds.traces(work, files) == [("a.o", str(work.folder))]
    assert identical_builds.differences("x", files, {((), "b.o"): b"", ((), "c.o"): b""}) == ["x: a.o", "x: c.o"]
