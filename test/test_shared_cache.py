"""A cache of results is refused where somebody else may have put them there."""

import os

import pytest
from fake_project import Project
from iree_baremetal import shared_cache
from iree_baremetal.errors import BaremetalError


def test_one_that_everybody_may_write_to(tmp_path):
    (tmp_path / "project").mkdir()
    project = Project(tmp_path / "project")
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o777)
    refused = project.scons(f"cache={cache}")
    assert refused.code == 2 and refused.ran == []
    assert f"cache={cache} is not trusted: everybody may write to it; close it with chmod o-w {cache}." in refused.text
    assert "say trust_cache=1" in refused.text and "Traceback" not in refused.text
    assert not list(cache.iterdir())
    assert project.built(f"cache={cache}", "trust_cache=1")
    cache.chmod(0o775)  # a group is a choice
    assert project.built("-c", f"cache={cache}") == []
    assert project.built(f"cache={cache}") == []  # all from there


def test_one_of_another_user(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    if tmp_path.stat().st_uid == 0:
        shared_cache.require_trusted(tmp_path)  # root's is
        os.chown(tmp_path, 12345, -1)
    with pytest.raises(BaremetalError, match=r"is not trusted: it belongs to another user, number \d+\."):
        shared_cache.require_trusted(tmp_path)


def test_one_that_is_not_there_yet(tmp_path):
    shared_cache.require_trusted(tmp_path / "cache")
