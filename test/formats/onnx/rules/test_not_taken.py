"""Constructs that IREE does not take: right by our rules, and refused by the compiler with the rule switched off."""

import numpy
import pytest
from iree.compiler.tools import CompilerToolError
from mended import differences, model, node, random

# name of the rule -> (model, inputs)
REFUSED = {
    "dft": lambda x: model(node("DFT", "x", axis=1, onesided=1), x, "y", 17),
    "stft": lambda x: model(node("STFT", "x s _ l"), x, "y", 17, s=numpy.array(4), l=numpy.array(8)),
    "softsign": lambda x: model(node("Softsign", "x"), x, "y", 17),
}
INPUTS = {"dft": random(1, 16, 1), "stft": random(1, 32, 1), "softsign": random(3, 7) * 9}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_makes_what_iree_takes(tmp_path, rule):
    inputs = {"x": INPUTS[rule]}
    made = REFUSED[rule](inputs)
    assert not differences(tmp_path, made, inputs)
    with pytest.raises(CompilerToolError):
        differences(tmp_path, made, inputs, without=[rule])
