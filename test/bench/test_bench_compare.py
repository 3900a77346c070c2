"""Two results of bench beside each other, and limits."""

import json

import pytest
from iree_baremetal.bench import compare
from iree_baremetal.errors import BaremetalError


def content(cycles=2000, **changed):
    record = {"weights": 700, "arena": 300, "stack_peak": 90, "instructions": 1500, "cycles": cycles, **changed}
    regions = {
        "FLASH": {"used": 1000, "access": "rx", "categories": {"kernels": 200, "weights": 700}},
        "QSPI": {"used": 24, "access": "r", "categories": {}},
        "RAM": {"used": 512, "access": "rwx", "categories": {"arena": 300}},
    }
    return {"records": [record], "memory": {"regions": regions}}


def test_measures():
    assert compare.measures(content()) == {
        "flash": 1024, "ram": 512, "kernels": 200, "weights": 700, "arena": 300, "stack": 90, "instructions": 1500, "cycles": 2000,
    }  # fmt: skip
    assert "cycles" not in compare.measures(content(cycles=None))


def test_the_table_has_ratios():
    lines = compare.text(content(), content(cycles=1000)).splitlines()
    assert lines[-1].split() == ["cycles", "2,000", "1,000", "0.500"] and lines[1].split() == ["flash", "1,024", "1,024", "1.000"]


def test_budgets_are_parsed():
    assert compare.parse_budget("flash=64K, ram=20k,cycles=5M,arena=300") == {
        "flash": 65536,
        "ram": 20480,
        "cycles": 5e6,
        "arena": 300,
    }
    assert compare.parse_budget("cycles=+2%") == {"cycles": "+2%"}


@pytest.mark.parametrize("text", ["flash", "flash=", "speed=3", "flash=-1", "cycles=2%", "flash=64KB"])
def test_wrong_budgets(text):
    with pytest.raises(BaremetalError, match="is no limit, as in flash=64K"):
        compare.parse_budget(text)


@pytest.mark.parametrize(
    "budget, said",
    [
        ("flash=1K,ram=512,cycles=2k", []),
        ("flash=1023", ["budget: flash is 1,024, above 1,023."]),
        ("cycles=1.9k,stack=80", ["budget: cycles is 2,000, above 1,900.", "budget: stack is 90, above 80."]),
        ("cycles=+2%", ["budget: cycles is 2,000, above 1,938, +2% of 1,900."]),
        ("cycles=+6%", []),
    ],
)
def test_what_is_above(budget, said):
    assert compare.exceeded(content(), compare.parse_budget(budget), content(cycles=1900)) == said


def test_a_share_needs_something_to_be_a_share_of():
    with pytest.raises(BaremetalError, match="give compare=, a …_bench.json with cycles"):
        compare.exceeded(content(), {"cycles": "+2%"})


def test_what_is_wrong_is_told_before_anything_is_measured(tmp_path):
    with pytest.raises(BaremetalError, match=r"budget=cycles=\+2% is a share of what compare= says: give compare="):
        compare.checked("flash=64K,cycles=+2%", "")
    with pytest.raises(BaremetalError, match="compare=.*none.json: no such file"):
        compare.checked("", str(tmp_path / "none.json"))
    (tmp_path / "before.json").write_text("{}")
    assert compare.checked("cycles=+2%", str(tmp_path / "before.json")) == {"cycles": "+2%"}


def test_a_limit_for_what_is_not_known():
    assert compare.exceeded(content(cycles=None), {"cycles": 5}) == [
        "budget: cycles is not known here, so it cannot be kept to a limit."
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"records": 3}', '{"records": [], "memory": {}}'])
def test_other_files_are_refused(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(BaremetalError, match="not what bench writes"):
        compare.read(tmp_path / "x.json")


def test_a_file_is_read(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(content()))
    assert compare.read(tmp_path / "x.json") == content()
