"""An input that is given row by row: the generated C, run with kernels of C, beside the same layers in NumPy."""

import types

import numpy
import pytest
import tools
from iree_baremetal.codegen import header, names, pushing, signature
from iree_baremetal.export import example
from iree_baremetal.plan import arena, streaming
from iree_baremetal.plan import pushing as plan_pushing
from iree_baremetal.plan.kernels import Kernel
from iree_baremetal.plan.model import Dispatch, Function, Plan, Span, Tensor
from iree_baremetal.plan.slabs import Slab, Window
from iree_baremetal.verify import calls

ROWS, SIZE, PADDING = 40, 8, 7

# A layer of one row of its input and its neighbours; its output row. And what needs all of the last layer's.
KERNELS = f"""
#include "iree_direct.h"
int broken;
int net_window(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {{
  const uint8_t *rows = d->binding_ptrs[0];
  uint8_t *out = d->binding_ptrs[1];
  for (size_t tap = 0; tap < d->binding_lengths[0] / {SIZE}; ++tap)
    for (int i = 0; i < {SIZE}; ++i) out[i] = (uint8_t)((tap ? out[i] : 0) + (tap + 1) * rows[{SIZE} * tap + (i + tap) % {SIZE}]);
  return broken;
}}
int net_whole(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d, const iree_direct_workgroup_t *w) {{
  const uint8_t *rows = d->binding_ptrs[0];
  uint8_t *out = d->binding_ptrs[1];
  for (int i = 0; i < {SIZE}; ++i) out[i] = 0;
  for (size_t n = 0; n < d->binding_lengths[0]; ++n) out[n % {SIZE}] = (uint8_t)(3 * out[n % {SIZE}] + rows[n]);
  return 0;
}}
"""


def layer(x, stride, first, count, rows):
    """In NumPy: what net_window makes of x, row by row."""
    outside = numpy.full(SIZE, PADDING, "u1")
    taps = [[x[at] if 0 <= (at := stride * r + first + t) < len(x) else outside for t in range(count)] for r in range(rows)]
    lines = [
        sum((numpy.roll(row, -t) * numpy.uint8(t + 1) for t, row in enumerate(own)), numpy.zeros(SIZE, "u1")) for own in taps
    ]
    return numpy.array(lines)


def whole(x):
    out = numpy.zeros(SIZE, "u1")
    for row in x:
        out = numpy.uint8(3) * out + row
    return out


# stride, first row, rows in all, rows of the output; of the last the last row of the input is not needed.
NETS = {"padded": (1, -1, 3, ROWS), "strided": (2, -1, 3, ROWS // 2), "left over": (2, 0, 1, ROWS // 2)}


def net(stride, first, count, rows):
    """(the plan, its layers in NumPy)"""
    x, between, y = Span("input", 0, 0, ROWS * SIZE), [], Span("output", 0, 0, SIZE)
    between = [Span("transient", n, 0, rows * SIZE) for n in range(2)]
    run = lambda kernel, *spans: Dispatch(kernel, (1, 1, 1), (), spans, access=("r", "w"))  # noqa: E731
    steps = [run("first", x, between[0]), run("second", between[0], between[1]), run("whole", between[1], y)]
    slabs = {
        "first": Slab(rows, SIZE, {0: Window(stride, first, count, ROWS, SIZE, (PADDING, 1) if first else None, False, True)}),
        "second": Slab(rows, SIZE, {0: Window(1, -1, 3, rows, SIZE, (PADDING, 1))}),
    }
    inputs, outputs = [Tensor("x", "i8", (1, ROWS, 2, SIZE // 2))], [Tensor("y", "i8", (SIZE,))]
    function = Function("f", inputs, outputs, streaming.stream(steps, slabs), [])
    function.pushed = plan_pushing.of(function, slabs)
    arena.place(function, is_ordered=True, alignment=4)
    kernels = [Kernel(name, 0, 2, (1, 1, 1), 0) for name in ("first", "second", "whole")]
    return (
        Plan("net", [function], kernels, b"", []),
        lambda fed: whole(layer(layer(fed, stride, first, count, rows), 1, -1, 3, rows)),
    )


def compiled(folder, plan, main="", *flags):
    tools.write_sources(folder, plan)
    (folder / "net_main.c").write_text('#include "net.h"\n#include <string.h>\n' + main)
    own = [folder / "net.c", folder / ("net_main.c" if main else "net_harness.c")]
    for path in own:
        tools.run(
            "gcc", *tools.STRICT, "-Wconversion", *flags, "-c", *tools.INCLUDE, "-I", folder, path, "-o", path.with_suffix(".o")
        )
    objects = [path.with_suffix(".o").name for path in own]
    both = [f"int net_{name}(void *e, void *d, void *w) {{ return net_window(e, d, w); }}\n" for name in ("first", "second")]
    (folder / "kernels.c").write_text(KERNELS + "".join(both))
    rest = ["net_weights.S", "kernels.c", *tools.HOST.source_files]
    tools.run("gcc", "-std=gnu11", *tools.INCLUDE, "-I", ".", *objects, *rest, "-o", "program", cwd=folder)
    return folder / "program"


def fed(number=0):
    return numpy.random.default_rng(number).integers(0, 256, (ROWS, SIZE)).astype("u1")


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("flags", [(), ("-DIREE_DIRECT_POISON",)])
def test_the_harness_pushes_rows_in_groups(tmp_path, name, flags):
    plan, reference = net(*NETS[name])
    program = compiled(tmp_path, plan, "", *flags)
    frames = [fed(n) for n in range(3)]
    calls.write_inputs(
        tmp_path / "inputs.bin", plan.functions, [calls.Call(0, [f.view("i1").reshape(1, ROWS, 2, -1)]) for f in frames]
    )
    tools.run(program, cwd=tmp_path)
    signature.write(tmp_path / "net.plan.json", plan)
    (function,) = signature.read(tmp_path / "net.plan.json")
    assert function.pushed == plan.functions[0].pushed
    found, *_ = calls.read_outputs(tmp_path / "outputs.bin", [function], [calls.Call(0, [])] * len(frames))
    for frame, answer in zip(frames, found):
        assert answer.status == 0
        numpy.testing.assert_array_equal(answer.outputs[0].view("u1"), reference(frame))
    assert ".repeat" in (tmp_path / "net.c").read_text()  # what is interrupted is a loop


def test_the_input_lies_nowhere_whole():
    plan, _ = net(*NETS["padded"])
    # A line buffer of three rows for each layer's input, and the last layer's output.
    assert plan.arena_size == 2 * 3 * SIZE + ROWS * SIZE
    assert plan.functions[0].pushed.needed == ROWS and net(*NETS["left over"])[0].functions[0].pushed.needed == ROWS - 1


MAIN = """
extern int broken;
static const uint8_t frame[] = {%s};
static uint8_t unaligned[sizeof frame + 1];
static IREE_ALIGNED uint8_t other[NET_ARENA_SIZE];

int main(void) {
  static IREE_ALIGNED int8_t y[9], wanted[8] = {%s};
  const int8_t *rows = (const int8_t *)unaligned + 1;
  memcpy(unaligned + 1, frame, sizeof frame);
  if (net_f(y) != IREE_MODEL_ROWS) return 1; /* none is there */
  for (size_t group = 1; group <= NET_ROWS; ++group) { /* any grouping */
    memset(y, 0, 8);
    for (size_t row = 0, n; row < NET_ROWS; row += n) {
      n = group < NET_ROWS - row ? group : NET_ROWS - row;
      if (net_push_rows(rows + row * NET_ROW_ELEMENTS, n) != IREE_MODEL_OK) return 2;
      if (row + n < NET_ROWS && net_f(y) != IREE_MODEL_ROWS) return 3; /* too early, which spoils nothing */
      if (net_push_rows(rows, NET_ROWS - row - n + 1) != IREE_MODEL_ROWS) return 4; /* too many, of which none is taken */
    }
    if (net_push_rows(rows, 0) != IREE_MODEL_OK) return 5;
    if (net_f(y + 1) != IREE_MODEL_MISALIGNED || net_f(y) != IREE_MODEL_OK) return 6;
    if (memcmp(y, wanted, 8)) return 7;
    if (net_f(y) != IREE_MODEL_ROWS) return 8; /* the next frame begins */
  }
  if (net_push_rows(rows + 3 * NET_ROW_ELEMENTS, 17) != IREE_MODEL_OK) return 9;
  net_reset_rows();
  if (net_push_rows_in(other + 1, rows, 1) != IREE_MODEL_MISALIGNED) return 10;
  if (net_push_rows_in(other, rows, NET_ROWS) != IREE_MODEL_OK) return 11;
  if (net_f_in(other, y) != IREE_MODEL_OK || memcmp(y, wanted, 8)) return 12;
  broken = 5;
  if (net_push_rows(rows, NET_ROWS) != (5 << 8 | IREE_MODEL_KERNEL)) return 13;
  broken = 0;
  if (net_push_rows(rows, NET_ROWS) != IREE_MODEL_OK) return 14; /* from the first row on */
  memset(y, 0, 8);
  return net_f(y) != IREE_MODEL_OK || memcmp(y, wanted, 8) ? 15 : 0;
}
"""


@pytest.mark.parametrize("name", NETS)
def test_any_grouping_and_every_mistake(tmp_path, name):
    plan, reference = net(*NETS[name])
    main = MAIN % (", ".join(map(str, fed().ravel())), ", ".join(map(str, reference(fed()).view("i1"))))
    tools.run(compiled(tmp_path, plan, main))


def test_the_header_tells_how(tmp_path):
    plan, _ = net(*NETS["padded"])
    text = header.text(plan, "a test", [])
    assert "int net_push_rows(const int8_t *rows, size_t n);" in text and "int net_f(int8_t y[8]);" in text
    assert "#define NET_ROWS 40 " in text and "#define NET_ROW_ELEMENTS 8\n" in text
    assert "takes the next n of its 40 rows" in text


def test_an_exported_example_pushes_all_rows(tmp_path):
    plan, reference = net(*NETS["padded"])
    library = types.SimpleNamespace(name="net", functions=[("net_f", plan.functions[0])])
    main = example.text(library).replace("/* Fill the row here. */", "memset(row, number, sizeof row);")
    main = main.replace("  return net_f(y);", "  const int done = net_f(y);\n  return done ? done : y[0] - WANTED;")
    frame = numpy.repeat(numpy.arange(ROWS, dtype="u1"), SIZE).reshape(ROWS, SIZE)
    tools.run(compiled(tmp_path, plan, f"#define WANTED {reference(frame).view('i1')[0]}\n{main}"))


def test_a_function_is_not_called_as_what_takes_rows():
    plan, _ = net(*NETS["padded"])
    plan.functions[0].name = "push_rows"
    assert names.functions(plan) == ["net_push_rows_2"]


def test_which_dispatches_are_measured_in_which_push():
    plan, _ = net(*NETS["strided"])
    (function,) = plan.functions
    dispatches = sum(isinstance(step, Dispatch) for step in function.steps)
    found = pushing.stretches(function, dispatches)
    assert len(found) == len(pushing.stretches(function, 0)) == 22 and sum(found) == dispatches and found[0] == 0
    assert set(pushing.stretches(function, 0)) == {0}
    function.pushed = None
    assert pushing.stretches(function, dispatches) == [dispatches]
