"""A program that feeds a model from files: for verification and measurement.

It reads calls from ``inputs.bin`` in the folder where it runs and answers in ``outputs.bin``;
`reference` writes and reads them. All numbers are little-endian.

inputs.bin, for each call: u32 index of the function, then its inputs' bytes.
outputs.bin, for each call: i32 outcome, u32 number of dispatches that were measured, u64 cost in
`board_count` units, u64 cost of each of those dispatches, then its outputs' bytes; at the end u64
peak of the stack and u64 peak of the heap, in bytes, and u64 unit of the costs, the place in UNITS. Dispatches are measured
where IREE_DIRECT_PROFILE is defined, which makes the call itself dearer. Before the bytes of a tensor of dynamic shape stand
its extents, u32 each.

An input that is given row by row comes from the file so, in groups of 1, 2, 3, 1, 2, … rows; the cost is that of all calls.

Tensors of dynamic shape lie in the RAM that nothing else takes, one after the other; an output has what is left there, or
with several of them its share.
"""

from ..plan.model import ALIGNMENT, C_TYPES
from . import header, names, pushing

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

_DYNAMIC = """\
/* The memory for tensors of dynamic shape. */
#if defined(__linux__) || defined(__APPLE__)
static IREE_ALIGNED char free_memory[1 << 24];
#define FREE_END (free_memory + sizeof free_memory)
#else
extern char __free_start[] __attribute__((weak)), __free_end[] __attribute__((weak)); /* from the linker script */
#define FREE_END __free_end
#endif

static char *aligned(char *place) {{
  return (char *)(((uintptr_t)place + {alignment} - 1) & ~(uintptr_t)({alignment} - 1));
}}

static char *start_of_free(void) {{
#if defined(__linux__) || defined(__APPLE__)
  return free_memory;
#else
  must(__free_start != 0, "place a tensor of dynamic shape: the linker script has no __free_start");
  return aligned(__free_start);
#endif
}}

/* Reads the extents of a tensor; its number of elements. */
static size_t get_shape(size_t *shape, size_t rank) {{
  size_t elements = 1;
  for (size_t i = 0; i < rank; ++i) {{
    uint32_t extent;
    get(&extent, sizeof extent);
    elements *= shape[i] = extent;
  }}
  return elements;
}}

/* Reads a tensor into the free memory; where that goes on behind it. */
static char *get_tensor(char *place, size_t size) {{
  must(place <= FREE_END && size <= (size_t)(FREE_END - place), "fit an input of dynamic shape into the free RAM");
  get(place, size);
  return aligned(place + size);
}}

static size_t put_shape(const size_t *shape, size_t rank) {{
  size_t elements = 1;
  for (size_t i = 0; i < rank; ++i) {{
    const uint32_t extent = (uint32_t)shape[i];
    put(&extent, sizeof extent);
    elements *= extent;
  }}
  return elements;
}}

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


def _function(plan, function, c_name):
    inputs, outputs = header.parameter_names(function)
    lines, arguments = [f"static void call_{c_name}(void) {{"], []
    if function.is_dynamic:
        lines.append("  char *free = start_of_free();")
    if function.pushed:
        lines += pushing.fed(plan, function, f"io.{c_name}.{inputs[function.pushed.input]}")
    for tensor, name in header.given(function, function.inputs, inputs):
        if tensor.is_dynamic:
            lines += [f"  size_t {name}_shape[{len(tensor.shape)}];", f"  void *const {name} = free;"]
            size = f"get_shape({name}_shape, {len(tensor.shape)}) * sizeof({C_TYPES[tensor.dtype][0]})"
            lines.append(f"  free = get_tensor(free, {size});")
            arguments += [name, f"{name}_shape"]
        else:
            lines.append(f"  get(&io.{c_name}.{name}, {tensor.size});")
            arguments.append(f"io.{c_name}.{name}")
    dynamic = [tensor for tensor in function.outputs if tensor.is_dynamic]
    if dynamic:
        lines.append(
            f"  const size_t share = free < FREE_END ? ((size_t)(FREE_END - free) / {len(dynamic)}) & ~(size_t)({ALIGNMENT} - 1) : 0;"
        )
    for tensor, name in zip(function.outputs, outputs):
        if tensor.is_dynamic:
            lines += [f"  size_t {name}_shape[{len(tensor.shape)}] = {{0}};", f"  void *const {name} = free;", "  free += share;"]
            arguments += [name, f"share / sizeof({C_TYPES[tensor.dtype][0]})", f"{name}_shape"]
        else:
            arguments.append(f"io.{c_name}.{name}")
    lines += [] if function.pushed else ["  measured = 0;"]
    lines += ["  const uint64_t start = board_count();"]
    if function.pushed:
        lines += [f"  if (status == IREE_MODEL_OK) status = {c_name}({', '.join(arguments)});"]
        lines += ["  const uint64_t cost = pushing + board_count() - start;"]
    else:
        lines += [f"  const int status = {c_name}({', '.join(arguments)});", "  const uint64_t cost = board_count() - start;"]
    lines.append("  answer(status, cost > nothing ? cost - nothing : 0);")
    for tensor, name in zip(function.outputs, outputs):
        if tensor.is_dynamic:  # of a failed call its shape is that which it lacked the room for
            rank, size = len(tensor.shape), f"sizeof({C_TYPES[tensor.dtype][0]})"
            lines.append(f"  if (status) for (size_t i = 0; i < {rank}; ++i) {name}_shape[i] = 0;")
            lines += [f"  const size_t {name}_size = put_shape({name}_shape, {rank}) * {size};", f"  put({name}, {name}_size);"]
        else:
            lines.append(f"  put(io.{c_name}.{name}, {tensor.size});")
    return [*lines, "}", ""]


def _storage(function, c_name):
    inputs, outputs = header.parameter_names(function)
    tensors = [pair for pair in zip(function.inputs + function.outputs, [*inputs, *outputs]) if not pair[0].is_dynamic]
    if not tensors:
        return []
    lines = ["  struct {"]
    for tensor, name in tensors:
        extent = "" if tensor.is_scalar else f"[{max(tensor.elements, 1)}]"
        if function.pushed and tensor is function.inputs[function.pushed.input]:
            extent = f"[{tensor.elements // function.pushed.rows} * {pushing.GROUP}]"
        lines.append(f"    IREE_ALIGNED {C_TYPES[tensor.dtype][0]} {name}{extent};")
    return [*lines, f"  }} {c_name};"]


def text(plan, heap=False):
    """The harness's source. heap: whether the model has one."""
    c_names = names.functions(plan)
    functions = list(zip(plan.functions, c_names))
    dispatches = max([1, *(len(f.steps) for f in plan.functions)])
    if plan.initializer:
        dispatches += len(plan.initializer.steps)
    values = {"license": names.LICENSE, "model": plan.name, "inputs": INPUTS, "outputs": OUTPUTS, "dispatches": dispatches}
    values["heap"] = "iree_heap_stats().peak" if heap else "0"
    lines = [_START.format(**values)[:-1], *(['#include "heap.h"'] if heap else [])]
    storage = [line for function, c_name in functions for line in _storage(function, c_name)]
    if storage:
        lines += [_STORAGE[:-1], *storage, "} io;", ""]
    if any(function.is_dynamic for function in plan.functions):
        lines.append(_DYNAMIC.format(alignment=ALIGNMENT)[:-1])
    for function, c_name in functions:
        lines += _function(plan, function, c_name)
    cases = "\n".join(f"      case {i}: call_{c_name}(); break;" for i, c_name in enumerate(c_names))
    return "\n".join(lines) + "\n" + _END.format(cases=cases, **values)
