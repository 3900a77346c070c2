"""The plugin that counts: which QEMU takes it, and that it is built once."""

import pytest
from iree_baremetal.device import executions
from iree_baremetal.errors import BaremetalError


@pytest.fixture
def qemu(tmp_path, monkeypatch):
    """A fake QEMU that says its version and, or not, that it takes plugins."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(executions, "user_cache", lambda: tmp_path / "cache")

    def make(version, offered="-plugin [file=]file"):
        path = tmp_path / f"qemu-{version}"
        path.write_text(f"#!/bin/sh\ncase $1 in --version) echo 'QEMU emulator version {version}';; *) echo '{offered}';; esac\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.mark.parametrize("version, expected", [("7.2.22", 1), ("8.2.0", 1), ("9.0.0", 2), ("10.0.3", 2), ("11.1.0", 7)])
def test_the_plugin_is_of_the_version_that_qemu_takes(qemu, version, expected):
    assert executions._plugin_version(qemu(version)) == expected


def test_a_qemu_without_plugins(qemu):
    with pytest.raises(BaremetalError, match="was built without plugins: instructions are told, but no cycles"):
        executions.plugin(qemu("7.2.0", offered="-machine"))


def test_it_is_built_once_and_kept(qemu, tmp_path):
    first = executions.plugin(qemu("7.2.22"))
    assert first.exists() and [first] == list((tmp_path / "cache").iterdir())
    before = first.stat().st_mtime_ns
    executions.plugin.cache_clear()
    assert executions.plugin(qemu("7.2.22")).stat().st_mtime_ns == before


def test_without_a_compiler(qemu, monkeypatch):
    monkeypatch.setattr(executions.shutil, "which", lambda name: None)
    with pytest.raises(BaremetalError, match="takes a C compiler for this machine"):
        executions.plugin(qemu("8.0.0"))
