"""The rules of pyproject.toml, by ruff and mypy."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*words):
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)


def test_ruff():
    pytest.importorskip("ruff")
    done = run("ruff", "check", "--no-cache", "-q", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_format():
    pytest.importorskip("ruff")
    done = run("ruff", "format", "--no-cache", "--check", "-q", ".")
    assert done.returncode == 0, f"ruff format: {done.stdout}{done.stderr}"


def test_mypy(tmp_path):
    pytest.importorskip("mypy")
    done = run("mypy", "--cache-dir", str(tmp_path), "--no-error-summary")
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_of_tests_have_different_names():
    """pytest imports them by their names alone: of two with one name it runs neither."""
    names = [path.name for path in ROOT.glob("test/**/test_*.py") if "projects" not in path.parts]
    assert sorted(names) == sorted(set(names))
