"""A small sample of `scons interruptions`."""

import disturbances
import interruptions
import pytest


def test_killed_builds(tmp_path, monkeypatch):
    monkeypatch.setattr(interruptions, "FOLDERS", [interruptions.FOLDERS[0][:2]])
    met, failed, left = interruptions.run(tmp_path, 2)
    assert sum(met.values()) == 2 and not failed
    text = interruptions.report(met, failed, left, [disturbances.Verdict("a", "b", 2, 1)])
    assert "2 builds were killed" in text and "| a | b | 1 of 2 |" in text


@pytest.mark.parametrize("case", ["stopped", "clock", "full"])
def test_disturbed_builds(case, cases):
    verdict = getattr(cases, case)()
    if verdict is None:
        pytest.skip("no mount namespaces here")
    assert verdict.right == verdict.tried == 1, verdict.seen


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return disturbances.Cases(tmp_path_factory.mktemp("cases") / "project", 1)
