"""Models beyond the sample: several functions, types and kinds of state; several models at once."""

import re
import zipfile

import numpy
import pytest
from tools import MODELS

BOARDS = ["host", "mps2-an386", "qemu-rv32"]


@pytest.mark.parametrize("name", BOARDS)
def test_a_model_of_many_functions_and_types(checkout, name):
    text = checkout.scons(f"board={name}", f"model={MODELS / 'operators.mlir'}", "verify")
    calls, values = re.search(r"(\d+) calls on \S+ agree with the host, (\d+) values", text).groups()
    assert int(calls) == 4 * 6 and int(values) == 4 * 68


# Two models with functions of the same names, in one firmware and on one arena.
LINEAR = """
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [0.5, 0.5, 0.5, 0.5], [2.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]]> : tensor<4x4xf32>
  %zero = arith.constant dense<0.0> : tensor<4xf32>
  %h = linalg.vecmat ins(%x, %w : tensor<4xf32>, tensor<4x4xf32>) outs(%zero : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.vecmat ins(%h, %w : tensor<4xf32>, tensor<4x4xf32>) outs(%zero : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
"""
SUM = """
func.func @main(%x: tensor<4x16xi32>) -> (tensor<4xi32>, tensor<4xi32>) {
  %zero = arith.constant dense<0> : tensor<4xi32>
  %s = linalg.reduce ins(%x : tensor<4x16xi32>) outs(%zero : tensor<4xi32>) dimensions = [1]
      (%e: i32, %a: i32) { %r = arith.addi %e, %a : i32 linalg.yield %r : i32 }
  %d = arith.addi %s, %s : tensor<4xi32>
  return %s, %d : tensor<4xi32>, tensor<4xi32>
}
"""
PAIR = """
#include <string.h>

#include "board.h"
#include "linear.h"
#include "sum.h"

enum { SHARED = LINEAR_ARENA_SIZE > SUM_ARENA_SIZE ? LINEAR_ARENA_SIZE : SUM_ARENA_SIZE };

static IREE_ALIGNED unsigned char arena[SHARED + 1];
static IREE_ALIGNED float x[4] = {1, 2, 3, 4}, y[4], z[4];
static IREE_ALIGNED int32_t a[64], s[4], d[4];

int main(void) {
  for (int i = 0; i < 64; ++i) a[i] = i;
  for (int round = 0; round < 2; ++round) {
    memset(arena, 0xaa, sizeof arena);  // what others leave there must not matter
    if (linear_main(x, y) || linear_main_in(arena, x, z) || memcmp(y, z, sizeof y)) return 1;
    if (sum_main_in(arena, a, s, d)) return 2;
    if (linear_main_in(arena, x, z) || memcmp(y, z, sizeof y)) return 3;
  }
  for (int i = 0; i < 4; ++i) {
    if (s[i] != 120 + 256 * i || d[i] != 2 * s[i]) return 4;
    board_print_int((int)y[i], 4);
  }
  board_print(" and all is well\\n");
  return 0;
}
"""
SCONSCRIPT = """
Import("env")
linear, sum = env.IreeModel("linear.mlir"), env.IreeModel("sum.mlir")
env.IreeVmfb("linear.vmfb", "linear.mlir")
env.IreeRun(env.IreeFirmware("pair", ["main.c", linear, sum]))
env.IreeRun(env.IreeFirmware("both", ["main.c", sum, linear]))
"""


def write_pair(checkout):
    for file, text in (("linear.mlir", LINEAR), ("sum.mlir", SUM), ("main.c", PAIR), ("SConscript", SCONSCRIPT)):
        checkout.write(f"samples/pair/{file}", text)


@pytest.mark.parametrize("name", BOARDS)
def test_two_models_in_one_firmware_share_an_arena(checkout, name):
    write_pair(checkout)
    w = numpy.array([[1, 2, 3, 4], [0.5] * 4, [2, 0, 0, 1], [0, 1, 0, 1]])
    expected = "".join(f"{int(value):4}" for value in numpy.array([1, 2, 3, 4]) @ w @ w)
    assert checkout.scons(f"board={name}", "sample=pair", "run").count(f"{expected} and all is well") == 2


@pytest.mark.parametrize("name, core", [("mps2-an386", b"arm_32"), ("qemu-rv32", b"riscv_32")])
def test_a_vmfb_for_a_board(checkout, name, core):
    write_pair(checkout)
    target = f"build/{name}/pair/linear.vmfb"
    checkout.scons(f"board={name}", "sample=pair", target)
    with zipfile.ZipFile(checkout.folder / target) as module:  # a .vmfb is one
        assert b"embedded-elf-" + core in module.read("module.fb")
