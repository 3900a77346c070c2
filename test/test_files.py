"""Files that are whole or not there, and what is removed of killed processes."""

import json
import os
import time

import pytest
from iree_baremetal import files


def test_replace_through_a_link(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    files.replace(link, b"new")
    assert link.is_symlink() and file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_replacement_that_fails_leaves_the_old(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("old")
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError):
        files.replace(file, b"new")
    assert file.read_text() == "old" and os.listdir(tmp_path) == ["file"]


def test_only_empty_folders_are_removed(tmp_path):
    for name in ("a/b/c", "kept/d"):
        (tmp_path / "top" / name).mkdir(parents=True)
    (tmp_path / "top/kept/file").touch()
    files.remove_empty(tmp_path / "top")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == ["top", "top/kept", "top/kept/file"]


def aged(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_only_what_is_old_is_removed(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "part").touch()
    aged(tmp_path / "old", 90000)
    files.remove_stale([*tmp_path.iterdir(), tmp_path / "gone"])
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.fixture
def cache(tmp_path):
    (tmp_path / "0A").mkdir()
    (tmp_path / "config").write_text(json.dumps({"prefix_len": 2}))
    return tmp_path


@pytest.mark.parametrize("seconds", [0, 90000, -90000])
def test_a_lock_that_was_left(cache, seconds):
    aged_lock = cache / "config.lock"
    aged_lock.touch()
    aged(aged_lock, seconds)
    files.mend_cache(cache, False)
    assert not aged_lock.exists() and (cache / "config").exists()


def test_a_configuration_that_was_cut_off(cache):
    (cache / "config").write_text('{"pre')
    aged(cache / "config", 10)
    files.mend_cache(cache, False)
    assert not (cache / "config").exists()  # SCons makes it anew


def test_parts_of_results(cache):
    for name in ("tmpabcdefgh", "0123.tmp4567", "0123"):
        (cache / "0A" / name).touch()
        aged(cache / "0A" / name, 90000)
    files.mend_cache(cache, False)
    assert len(list((cache / "0A").iterdir())) == 3
    files.mend_cache(cache, True)
    assert [path.name for path in (cache / "0A").iterdir()] == ["0123"]


def test_no_cache_yet(tmp_path):
    files.mend_cache(tmp_path / "none", True)
