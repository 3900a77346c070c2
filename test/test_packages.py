"""What is said where Python packages are missing, too old, or not to be installed by pip."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from iree_baremetal import packages

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def managed(monkeypatch, tmp_path):
    (tmp_path / "EXTERNALLY-MANAGED").write_text("[externally-managed]\n")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path))


def test_an_environment_of_ones_own_takes_packages():
    assert packages.install("numpy") == f"{sys.executable} -m pip install numpy"


def test_the_systems_python_does_not(managed):
    advice = packages.install("capstone>=5")
    assert advice.startswith("pipx install scons && pipx inject scons 'capstone>=5'; or")
    assert (
        "python3 -m venv .venv && .venv/bin/pip install scons 'capstone>=5'" in advice
        and "externally-managed-environment" in advice
    )


def test_the_environment_of_a_managed_python_does(managed, monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/home/me/.venv")
    assert packages.install("numpy").endswith(" -m pip install numpy")


@pytest.mark.parametrize(
    "version, expected", [("4.0.2", "capstone 5 or later (it has 4.0.2). Install: "), ("", "capstone. Install: ")]
)
def test_scons_names_what_is_too_old_or_missing(tmp_path, version, expected):
    """As with Debian's capstone 4.0.2, before RISC-V; and with none."""
    own = tmp_path / "packages"
    if version:
        (own / "capstone").mkdir(parents=True)
        (own / "capstone" / "__init__.py").write_text("CS_ARCH_ARM = 0\n")
        (own / f"capstone-{version}.dist-info").mkdir()
        (own / f"capstone-{version}.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: capstone\nVersion: {version}\n"
        )
    else:
        own.mkdir()
        (own / "sitecustomize.py").write_text(
            "import importlib.util\nfind = importlib.util.find_spec\n"
            "importlib.util.find_spec = lambda name, *rest: None if name == 'capstone' else find(name, *rest)\n"
        )
    environment = {**os.environ, "PYTHONPATH": str(own)}
    (tmp_path / "SConstruct").write_text("import os\nenv = Environment(tools=['iree_baremetal'], ENV=os.environ)\n")
    command = [sys.executable, "-m", "SCons", "-Q", "--site-dir", str(ROOT / "site_scons")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (
        done.returncode == 2 and f"the Python that runs SCons lacks {expected}" in done.stderr and "Traceback" not in done.stderr
    )
