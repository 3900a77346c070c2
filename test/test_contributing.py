"""CONTRIBUTING.md's example of a rule, and of its test, as somebody would copy them."""

import importlib.util
import sys

import documents
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending, rules

sys.path.insert(0, str(documents.ROOT / "test/formats/onnx/rules"))
import mended  # noqa: E402

RULE, TEST, REWRITE = documents.fenced((documents.ROOT / "CONTRIBUTING.md").read_text(), "python")


@pytest.fixture
def rule(tmp_path, monkeypatch):
    """The rule in a file of the rules' package; it goes with the test."""
    rules.names()
    monkeypatch.setattr(rules, "_RULES", list(rules._RULES))
    file = tmp_path / "thresholds.py"
    file.write_text(RULE)
    spec = importlib.util.spec_from_file_location(f"{rules.__name__}.thresholds", file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


def test_the_rule_passes_its_test(rule, tmp_path):
    given = {}
    exec(TEST, given)
    given["test_thresholded_relu"](tmp_path)


def test_the_rule_does_something(rule):
    def operators(alpha):
        made = mended.model(mended.node("ThresholdedRelu", "x", alpha=alpha), {"x": mended.random(4)}, "y")
        return [node.op_type for node in mending.mend("net.onnx", made).graph.node]

    assert operators(0.5) == ["Greater", "Where", "Identity"]  # the last gives the output its name
    with pytest.raises(BaremetalError, match="the ThresholdedRelu.*its alpha is below 0"):
        operators(-1.0)


def test_the_rewrites_code_is_python():
    compile(REWRITE, "CONTRIBUTING.md", "exec")
