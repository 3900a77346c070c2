"""CONTRIBUTING.md's example of a rule, and of its test, as somebody would copy them."""

import importlib.util
import re
import sys

import documents
import pytest
from iree_baremetal.formats.onnx import mending, rewriter, rules
from iree_baremetal.formats.onnx.node import Node

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
    made = mended.model(mended.node("ThresholdedRelu", "x", alpha=-1.0), {"x": mended.random(4)}, "y")
    operators = [node.op_type for node in mending.mend("net.onnx", made).graph.node]
    assert operators == ["Greater", "Where", "Identity"]  # the last gives the output its name


def test_the_rule_leaves_what_it_does_not_know(rule):
    graph = rewriter.Graph("net.onnx", {"": 19}, {})
    found = {function.__name__: function for function in rules.table()["", "ThresholdedRelu"]}
    assert found["thresholded_relu"](graph, Node(mended.node("ThresholdedRelu", "x"))) is None


def test_its_commands_name_what_is_there():
    text = (documents.ROOT / "CONTRIBUTING.md").read_text()
    package = documents.ROOT / "site_scons/site_tools/iree_baremetal"
    named = [path for path in re.findall(r"`([\w/]+/(?:\w+\.py)?)`", text) if "NAME" not in path]
    assert len(named) > 10
    assert [path for path in named if not (documents.ROOT / path).exists() and not (package / path).exists()] == []


def test_the_rewrites_code_is_python():
    compile(REWRITE, "CONTRIBUTING.md", "exec")
