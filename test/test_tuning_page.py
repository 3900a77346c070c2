"""The tables of docs/tuning.md: by estimated cycles where the core has a timing table, else by instructions."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import make_tuning  # noqa: E402


def found(flags, count, cycles, code, optimize=None, failed=""):
    return {
        "flags": flags,
        "rewrites": "all",
        "optimize": optimize,
        "count": count,
        "cycles": cycles,
        "code": code,
        "weights": 1000,
        "failed": failed,
    }


def section(timed):
    """Of one model and three ways, of which the one with most instructions takes the fewest cycles."""
    ways = [("wide", 9000, 4000, 500, "speed"), ("small", 8000, 6000, 300, "size"), ("none", 16000, 8000, 400, "default")]
    return make_tuning.section(
        [{"model": "net", "found": [found(f, n, c if timed else None, size, goal) for f, n, c, size, goal in ways]}]
    )


def test_by_cycles():
    text = section(True)
    assert "| net | cycles | code |" in text
    assert "| wide | all | speed | **4** / 1,500 | 0.50 | 1.25 |" in text
    assert "`optimize=speed` is `flags=wide rewrites=all`: the best of these on all models (geometric mean). Confirmed." in text


def test_by_instructions_where_there_are_no_cycles():
    text = section(False)
    assert "| net | instructions | code |" in text
    assert "| small | all | size | **8** / **1,300** | 0.50 | 0.75 |" in text
    assert "`flags=small rewrites=all` takes 88.9 % of its instructions" in text
