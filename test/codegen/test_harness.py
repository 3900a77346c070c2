"""The harness: what it reads and writes, and that it says what it cannot do."""

import struct
import subprocess

import numpy
import pytest
import tools
from iree_baremetal.codegen import harness, header
from iree_baremetal.plan.model import Function, Plan, Tensor
from iree_baremetal.verify import calls

PLAN = Plan(
    "net",
    [
        Function("double", [Tensor("x", "i32", (3,))], [Tensor("y", "i32", (3,))], [], []),
        Function("negate", [Tensor("in", "i8", None)], [Tensor("out", "i8", ())], [], []),
        Function("reset", [], [], [], []),
    ],
    [], b"", [],
)  # fmt: skip
MODEL = """
#include "net.h"
int net_double(const int32_t x[3], int32_t y[3]) { for (int i = 0; i < 3; ++i) y[i] = 2 * x[i]; return 0; }
int net_negate(int8_t in, int8_t out[1]) { *out = -in; return 0; }
int net_reset(void) { return IREE_MODEL_KERNEL; }
"""


def built(folder, *flags, plan=PLAN, model=MODEL):
    (folder / "net.h").write_text(header.text(plan, "made by a test", []))
    (folder / "net_harness.c").write_text(harness.text(plan))
    (folder / "net.c").write_text(model)
    tools.run("gcc", *tools.STRICT, *flags, "-c", *tools.INCLUDE, "-I", ".", "net_harness.c", cwd=folder)
    rest = ["net_harness.o", "net.c", *tools.HOST.source_files]
    tools.run("gcc", "-std=gnu11", *tools.INCLUDE, "-I", ".", *rest, "-o", "program", cwd=folder)
    return folder / "program"


def test_calls_are_answered_in_their_order(tmp_path):
    program = built(tmp_path)
    fed = struct.pack("<Ib", 1, 5) + struct.pack("<I3i", 0, 1, -2, 3) + struct.pack("<I", 2)
    (tmp_path / "inputs.bin").write_bytes(fed)
    tools.run(program, cwd=tmp_path)
    data = (tmp_path / "outputs.bin").read_bytes()
    status, measured, cost, negated = struct.unpack_from("<iIQb", data)
    assert (status, measured, negated) == (0, 0, -5) and cost < 1e9
    assert struct.unpack_from("<3i", data, 17 + 16) == (2, -4, 6)
    assert struct.unpack_from("<i", data, 17 + 28) == (2,)
    assert len(data) == 17 + 28 + 16 + 24  # and the peaks of stack and heap, and the unit
    assert harness.UNITS[struct.unpack("<Q", data[-8:])[0]] == "ns"


DYNAMIC = Plan(
    "net",
    [Function("pairs", [Tensor("x", "i16", (None, 2)), Tensor("n", "i16", ())], [Tensor("sums", "i16", (None,)), Tensor("y", "i8", (1,))], [], [])],
    [], b"", [],
)  # fmt: skip
SUMS = """
#include "net.h"
int net_pairs(const int16_t *x, const size_t x_shape[2], const int16_t n[1], int16_t *sums, size_t capacity, size_t shape[1], int8_t y[1]) {
  if ((uintptr_t)x % 64 || (uintptr_t)sums % 64 || x_shape[1] != 2) return IREE_MODEL_MISALIGNED;
  shape[0] = x_shape[0];
  *y = (int8_t)x_shape[0];
  if (shape[0] > capacity) return 43;
  for (size_t i = 0; i < shape[0]; ++i) sums[i] = (int16_t)(x[2 * i] + x[2 * i + 1] + n[0]);
  return 0;
}
"""


def test_tensors_of_dynamic_shape(tmp_path):
    program = built(tmp_path, plan=DYNAMIC, model=SUMS)
    fed = [calls.Call(0, [numpy.arange(2 * n, dtype="<i2").reshape(n, 2), numpy.array(n, "<i2")]) for n in (3, 0, 500)]
    calls.write_inputs(tmp_path / "inputs.bin", DYNAMIC.functions, fed)
    tools.run(program, cwd=tmp_path)
    answers, *_ = calls.read_outputs(tmp_path / "outputs.bin", DYNAMIC.functions, fed)
    assert [answer.status for answer in answers] == [0, 0, 0]
    for answer, call in zip(answers, fed):
        assert answer.outputs[0].tolist() == (call.inputs[0].sum(axis=1) + call.inputs[1]).tolist()


@pytest.mark.parametrize(
    "elements, said", [(2**22, ""), (2**24, "harness: cannot fit an input of dynamic shape into the free RAM")]
)
def test_what_does_not_fit_into_the_free_memory(tmp_path, elements, said):
    """The host has 16 MB."""
    program = built(tmp_path, plan=DYNAMIC, model=SUMS)
    fed = [calls.Call(0, [numpy.zeros((elements // 2, 2), "<i2"), numpy.array(0, "<i2")])]
    calls.write_inputs(tmp_path / "inputs.bin", DYNAMIC.functions, fed)
    done = subprocess.run([program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (3 if said else 0, said)


def test_a_profiled_one_compiles_too(tmp_path):
    built(tmp_path, "-DIREE_DIRECT_PROFILE")


@pytest.mark.parametrize(
    "fed, said",
    [
        (None, "harness: cannot open inputs.bin"),
        (struct.pack("<I", 9), "harness: cannot find the function"),
        (struct.pack("<Ii", 0, 1), "harness: cannot read inputs.bin"),
    ],
)
def test_it_says_what_is_wrong_with_its_files(tmp_path, fed, said):
    program = built(tmp_path)
    if fed:
        (tmp_path / "inputs.bin").write_bytes(fed)
    done = subprocess.run([program], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (3, said)
