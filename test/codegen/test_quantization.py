"""Scales and zero points in the header, and its functions from real values to elements and back."""

import json

import numpy
import pytest
import tools
from iree_baremetal.codegen import header
from iree_baremetal.plan.model import Function, Plan, Tensor
from iree_baremetal.verify import quantized

SCALE = 0.003921569
TENSORS = [
    Tensor("even", "i8", (4,), "", 0.25, -3),
    Tensor("away", "i8", (4,), "", 0.25, -3, "away"),
    Tensor("byte", "ui8", (4,), "", SCALE, 128),
    Tensor("wide", "i16", (4,), "", 1.0, 0),
]
PLAN = Plan("Net", [Function("main", TENSORS[:3], TENSORS[3:] + [Tensor("real", "f32", (4,))], [], [])], [], b"", [])
# What each of the tensors has for these, by hand.
REALS = [0.0, 0.125, 0.375, -0.125, -0.375, 0.13, 31.9, 1e9, -1e9, float("inf"), float("-inf")]
ELEMENTS = {
    "even": [-3, -3, -1, -3, -5, -2, 125, 127, -128, 127, -128],
    "away": [-3, -2, -1, -4, -5, -2, 125, 127, -128, 127, -128],
    "byte": [128, 160, 224, 96, 32, 161, 255, 255, 0, 255, 0],
    "wide": [0, 0, 0, 0, 0, 0, 32, 32767, -32768, 32767, -32768],
}
PROGRAM = """
#include <stdio.h>
#include "net.h"
int main(void) {
  float real;
  while (scanf("%%f", &real) == 1) printf("[%%d,%%d,%%d,%%d,%%.9g]\\n", %s, (double)Net_byte_dequantize(Net_byte_quantize(real)));
  return 0;
}
""" % ", ".join(f"Net_{t.name}_quantize(real)" for t in TENSORS)


@pytest.mark.parametrize("compiler", [("gcc", "-std=c11", "-x", "c"), ("g++", "-std=c++17", "-x", "c++")])
def test_elements_of_real_values_and_back(tmp_path, compiler):
    (tmp_path / "net.h").write_text(header.text(PLAN, "made by a test", []))
    (tmp_path / "main.c").write_text(PROGRAM)
    tools.run(*compiler, "-Wall", "-Wextra", "-Werror", "-Wconversion", *tools.INCLUDE, "main.c", "-o", "main", cwd=tmp_path)
    (tmp_path / "reals").write_text("\n".join(map(str, REALS)))
    rows = [json.loads(line) for line in tools.run("sh", "-c", "./main <reals", cwd=tmp_path).split()]
    for column, tensor in enumerate(TENSORS):
        assert [row[column] for row in rows] == ELEMENTS[tensor.name], tensor.name
    assert [numpy.float32(row[4]) for row in rows] == [numpy.float32(SCALE) * (row[2] - 128) for row in rows]


@pytest.mark.parametrize("tensor", TENSORS, ids=lambda tensor: tensor.name)
def test_those_of_this_machine_are_the_same(tensor):
    dtype = {"i8": "i1", "ui8": "u1", "i16": "i2"}[tensor.dtype]
    elements = quantized.quantize(numpy.array(REALS), tensor, numpy.dtype(dtype))
    assert elements.tolist() == ELEMENTS[tensor.name]
    assert quantized.quantize(quantized.dequantize(elements, tensor), tensor, elements.dtype).tolist() == elements.tolist()


def test_what_the_header_says():
    text = header.text(PLAN, "made by a test", [])
    assert "#define NET_BYTE_SCALE 0.003921569f\n#define NET_BYTE_ZERO_POINT (128)\n" in text
    assert "#define NET_EVEN_ZERO_POINT (-3)" in text and "#define NET_WIDE_SCALE 1.0f" in text
    assert "NET_REAL" not in text
    assert "quantize" not in header.text(
        Plan("net", [Function("main", [], [Tensor("y", "i8", (1,))], [], [])], [], b"", []), "", []
    )


def test_names_stay_distinct():
    twice = [Tensor("x", "i8", (1,), "", 1.0, 0), Tensor("X", "i8", (1,), "", 2.0, 0)]
    one, several = (
        Function("main", twice, [], [], []),
        [Function("x_quantize", twice[:1], [], [], []), Function("b", twice[:1], [], [], [])],
    )
    text = header.text(Plan("net", [one], [], b"", []), "", [])
    assert "#define NET_X_SCALE 1.0f" in text and "#define NET_X_2_SCALE 2.0f" in text
    text = header.text(Plan("net", several, [], b"", []), "", [])
    assert "#define NET_X_QUANTIZE_X_SCALE" in text and "#define NET_B_X_SCALE" in text
