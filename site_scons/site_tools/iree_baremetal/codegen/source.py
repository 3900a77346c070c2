"""The host program as C: the function's steps as a table, and what its places are relative to."""

from ..errors import BaremetalError
from ..plan.model import C_TYPES, Dispatch, Word, aligned, spans
from . import constants, guards, header, helpers, late, names, pushing
from .steps import Steps

_A_LINE = 16  # bytes of a table


class _Routine:
    """Writes one routine of the plan."""

    def __init__(self, plan, function, c_name, blocks):
        self.plan, self.function, self.c_name, self.blocks = plan, function, c_name, blocks
        self.inputs, self.outputs = header.parameter_names(function)
        # The arena comes first. Every other base is there only if a step needs it.
        found = {(s.place, s.index) for step in function.steps for s in spans(step) if s.place in ("input", "output")}
        if function.pushed:
            found -= {("input", function.pushed.input)}
        found |= {("state", 0) for step in function.steps for s in spans(step) if s.place == "state"}
        found |= {("constant", self.constant(s)[0]) for step in function.steps for s in spans(step) if s.place == "constant"}
        self.bases = [("transient", 0), *sorted(found)]
        kernels = {symbol: (number, name) for number, (symbol, name) in enumerate(used_kernels(plan).items())}
        self.steps = Steps(function.steps, self.place, kernels, function.pushed)
        local = [k.local_memory for k in plan.kernels if k.symbol in {getattr(s, "kernel", "") for s in function.steps}]
        self.scratch = aligned(max(local, default=0))

    def place(self, span):
        """(number of the base, offset from it)."""
        if span.place in ("input", "output"):
            return self.bases.index((span.place, span.index)), span.offset
        if span.place == "constant":
            symbol, offset = self.constant(span)
            return self.bases.index(("constant", symbol)), offset
        start = {
            "state": lambda: self.plan.state_offsets[span.index],
            "transient": lambda: self.function.offsets[span.index],
        }[span.place]()
        return self.bases.index((span.place, 0)), start + span.offset

    def constant(self, span):
        """(symbol of the block that a constant is in, offset from it)."""
        at = span.index + span.offset
        found = ((block.symbol, block.find(at)) for block in self.blocks)
        # What takes no bytes may lie anywhere.
        return next((place for place in found if place[1] is not None), (self.blocks[0].symbol, 0))

    def base(self, place, index):
        return {
            "transient": lambda: "(uint8_t *)arena",
            "constant": lambda: f"(uint8_t *)(uintptr_t){index}",
            "state": lambda: f"{self.plan.name}_state",
            "input": lambda: f"(uint8_t *)(uintptr_t){self.inputs[index]}",
            "output": lambda: f"(uint8_t *){self.outputs[index]}",
        }[place]()

    def tables(self):
        from . import poison  # and with it NumPy, only where C is written

        steps, lines = self.steps, [f"static const uint8_t {self.c_name}_steps[] = {{"]
        for comment, content in steps.bytes():
            lines.append(f"    /* {comment} */")
            for start in range(0, len(content), _A_LINE):
                lines.append("    " + " ".join(f"0x{byte:02x}," for byte in content[start : start + _A_LINE]))
        lines += ["};", *poison.table(self.function, self.c_name)]
        if steps.load:  # what is loaded changes them
            lines.append(f"static uint32_t {self.c_name}_words[] = {{{_listed(steps.words)}}};")
            lines += late.text(self.function, self.c_name, self.place, steps.words)
        lines += [f"static const iree_direct_program_t {self.c_name}_program = {{", f"    .steps = {self.c_name}_steps,"]
        if used_kernels(self.plan):
            lines.append(f"    .kernels = {self.plan.name}_kernels,")
        if self.scratch:
            lines += [f"    .scratch = {self.function.arena_size - self.scratch},", f"    .scratch_size = {self.scratch},"]
        if steps.repeat:
            lines.append(f"    .repeat = {steps.repeat},")
        if steps.take:
            lines += [f"    .take = {steps.take},", f"    .row_size = {self.function.pushed.size},"]
        if steps.load:
            lines += [f"    .load = {steps.load},", f"    .loads = {self.c_name}_loads,"]
        lines += [f"    .base_bits = {steps.base_bits},", f"    .unit_bits = {steps.unit_bits},"]
        lines += [
            f"    .{key} = true," for key in ("fills", "copies", "moves", "borders", "grids", "constants") if getattr(steps, key)
        ]
        lines += ["#ifdef IREE_DIRECT_POISON", f"    .dead = {self.c_name}_dead,", "#endif"]
        return [*lines, "};", ""]

    def words(self):
        """(lines, name) of the constants that kernels get."""
        words = self.steps.words
        if not words:
            return [], "NULL"
        at_run_time = any(isinstance(word, Word) for word in words)
        lines = [f"  {'' if at_run_time else 'static const '}uint32_t words[] = {{{_listed(words)}}};"]
        if self.steps.load:
            lines = [f"  uint32_t *const words = {self.c_name}_words;"]
        for index, word in enumerate(words):
            if isinstance(word, Word):
                size = min(4, C_TYPES[self.function.inputs[word.argument].dtype][1] - word.offset)
                if size > 0:
                    source = f"(const uint8_t *)&{self.inputs[word.argument]} + {word.offset}"
                    lines.append(f"  memcpy(&words[{index}], {source}, {size});")
        return lines, "words"

    def lines(self, prologue, loops, rows=False):
        """The C of the routine: its tables, then a function that runs them.

        prologue: its first statements. loops: whether any routine of the source has some; rows: whether any takes rows.
        """
        own = header.signature(self.function, f"{self.c_name}_in", ("void *arena",))
        if not self.function.pushed:
            return [*self.tables(), f"{own} {{", *prologue, *self._run(loops, ", NULL, NULL, 0" * rows), "}", ""]
        inputs, outputs = header.parameters(self.function)
        run = f"{self.plan.name}_run_rows"
        arguments = ", ".join(["void *arena", "const uint8_t *rows_", "uint32_t n_", *inputs, *outputs])
        lines = [*self.tables(), f"static int {run}({arguments}) {{", *self._run(loops, pushing.arguments(self.plan)), "}", ""]
        lines += pushing.push(self.plan, self.function, prologue, run, len(inputs) + len(outputs))
        results = pushing.results(self.plan, self.function, run, header.argument_names(self.function))
        return [*lines, f"{own} {{", *_checks(self.function), *results, "}", ""]

    def _run(self, loops, rows):
        """The statements that run the steps; rows: the arguments for them."""
        lines, words = self.words()
        most = self.steps.most_bindings
        bases = ", ".join(self.base(*base) for base in self.bases)
        return [
            f"  uint8_t *const bases[] = {{{bases}}};",
            f"  void *bindings[{most}];",
            f"  size_t lengths[{most}];",
            *lines,
            *([f"  uint32_t in_line[{max(1, self.steps.table.most)}];"] if loops else []),
            f"  return iree_direct_run(&{self.c_name}_program, bases, bindings, lengths, {words}{', in_line' * loops}{rows});",
        ]


def _listed(words):
    return ", ".join(f"0x{word:x}u" if isinstance(word, int) else "0" for word in words) or "0"


def used_kernels(plan):
    """symbol -> name for the linker of the kernels that steps call, in their order in the library."""
    steps = [step for routine in [*plan.functions, plan.initializer] if routine for step in routine.steps]
    used = {step.kernel for step in steps if isinstance(step, Dispatch)}
    for kernel in plan.kernels:
        if kernel.symbol in used and any(size > 1 for size in kernel.workgroup_size):
            raise BaremetalError(f"kernel {kernel.symbol} has workgroups of size {kernel.workgroup_size}, not of one item.")
    return {symbol: name for symbol, name in names.kernels(plan).items() if symbol in used}


def _checks(function):
    """The test of the caller's addresses."""
    inputs, outputs = header.parameter_names(function)
    tensors = [n for t, n in header.given(function, function.inputs, inputs) if not t.is_scalar] + outputs
    return pushing.aligned(["arena", *tensors])


def _wrapper(plan, function, c_name):
    arguments = ", ".join([f"{plan.name}_arena", *header.argument_names(function)])
    return [header.signature(function, c_name) + " {", f"  return {c_name}_in({arguments});", "}", ""]


def text(plan, arena_section="", library=None, blocks=None):
    """The source's text; arena_section: of the linker, where the arena shall not lie with all other data; library:
    the `KernelsObject` that it will be linked with, to hold the compiler against it; blocks: of `constants`, as `weights` has them.
    """
    blocks = constants.blocks(plan, False) if blocks is None else blocks
    lines = [
        names.LICENSE,
        f"/* {plan.name}: generated, do not edit. Steps in the order of the model; {plan.name}.h tells how to call. */",
    ]
    routines = [_Routine(plan, function, c_name, blocks) for function, c_name in zip(plan.functions, names.functions(plan))]
    initializer = plan.initializer and _Routine(plan, plan.initializer, f"{plan.name}_initialize", blocks)
    loops = any(routine.steps.repeat for routine in [*routines, initializer] if routine)
    lines += [f'#include "{plan.name}.h"', "", "#include <string.h>", "", *(["#define IREE_DIRECT_LOOPS"] if loops else [])]
    lines += ["#define IREE_DIRECT_LOADS"] if any(routine.steps.load for routine in [*routines, initializer] if routine) else []
    rows = pushing.function_of(plan) is not None
    lines += ["#define IREE_DIRECT_ROWS"] if rows else []
    lines += ['#include "iree_direct.h"', ""]
    if library:
        lines += [*guards.lines(library, plan.name), *helpers.lines(library)]
    lines += constants.declarations(blocks)
    kernels = used_kernels(plan)
    lines += [f"extern iree_direct_kernel_t {name};" for name in kernels.values()]
    if kernels:
        lines += [
            f"static iree_direct_kernel_t *const {plan.name}_kernels[] = {{",
            *(f"    {n}," for n in kernels.values()),
            "};",
        ]
    lines.append("")
    if any(
        s.place == "state"
        for routine in [*plan.functions, plan.initializer]
        if routine
        for step in routine.steps
        for s in spans(step)
    ):
        lines += [f"static uint8_t {plan.name}_state[{plan.state_size}] IREE_ALIGNED;", ""]
    prologue = []
    if initializer:
        name = initializer.c_name
        lines += ["static " + line if line.startswith(f"int {name}") else line for line in initializer.lines([], loops, rows)]
        lines += [f"static uint8_t {plan.name}_ready;", ""]
        prologue = [
            f"  if (!{plan.name}_ready) {{",
            f"    const int status = {name}_in(arena);",
            "    if (status != IREE_MODEL_OK) return status;",
            f"    {plan.name}_ready = 1;",
            "  }",
        ]
    lines += pushing.state(plan)
    arena = f"static uint8_t {plan.name}_arena[{max(plan.arena_size, 1)}] IREE_ALIGNED"
    where = f' __attribute__((section("{arena_section}")))' if arena_section else ""
    lines += [f"{arena}{where};", ""]
    for routine in routines:
        checks = [] if routine.function.pushed else _checks(routine.function)
        lines += routine.lines([*checks, *prologue], loops, rows)
    if plan.keeps_state:
        lines += [f"void {names.reset(plan)}(void) {{", f"  memset({plan.name}_state, 0, sizeof {plan.name}_state);"]
        lines += [*([f"  {plan.name}_ready = 0;"] if initializer else []), *pushing.reset(plan), "}", ""]
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _wrapper(plan, function, c_name)
    return "\n".join(lines)


def weights(plan, binary_name, section="", blocks=None):
    """Assembly that puts the weights' file, found on the include path, into flash; section: of the linker, for elsewhere."""
    blocks = constants.blocks(plan, False) if blocks is None else blocks
    return "\n".join(
        [
            names.LICENSE,
            f"/* {plan.name}: generated, do not edit. */",
            *constants.assembly(plan, blocks, binary_name, section),
            "#ifdef __linux__",
            '  .section .note.GNU-stack, "", %progbits',
            "#endif",
            "",
        ]
    )
