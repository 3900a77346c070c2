"""Extremes of small integers on RISC-V, where LLVM is wrong in reductions whose vectors have one element: held against NumPy."""

import os
import re

import numpy
import pytest

REDUCTION = """
func.func @{op}_{type}(%x: tensor<42x3x{type}>) -> tensor<3x{type}> {{
  %start = arith.constant {start} : {type}
  %empty = tensor.empty() : tensor<3x{type}>
  %filled = linalg.fill ins(%start : {type}) outs(%empty : tensor<3x{type}>) -> tensor<3x{type}>
  %y = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>],
      iterator_types = ["reduction", "parallel"]}} ins(%x : tensor<42x3x{type}>) outs(%filled : tensor<3x{type}>) {{
  ^bb0(%a: {type}, %b: {type}):
    %v = arith.{op} %a, %b : {type}
    linalg.yield %v : {type}
  }} -> tensor<3x{type}>
  return %y : tensor<3x{type}>
}}
"""
STARTS = {"maxsi": lambda i: i.min, "minsi": lambda i: i.max, "maxui": lambda i: 0, "minui": lambda i: -1}


OWN_RUNTIME = pytest.mark.skipif("IREE_SOURCE_DIR" not in os.environ, reason="IREE_SOURCE_DIR names no source tree of IREE")


@pytest.mark.parametrize("deploy", ["direct", *(pytest.param(d, marks=OWN_RUNTIME) for d in ("static", "elf", "emitc"))])
def test_extremes_on_riscv(checkout, deploy):
    text, inputs, right = "", {}, []
    random = numpy.random.default_rng(7)
    for type_ in ("i8", "i16"):
        limits = numpy.iinfo(type_.replace("i", "int"))
        for op, start in STARTS.items():
            text += REDUCTION.format(op=op, type=type_, start=start(limits))
            x = random.integers(limits.min, limits.max, (1, 42, 3), endpoint=True).astype(limits.dtype)
            inputs[f"{op}_{type_}/input0"] = x
            seen = x.view(f"u{x.dtype.name}") if op.endswith("ui") else x
            right.append((seen.max(1) if op.startswith("max") else seen.min(1)).tobytes())
    checkout.write("extremes.mlir", text)
    numpy.savez(checkout.folder / "extremes.npz", **inputs)
    said = checkout.scons(
        "board=qemu-rv32",
        f"deploy={deploy}",
        *([] if deploy == "direct" else ["heap=1M"]),
        "model=extremes.mlir",
        "inputs=extremes.npz",
        "verify",
    )
    assert re.search(r"8 calls on qemu-rv32 agree with the host, 24 values, all bitwise equal", said)
    [outputs] = checkout.folder.glob(
        f"build/qemu-rv32{'' if deploy == 'direct' else f'-{deploy}'}/**/extremes_harness.elf.verify/outputs.bin"
    )
    answers = outputs.read_bytes()
    for row in right:  # in this order
        assert row in answers
        answers = answers[answers.index(row) + len(row) :]
