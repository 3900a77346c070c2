"""Two models with one trunk in one firmware: their weights are stored once, and each answers as before."""

import re

import numpy
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

TRUNK = 4 * (32 * 64 + 64 * 64)  # bytes
MAIN = """
#include <stdio.h>
#include "gestures.h"
#include "words.h"
static IREE_ALIGNED float x[32], gestures[5], words[12];
int main(void) {
  for (int i = 0; i < 32; ++i) x[i] = (float)i / 32;
  if (gestures_gestures(x, gestures) || words_words(x, words)) return 1;
  for (int i = 0; i < 5; ++i) printf("%d ", (int)(100 * gestures[i]));
  for (int i = 0; i < 12; ++i) printf("%d ", (int)(100 * words[i]));
  printf("\\n");
  return 0;
}
"""
SCONSTRUCT = """
import os
given = {"IREE_SHARE_WEIGHTS": ARGUMENTS["share"] == "1"} if "share" in ARGUMENTS else {}
env = Environment(tools=["iree_baremetal"], toolpath=["../site_scons/site_tools"], ENV=os.environ, IREE_BOARD="stm32f4",
                  IREE_HEAP="4K", **given)
models = [env.IreeModel("gestures.onnx"), env.IreeModel("words.onnx")]
parts = [model.library for model in models] if "libraries" in ARGUMENTS else models
env.IreeRun(env.IreeFirmware("both", ["main.c", parts]))
for model in models:
    env.IreeVerify(model)
"""


@pytest.fixture(scope="module")
def expected(checkout):
    """Writes the project; what the firmware shall print, by NumPy."""
    random, x = numpy.random.default_rng(1), numpy.arange(32, dtype="f4")[None] / 32
    trunk, found = [random.normal(size=size).astype("f4") for size in ((32, 64), (64, 64))], []
    for name, count in (("gestures", 5), ("words", 12)):
        head = random.normal(size=(64, count)).astype("f4")
        nodes = [("MatMul", "xa", "h"), ("Relu", "h", "i"), ("MatMul", "ib", "j"), ("Relu", "j", "k"), ("MatMul", "kc", "y")]
        graph = helper.make_graph(
            [helper.make_node(kind, list(inputs), [output]) for kind, inputs, output in nodes],
            name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 32])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, count])],
            [numpy_helper.from_array(array, letter) for letter, array in zip("abc", [*trunk, head])],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        checkout.write(f"two/{name}.onnx", "")
        onnx.save(model, checkout.folder / f"two/{name}.onnx")
        found.append((numpy.maximum(numpy.maximum(x @ trunk[0], 0) @ trunk[1], 0) @ head)[0])
    checkout.write("two/main.c", MAIN)
    checkout.write("two/SConstruct", SCONSTRUCT)
    return 100 * numpy.concatenate(found)


def built(checkout, *arguments):
    """(bytes of flash, what was printed, all that was said)."""
    text = checkout.scons("-C", "two", *arguments, "run", "verify")
    flash = int(re.search(r"both.elf: FLASH ([\d,]+) of", text)[1].replace(",", ""))
    printed = re.search(r"^(-?\d+ ){17}", text, re.MULTILINE)[0]
    return flash, numpy.array(printed.split(), int), text


def test_two_models_with_one_trunk(checkout, expected):
    flash, printed, text = built(checkout)
    assert (abs(printed - expected) <= 1).all()
    assert len(re.findall(r"harness.elf: 4 calls on stm32f4 agree with the host, \d+ values, all bitwise equal", text)) == 2
    apart, same, _ = built(checkout, "share=0")
    assert (printed == same).all() and TRUNK - 100 < apart - flash <= TRUNK
    # As libraries the firmware does not know whose they are, and has to be told.
    unknown, *_ = built(checkout, "libraries=1")
    told, same, _ = built(checkout, "libraries=1", "share=1")
    assert unknown == apart and told == flash and (printed == same).all()
