"""The generated host program: compiled without a warning, called as its header says."""

import shutil

import numpy
import pytest
import tools
from iree_baremetal.codegen import source
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import arena
from iree_baremetal.plan.kernels import Kernel
from iree_baremetal.plan.model import Copy, Dispatch, Fill, Function, Plan, Span, Tensor, Word
from iree_baremetal.verify import calls

FLOATS = Tensor("x", "f32", (4,))
X, Y = Span("input", 0, 0, 16), Span("output", 0, 0, 16)
STATE, TRANSIENT, WEIGHTS = Span("state", 1, 0, 16), Span("transient", 0, 0, 16), Span("constant", 64, 0, 16)

# Stand-ins for kernels. All get environment, dispatch state and workgroup state.
KERNELS = """
#include <string.h>
#include "iree_direct.h"
int net_add(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {
  const float *a = d->binding_ptrs[0], *b = d->binding_ptrs[1];
  float *c = d->binding_ptrs[2];
  if (d->binding_count != 3 || d->binding_lengths[2] != 16 || d->constant_count != 0) return 1;
  for (int i = 0; i < 4; ++i) c[i] = a[i] + b[i];
  return 0;
}
int net_ids(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {
  uint8_t *out = d->binding_ptrs[0];
  if (w->local_memory_size != 4096 || ((uintptr_t)w->local_memory & 63)) return 1;
  memset(w->local_memory, 0xaa, w->local_memory_size);
  if (d->workgroup_count_x != 3 || d->workgroup_count_y != 2 || d->workgroup_count_z != 2) return 1;
  const unsigned n = w->workgroup_id_x + 3 * (w->workgroup_id_y + 2 * w->workgroup_id_z);
  out[n] = (uint8_t)n;
  return 0;
}
int net_words(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {
  memcpy(d->binding_ptrs[0], d->constants, 4 * d->constant_count);
  return 0;
}
int net_fail(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {
  return 7;
}
"""
TABLE = [Kernel("add", 0, 3, (1, 1, 1), 0), Kernel("ids", 0, 1, (1, 1, 1), 4096), Kernel("words", 5, 1, (1, 1, 1), 0)]
TABLE += [Kernel("fail", 0, 1, (1, 1, 1), 0), Kernel("wide", 0, 0, (4, 1, 1), 0)]


def function(name, inputs, outputs, *steps, transients=()):
    made = Function(name, inputs, outputs, list(steps), list(transients))
    arena.place(made, {kernel.symbol: kernel.local_memory for kernel in TABLE}.get)
    return made


def net(*functions, initializer=None):
    weights = bytes(64) + numpy.array([1, 2, 3, 4], "<f4").tobytes()
    return Plan("net", list(functions), TABLE, weights, [4, 16], initializer)


def compiled(folder, plan, main=None):
    """The executable of main (the harness if there is none), with the stand-ins for kernels."""
    tools.write_sources(folder, plan)
    (folder / "kernels.c").write_text(KERNELS)
    if main:
        (folder / "net_main.c").write_text('#include "net.h"\n#include <string.h>\n' + main)
    objects = []
    for path in (folder / "net.c", folder / ("net_main.c" if main else "net_harness.c")):
        objects.append(path.with_suffix(".o"))
        tools.run("gcc", *tools.STRICT, "-c", *tools.INCLUDE, "-I", folder, path, "-o", objects[-1])
    rest = ["net_weights.S", "kernels.c", *tools.HOST.source_files]
    tools.run("gcc", "-std=gnu11", *tools.INCLUDE, "-I", ".", *objects, *rest, "-o", "program", cwd=folder)
    return folder / "program"


def answers(folder, plan, *fed):
    program = compiled(folder, plan)
    calls.write_inputs(folder / "inputs.bin", plan.functions, fed)
    tools.run(program, cwd=folder)
    return calls.read_outputs(folder / "outputs.bin", plan.functions, fed)[0]


def floats(*values):
    return numpy.array(values, "<f4")


def test_dispatches_fills_and_copies(tmp_path):
    f = function(
        "f", [FLOATS], [FLOATS, Tensor("filled", "i16", (8,))],
        Fill(Span("output", 1, 0, 16), 0xBEEF, 2), Fill(Span("output", 1, 4, 4), 8, 1),
        Copy(WEIGHTS, TRANSIENT), Dispatch("add", (1, 1, 1), (), (X, TRANSIENT, Y), "net.mlir:1:2"),
        transients=[16],
    )  # fmt: skip
    (answer,) = answers(tmp_path, net(f), calls.Call(0, [floats(10, 20, 30, 40)]))
    assert answer.outputs[0].tolist() == [11, 22, 33, 44]
    assert [hex(v) for v in answer.outputs[1].view("<u2")] == ["0xbeef"] * 2 + ["0x808"] * 2 + ["0xbeef"] * 4


def test_a_fill_of_eight_bytes(tmp_path):
    f = function("f", [], [Tensor("y", "i64", (2,))], Fill(Span("output", 0, 0, 16), 0x8102030405060708, 8))
    (answer,) = answers(tmp_path, net(f), calls.Call(0, []))
    assert answer.outputs[0].astype("u8").tolist() == [0x8102030405060708] * 2


def test_every_workgroup_runs_with_its_scratch(tmp_path):
    ids = Dispatch("ids", (3, 2, 2), (), (Span("transient", 0, 0, 12),))
    f = function(
        "f",
        [],
        [Tensor("y", "i8", (12,))],
        ids,
        *[Copy(Span("transient", 0, 0, 12), Span("output", 0, 0, 12))] * 2,
        transients=[12],
    )
    plan = net(f)
    assert plan.arena_size == 64 + 4096
    (answer,) = answers(tmp_path, plan, calls.Call(0, []))
    assert answer.outputs[0].tolist() == list(range(12))  # and the scratch overwrote none of them


def test_scalars_reach_the_kernel_as_words(tmp_path):
    inputs = [Tensor("wide", "i64", None), Tensor("factor", "f32", None), Tensor("small", "i8", None)]
    words = (Word(0, 0), Word(0, 4), 0xFFFFFFFF, Word(1, 0), Word(2, 0))
    f = function("f", inputs, [Tensor("y", "i32", (5,))], Dispatch("words", (1, 1, 1), words, (Span("output", 0, 0, 20),)))
    fed = [numpy.array(0x0102030405060708, "<i8"), numpy.array(1.0, "<f4"), numpy.array(-2, "i1")]
    (answer,) = answers(tmp_path, net(f), calls.Call(0, fed))
    assert answer.outputs[0].astype("u4").tolist() == [0x05060708, 0x01020304, 0xFFFFFFFF, 0x3F800000, 0xFE]


def test_state_keeps_its_content_and_is_initialized_once(tmp_path):
    initializer = function("initializer", [], [], Copy(WEIGHTS, STATE))
    grow = function(
        "grow", [], [FLOATS], Dispatch("add", (1, 1, 1), (), (STATE, WEIGHTS, TRANSIENT)), Copy(TRANSIENT, STATE), Copy(STATE, Y),
        transients=[16],
    )  # fmt: skip
    show = function("show", [], [FLOATS], Copy(STATE, Y))
    plan = net(grow, show, initializer=initializer)
    found = answers(tmp_path, plan, *(calls.Call(n, []) for n in (1, 0, 0, 1)))
    assert [a.outputs[0].tolist()[3] for a in found] == [4, 8, 12, 12]


def test_a_failing_kernel_is_an_outcome(tmp_path):
    words, fail = (Dispatch(name, (1, 1, 1), (), (Y,)) for name in ("words", "fail"))
    (answer,) = answers(tmp_path, net(function("f", [], [FLOATS], words, fail)), calls.Call(0, []))
    assert answer.status == 1 << 16 | 7 << 8 | 2  # kernel 1, its code, IREE_MODEL_KERNEL


def test_misaligned_addresses_are_refused_and_a_shared_arena_is_used(tmp_path):
    f = function("f", [FLOATS], [FLOATS], Copy(X, TRANSIENT), *[Copy(TRANSIENT, Y)] * 2, transients=[16])
    main = """
static IREE_ALIGNED float x[8] = {1, 2, 3, 4}, y[8];
static IREE_ALIGNED unsigned char arena[NET_ARENA_SIZE];
int main(void) {
  if (net_f(x + 1, y) != IREE_MODEL_MISALIGNED) return 1;
  if (net_f(x, y + 1) != IREE_MODEL_MISALIGNED) return 2;
  if (net_f_in(arena + 1, x, y) != IREE_MODEL_MISALIGNED) return 3;
  if (y[0] != 0) return 4;
  if (net_f_in(arena, x, y) != IREE_MODEL_OK || y[3] != 4) return 5;
  if (memcmp(arena, x, 16)) return 6;
  memset(y, 0, sizeof y);
  return net_f(x, y) != IREE_MODEL_OK || y[3] != 4;
}
"""
    tools.run(compiled(tmp_path, net(f), main))


def test_awkward_names_of_tensors(tmp_path):
    awkward = ["bindings", "constants", "arena", "status", "int", "0/x:1"]
    inputs = [Tensor(name, "f32", (4,)) for name in awkward] + [Tensor("memcpy", "i32", None)]
    words = (Word(6, 0),) * 5
    f = function(
        "f", inputs, [Tensor("NULL_", "f32", (4,)), Tensor("y", "i32", (5,))],
        Dispatch("add", (1, 1, 1), (), (X, Span("input", 1, 0, 16), Y)),
        Dispatch("words", (1, 1, 1), words, (Span("output", 1, 0, 20),)),
    )  # fmt: skip
    fed = [floats(n, n, n, n) for n in range(1, 7)] + [numpy.array(9, "<i4")]
    (answer,) = answers(tmp_path, net(f), calls.Call(0, fed))
    assert answer.outputs[0].tolist() == [3] * 4
    assert answer.outputs[1].tolist() == [9] * 5


def test_a_model_without_steps_weights_or_tensors(tmp_path):
    plan = Plan("net", [Function("f", [], [], [], [])], [], b"", [])
    (answer,) = answers(tmp_path, plan, calls.Call(0, []))
    assert (answer.status, answer.outputs) == (0, [])


def test_workgroups_of_many_items_are_refused():
    f = function("f", [], [], Dispatch("wide", (1, 1, 1), (), ()))
    with pytest.raises(BaremetalError, match=r"kernel wide has workgroups of size \(4, 1, 1\)"):
        source.text(net(f))


@pytest.mark.skipif(not shutil.which("arm-none-eabi-gcc"), reason="no arm-none-eabi-gcc")
def test_weights_lie_aligned_in_flash(tmp_path):
    plan = net()
    (tmp_path / "net_weights.S").write_text(source.weights(plan, "net_weights.bin"))
    (tmp_path / "net_weights.bin").write_bytes(plan.constants)
    tools.run("arm-none-eabi-gcc", "-c", "net_weights.S", "-I", ".", "-o", "net_weights.o", cwd=tmp_path)
    sections = tools.run("arm-none-eabi-objdump", "-h", "net_weights.o", cwd=tmp_path)
    (line,) = [text for text in sections.splitlines() if "net_weights" in text and "rodata" in text]
    assert line.split()[2] == f"{len(plan.constants):08x}" and line.endswith("2**6")
