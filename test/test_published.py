"""The targets behind docs/cycles.md: what is called of CMSIS-NN for a layer, and what is told of counts and errors."""

import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "test/formats/tflite")]

import by_layer  # noqa: E402
import cmsis_nn  # noqa: E402
import make_counts  # noqa: E402
import make_published  # noqa: E402
from net import Net  # noqa: E402


@pytest.fixture
def program(tmp_path):
    """Of an int8 convolution of 10 x 4, every second row and column, and an addition of its result to itself."""
    net, numbers = Net(), numpy.random.default_rng(1)
    x = net.input("int8", [1, 49, 10, 1], 0.5, 83)
    w = net.constant(numbers.integers(-127, 128, [2, 10, 4, 1], "int8"), [0.01, 0.02])
    b = net.constant(numbers.integers(-9, 9, [2], "int32"), [0.005, 0.01])
    y, z = (net.tensor("int8", [1, 25, 5, 2], scale, -128) for scale in (0.25, 0.5))
    net.op(
        "CONV_2D",
        [x, w, b],
        [y],
        "Conv2DOptions",
        strideH=2,
        strideW=2,
        dilationHFactor=1,
        dilationWFactor=1,
        padding="SAME",
        fusedActivationFunction="RELU6",
    )
    net.op("ADD", [y, y], [z], "AddOptions", fusedActivationFunction="NONE")
    path = tmp_path / "net.tflite"
    path.write_bytes(net.bytes())
    return cmsis_nn.Program(path, numpy.zeros([1, 49, 10, 1], "int8"), numpy.zeros([1, 25, 5, 2], "int8"))


def test_a_convolution_is_called_as_the_file_says(program):
    # Rows: (25 - 1) * 2 + 10 - 49 = 9 are padded, 4 of them before; columns: (5 - 1) * 2 + 4 - 10 = 2. 6 is 24 steps above -128.
    for part in (
        ".input_offset = -83, .output_offset = -128",
        ".stride = {2, 2}, .padding = {1, 4}",
        ".activation = {-128, -104}",
    ):
        assert part in program.text
    # 0.5 * 0.01 / 0.25 = 0.02 = 0.64 * 2**-5, and twice of it.
    multipliers = [int(word) / 2**31 for word in re.search(r"m0\[\] = {(.*)}", program.text)[1].split(",")]
    assert multipliers == pytest.approx([0.64, 0.64]) and "s0[] = {-5,-4}" in program.text


def test_an_addition_is_prepared_in_20_further_bits(program):
    # Both inputs have the scale 0.25, half of twice the larger; 0.5 / (2**20 * 0.5) = 0.5 * 2**-19.
    assert (
        "128, 1073741824, 0, 128, 1073741824, 0, 20," in program.text
        and ", -128, 1073741824, -19, -128, 127, 250)" in program.text
    )


def test_layers_and_their_constants(program):
    assert program.names == ["0 CONV_2D", "1 ADD"] and len(set(program.tensors)) == 2
    assert program.constants == [2 * 10 * 4 + 2 * 4, 0]


@pytest.mark.parametrize("estimated, said", [(36.3, "+1 %"), (35.7, "+0 %"), (26.7, "-25 %")])
def test_the_error_is_to_the_nearest_published(estimated, said):
    assert make_published.error(estimated, (35.6, 35.8)) == said


def test_layers_stand_beside_the_kernels_that_do_their_work():
    def kernel(instructions, *tensors, rest=""):
        nodes = [{"name": tensor, "rest": tensor == rest} for tensor in tensors]
        return {"instructions": instructions, "cycles": 2 * instructions, "nodes": nodes}

    # A copy for the first; the second with the addition after it, and the first's rescaling; the softmax in two; a reshape, which
    # CMSIS-NN has no call for.
    kernels = [
        kernel(1, "a", rest="a"),
        kernel(10, "a"),
        kernel(20, "sum", "b", "a", rest="a"),
        kernel(3, "reshaped"),
        kernel(4, "soft"),
        kernel(5, "soft"),
    ]
    theirs = {t: (t.upper(), by_layer.Cost(10 * n, 30 * n)) for n, t in enumerate(("a", "b", "sum", "soft"), 1)}
    assert by_layer.pairs(theirs, kernels) == [
        (["A"], by_layer.Cost(10, 30), by_layer.Cost(11, 22)),
        (["B", "SUM"], by_layer.Cost(50, 150), by_layer.Cost(20, 40)),
        (["SOFT"], by_layer.Cost(40, 120), by_layer.Cost(9, 18)),
    ]
    rows = [by_layer.row("cortex-m4", "m", *pair, "cycles") for pair in by_layer.pairs(theirs, kernels)]
    assert rows[1] == ["cortex-m4", "m", "B, SUM", "50", "20", "150", "40", "0.27"]


def test_what_does_not_fit_is_told_by_its_memory():
    said = "scons: *** [a.elf] RAM of microbit: a.elf takes 24,840 of 16,384 bytes, 8,456 too many."
    assert make_counts.reason(said) == "takes 24,840 of 16,384 bytes of RAM"
    assert make_counts.reason("noise\nscons: *** it broke\n") == "no: scons: *** it broke"


@pytest.mark.parametrize(
    "target, said",
    [("published", "is no source tree of CMSIS-NN. Give cmsis_nn=DIR."), ("counts", "no .onnx file. Give models=DIR")],
)
def test_a_folder_is_wanted(tmp_path, target, said):
    command = [sys.executable, "-m", "SCons", "-Q", f"cmsis_nn={tmp_path}", f"models={tmp_path}", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
