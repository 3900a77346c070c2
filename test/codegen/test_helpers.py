"""The functions that C libraries lack, on this machine, against numpy; and that they link where kernels call them."""

import itertools
import subprocess

import numpy
import pytest
import tools
from iree_baremetal import board, toolchain
from iree_baremetal.codegen import guards, helpers
from iree_baremetal.codegen.kernels_object import KernelsObject

FLOATS = numpy.array(
    [0, -0.0, 1, -1, 3e38, -3e38, 1e-45, -1e-45, numpy.inf, -numpy.inf, numpy.nan, 0.1, 1.00390625, 1.01171875], "f4"
)
DRIVER = """
#include <stdio.h>
#include "iree_helpers.h"
int main(void) {
  float in[2], out[3];
  while (fread(in, sizeof in, 1, stdin) == 1) {
    out[0] = fmaximumf(in[0], in[1]);
    out[1] = fminimumf(in[0], in[1]);
    out[2] = __truncsfbf2(in[0]);
    fwrite(out, sizeof out, 1, stdout);
  }
  return 0;
}
"""


def compiled(folder, text, names, *flags):
    """The program a in folder, of text with the helpers of these names; warnings are errors."""
    (folder / "main.c").write_text(text)
    warnings = ["-Wall", "-Wextra", "-Wconversion", "-Wmissing-prototypes", "-Werror"]
    defines = [f"-DIREE_HELPER_{name}" for name in names]
    tools.run("gcc", "-std=c11", *warnings, *flags, *defines, *tools.INCLUDE, "main.c", "-o", "a", cwd=folder)


@pytest.mark.parametrize("flags", [("-O0",), ("-O2", "-ffast-math")])
def test_values(tmp_path, flags):
    compiled(tmp_path, DRIVER, [name for name in helpers.NAMES if "aeabi" not in name], *flags)
    pairs = numpy.array(list(itertools.product(FLOATS, FLOATS)), "f4")
    found = subprocess.run([tmp_path / "a"], input=pairs.tobytes(), capture_output=True, check=True).stdout
    most, least, bfloat = numpy.frombuffer(found, "f4").reshape(-1, 3).T
    with numpy.errstate(invalid="ignore"):
        for mine, of, zero in ((most, numpy.maximum, 0.0), (least, numpy.minimum, -0.0)):
            expected = of(pairs[:, 0], pairs[:, 1])
            both = (pairs == 0).all(1) & (numpy.signbit(pairs).any(1) & ~numpy.signbit(pairs).all(1))
            expected[both] = zero  # numpy leaves open which zero
            assert numpy.array_equal(mine, expected, equal_nan=True)
            same = ~numpy.isnan(expected)
            assert (numpy.signbit(mine) == numpy.signbit(expected))[same].all()
    import ml_dtypes  # of onnx

    expected = pairs[:, 0].astype(ml_dtypes.bfloat16).view("u2")
    halves = bfloat.view("u4").astype("u2")
    numbers = ~numpy.isnan(pairs[:, 0])
    assert (halves[numbers] == expected[numbers]).all() and numpy.isnan(
        halves[~numbers].view(ml_dtypes.bfloat16).astype("f4")
    ).all()


HALVES = """
#include <stdio.h>
#include "iree_helpers.h"
int main(void) {
  int64_t in;
  while (fread(&in, sizeof in, 1, stdin) == 1) {
    const float half[2] = {__floatdihf(in), __floatundihf((uint64_t)in)};
    const int64_t back[2] = {__fixhfdi(half[0]), (int64_t)__fixunshfdi(half[1])};
    fwrite(half, sizeof half, 1, stdout), fwrite(back, sizeof back, 1, stdout);
  }
  return 0;
}
"""


def test_halves_and_integers_of_64_bits(tmp_path):
    compiled(tmp_path, HALVES, [name for name in helpers.NAMES if "hf" in name], "-O2")
    near = range(-66000, 66000)
    numbers = numpy.array(
        [*near, *(sign * 2**n + d for n in range(17, 63) for sign in (1, -1) for d in (-1, 0, 1)), 2**63 - 1, -(2**63)], "i8"
    )
    found = subprocess.run([tmp_path / "a"], input=numbers.tobytes(), capture_output=True, check=True).stdout
    halves, back = (
        numpy.frombuffer(found, [("half", "u4", 2), ("back", "i8", 2)])["half"],
        numpy.frombuffer(found, [("half", "u4", 2), ("back", "i8", 2)])["back"],
    )
    with numpy.errstate(over="ignore"):
        expected = numpy.stack([numbers.astype("f2"), numbers.view("u8").astype("f2")], 1)
    assert (halves == expected.view("u2")).all()
    finite = numpy.isfinite(expected)
    assert (back[finite] == expected[finite].astype("i8")).all()
    assert set(back[~finite]) == {2**63 - 1, -(2**63) + 1, -1}  # -1: of all bits set, unsigned


MODEL = """
func.func @half(%a: tensor<4xf16>, %b: tensor<4xf16>) -> tensor<4xf16> {
  %0 = arith.maximumf %a, %b : tensor<4xf16>
  %1 = arith.mulf %0, %b : tensor<4xf16>
  return %1 : tensor<4xf16>
}
func.func @most(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.maximumf %a, %b : tensor<4xf32>
  %1 = arith.minimumf %0, %b : tensor<4xf32>
  return %1 : tensor<4xf32>
}
func.func @bfloat(%a: tensor<4xi32>) -> tensor<4xbf16> {
  %0 = arith.sitofp %a : tensor<4xi32> to tensor<4xbf16>
  return %0 : tensor<4xbf16>
}
func.func @counts(%a: tensor<4xi64>) -> (tensor<4xf16>, tensor<4xf16>) {
  %0 = arith.sitofp %a : tensor<4xi64> to tensor<4xf16>
  %1 = arith.uitofp %a : tensor<4xi64> to tensor<4xf16>
  return %0, %1 : tensor<4xf16>, tensor<4xf16>
}
func.func @whole(%a: tensor<4xf16>) -> (tensor<4xi64>, tensor<4xi64>) {
  %0 = arith.fptosi %a : tensor<4xf16> to tensor<4xi64>
  %1 = arith.fptoui %a : tensor<4xf16> to tensor<4xi64>
  return %0, %1 : tensor<4xi64>, tensor<4xi64>
}
"""


@pytest.mark.parametrize("name", ["microbit", "mps2-an385", "mps2-an386", "mps3-an547", "qemu-rv32-nofpu", "qemu-rv64"])
def test_all_that_kernels_call_is_there(tmp_path, name):
    on = board.load(name)
    library = tools.library(tmp_path, MODEL, on)[1]
    kernels = KernelsObject(library)
    (tmp_path / "net.c").write_text("\n".join(["#include <stdint.h>", *guards.lines(kernels, "net"), *helpers.lines(kernels)]))
    link = ["-nostartfiles", "-Wl,-e,0,--no-gc-sections", *tools.INCLUDE]
    tools.run(
        f"{on.toolchain}-gcc",
        *on.machine_flags,
        *toolchain.specs(on),
        *link,
        "-Wall",
        "-Wextra",
        "-Werror",
        "net.c",
        library,
        "-lm",
        "-o",
        "a",
        cwd=tmp_path,
    )
