"""A program that feeds a model from files: for verification and measurement.

It reads calls from ``inputs.bin`` in the folder where it runs and answers in ``outputs.bin``;
`reference` writes and reads them. All numbers are little-endian.

inputs.bin, for each call: u32 index of the function, then its inputs' bytes.
outputs.bin, for each call: i32 outcome, u32 number of dispatches that were measured, u64 cost in
`board_count` units, u64 cost of each of those dispatches, then its outputs' bytes; at the end u64
peak of the stack and u64 peak of the heap, in bytes, and u64 unit of the costs, the place in UNITS. Dispatches are measured where IREE_DIRECT_PROFILE is defined, which
makes the call itself dearer.
"""

from ..plan.model import C_TYPES
from . import header, names

INPUTS, OUTPUTS = "inputs.bin", "outputs.bin"
UNITS = ("instructions", "cycles", "ns")  # as `board_count_unit` says them

_START = """\
{license}
/* {model}: a harness, generated, do not edit. */
#include "board.h"
#include "board_files.h"
#include "{model}.h"

static board_file in, out;

static void must(int good, const char *what) {{
  if (good) return;
  board_print("harness: cannot ");
  board_print(what);
  board_print("\\n");
  board_exit(3);
}}

static inline void get(void *data, size_t size) {{
  must(board_file_read(in, data, size) == (long)size, "read {inputs}");
}}

static void put(const void *data, size_t size) {{
  must(board_file_write(out, data, size) == (long)size, "write {outputs}");
}}

static uint64_t nothing; /* the cost of measuring nothing */
static uint32_t measured;

#ifdef IREE_DIRECT_PROFILE
static uint64_t costs[{dispatches}];

void iree_direct_profile(uint64_t cost);
void iree_direct_profile(uint64_t cost) {{
  if (measured < sizeof costs / sizeof *costs) costs[measured++] = cost - nothing;
}}
#endif

static void answer(int32_t status, uint64_t cost) {{
  const struct {{ int32_t status; uint32_t measured; uint64_t cost; }} head = {{status, measured, cost}};
  put(&head, sizeof head);
#ifdef IREE_DIRECT_PROFILE
  put(costs, measured * sizeof *costs);
#endif
}}

"""

_STORAGE = """\
/* One function runs at a time, so their tensors share their place. */
static union {
"""

_END = """\
int main(void) {{
  in = board_file_open("{inputs}", "rb");
  out = board_file_open("{outputs}", "wb");
  must(in != -1, "open {inputs}");
  must(out != -1, "open {outputs}");
  const uint64_t start = board_count();
  nothing = board_count() - start;
  uint32_t function;
  while (board_file_read(in, &function, sizeof function) == sizeof function) {{
    switch (function) {{
{cases}
      default: must(0, "find the function");
    }}
  }}
  const char unit = *board_count_unit();
  const uint64_t end[3] = {{board_stack_peak(), {heap}, unit == 'i' ? 0 : unit == 'c' ? 1 : 2}};
  put(end, sizeof end);
  must(board_file_close(out) == 0, "close {outputs}");
  return 0;
}}
"""


def _function(function, c_name):
    inputs, outputs = header.parameter_names(function)
    place = f"io.{c_name}"
    lines = [f"static void call_{c_name}(void) {{"]
    for tensor, name in zip(function.inputs, inputs):
        lines.append(f"  get(&{place}.{name}, {tensor.size});")
    arguments = ", ".join(f"{place}.{name}" for name in [*inputs, *outputs])
    lines += [
        "  measured = 0;",
        "  const uint64_t start = board_count();",
        f"  const int status = {c_name}({arguments});",
        "  const uint64_t cost = board_count() - start;",
        "  answer(status, cost > nothing ? cost - nothing : 0);",
    ]
    lines += [f"  put({place}.{name}, {tensor.size});" for tensor, name in zip(function.outputs, outputs)]
    return [*lines, "}", ""]


def _storage(function, c_name):
    inputs, outputs = header.parameter_names(function)
    lines = ["  struct {"]
    for tensor, name in zip(function.inputs + function.outputs, [*inputs, *outputs]):
        extent = "" if tensor.is_scalar else f"[{max(tensor.elements, 1)}]"
        lines.append(f"    IREE_ALIGNED {C_TYPES[tensor.dtype][0]} {name}{extent};")
    return [*lines, f"  }} {c_name};"]


def text(plan, heap=False):
    """The harness's source; functions of dynamic shape are not in it. heap: whether the model has one."""
    c_names = names.functions(plan)
    static = [(i, f, c) for i, (f, c) in enumerate(zip(plan.functions, c_names)) if not f.is_dynamic]
    dispatches = max([1, *(len(f.steps) for f in plan.functions)])
    if plan.initializer:
        dispatches += len(plan.initializer.steps)
    values = {"license": names.LICENSE, "model": plan.name, "inputs": INPUTS, "outputs": OUTPUTS, "dispatches": dispatches}
    values["heap"] = "iree_heap_stats().peak" if heap else "0"
    lines = [_START.format(**values)[:-1], *(['#include "heap.h"'] if heap else [])]
    if any(f.inputs or f.outputs for _, f, _ in static):
        lines.append(_STORAGE[:-1])
        for _, function, c_name in static:
            lines += _storage(function, c_name)
        lines += ["} io;", ""]
    for _, function, c_name in static:
        lines += _function(function, c_name)
    cases = "\n".join(f"      case {i}: call_{c_name}(); break;" for i, _, c_name in static)
    return "\n".join(lines) + "\n" + _END.format(cases=cases, **values)
