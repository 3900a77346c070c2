"""docs/runtime.md shows the options as they are."""

import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_the_table_of_options_is_current(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(TOP / "docs"), *sys.path])
    import make_runtime

    assert make_runtime.table(make_runtime.option_rows()) in (TOP / "docs/runtime.md").read_text(), "run scons runtime-sizes"
