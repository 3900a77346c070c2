"""Quantizations: which are rewritten, and into what."""

import pytest
from iree.compiler import ir
from iree_baremetal.rewrite import dispatches
from iree_baremetal.rewrite.integers import rounding

FUNCTION = """
func.func @f(%x: f32, %other: f32) -> {result} {{
  %nil = arith.constant 0.0 : f32
  %step = arith.constant {step} : f32
  %zero = arith.constant {zero} : f32
  %low = arith.constant {low} : f32
  %high = arith.constant {high} : f32
  %positive = arith.cmpf {compare}, %x, %nil : f32
  %relu = arith.select %positive, %x, %nil : f32
  %1 = arith.divf {value}, %step : f32
  %2 = {round} %1 : f32
  %3 = arith.addf %2, %zero : f32
  %4 = arith.maxnumf %3, {lower} : f32
  %5 = arith.minnumf %4, %high : f32
  %6 = arith.fptosi %5 : f32 to {result}
  return %6 : {result}
}}
"""
USUAL = {"result": "i8", "zero": "-128.0", "low": "-128.0", "high": "127.0", "compare": "ugt", "value": "%relu"}
USUAL |= {"round": "math.roundeven", "lower": "%low", "step": "0.25"}


def rewritten(**changes):
    """(how many were rewritten, the function's text) of FUNCTION."""
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.parse(FUNCTION.format(**USUAL | changes))
        count = rounding.apply(module.operation, saturating=False)
        dispatches.sweep(module.operation)
        assert module.operation.verify()
        return count, str(module)


def test_it_takes_no_library_call():
    count, text = rewritten()
    assert count == 1
    assert not any(name in text for name in ("roundeven", "maxnumf", "minnumf", "fptosi"))
    assert "0x4B400000" in text and "arith.bitcast" in text and "arith.trunci" in text


def test_a_wide_result_needs_no_truncation():
    count, text = rewritten(result="i32")
    assert count == 1 and "trunci" not in text


@pytest.mark.parametrize("compare", ["ugt", "ogt", "oge", "uge"])
def test_a_relu_that_the_limit_implies_goes(compare):
    assert "arith.cmpf" not in rewritten(compare=compare)[1]


# The limit lies below the zero point; another comparison; the sign of the step turns sides.
@pytest.mark.parametrize("changes", [{"zero": "-127.0"}, {"compare": "ult"}, {"step": "-0.25"}])
def test_another_relu_stays(changes):
    count, text = rewritten(**changes)
    assert count == 1 and "arith.cmpf" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"round": "math.floor"},
        {"zero": "0.5"},
        {"high": "126.5"},
        {"high": "128.0"},  # no i8
        {"low": "128.0"},  # above high
        {"lower": "%other"},
        {"result": "i32", "high": "1.0e+09"},  # more than the mantissa holds
    ],
)
def test_what_is_no_quantization_stays(changes):
    count, text = rewritten(**changes)
    assert count == 0 and "arith.fptosi" in text
