"""The host program as C: plain calls of the kernels, for deploy=direct."""

from ..errors import BaremetalError
from ..kernels import LOCAL_MEMORY_PAGE
from ..plan.model import ALIGNMENT, C_TYPES, Copy, Dispatch, Fill, Word, spans
from . import header, names


class _Writer:
    """Writes one routine's steps."""

    def __init__(self, plan, function, c_name):
        self.plan, self.function, self.c_name = plan, function, c_name
        self.kernel_names = names.kernels(plan)
        self.kernels = {kernel.symbol: kernel for kernel in plan.kernels}
        self.inputs, self.outputs = header.parameter_names(function)
        self.tables, self.lines, self.known_lengths = [], [], {}

    def address(self, span):
        base, offset = {
            "input": lambda: (f"(uint8_t *)(uintptr_t){self.inputs[span.index]}", 0),
            "output": lambda: (f"(uint8_t *){self.outputs[span.index]}", 0),
            "constant": lambda: (f"(uint8_t *)(uintptr_t){self.plan.name}_weights", span.index),
            "state": lambda: (f"{self.plan.name}_state", self.plan.state_offsets[span.index]),
            "transient": lambda: ("arena", self.function.offsets[span.index]),
        }[span.place]()
        offset += span.offset
        return f"{base} + {offset}" if offset else base

    def step(self, number, step):
        if isinstance(step, Dispatch):
            self.dispatch(number, step)
        elif isinstance(step, Fill):
            self.fill(step)
        elif isinstance(step, Copy):
            source, target = self.address(step.source), self.address(step.target)
            self.lines.append(f"  memcpy({target}, {source}, {step.source.length});")

    def fill(self, step):
        target, length = self.address(step.target), step.target.length
        octets = set(step.pattern.to_bytes(step.width, "little"))
        if len(octets) == 1:
            self.lines.append(f"  memset({target}, {octets.pop()}, {length});")
        else:
            self.lines.append(f"  iree_direct_fill({target}, 0x{step.pattern:x}u, {step.width}, {length});")

    def dispatch(self, number, step):
        kernel = self.kernels[step.kernel]
        if any(size > 1 for size in kernel.workgroup_size):
            raise BaremetalError(f"kernel {step.kernel} has workgroups of size {kernel.workgroup_size}, not of one item.")
        lengths = self.lengths(tuple(span.length for span in step.bindings))
        call = f"{self.c_name}_call_{number}"
        x, y, z = step.workgroups
        pages = kernel.local_memory // LOCAL_MEMORY_PAGE
        self.tables += [
            f"static const iree_direct_call_t {call} = {{",
            f"    {self.kernel_names[step.kernel]},",
            f"    {lengths}, {x}, {y}, {z}, {pages}, {len(step.constants)}, {len(step.bindings)}}};",
        ]
        addresses = ", ".join(self.address(span) for span in step.bindings)
        self.lines.append(f"  /* {step.location} */")
        self.lines.append("  {")
        self.lines.append(f"    void *const bindings[] = {{{addresses}}};")
        constants = self.constants(step)
        local = f"arena + {self.function.arena_size - _scratch(kernel)}" if kernel.local_memory else "NULL"
        self.lines.append(f"    status = iree_direct_call(&{call}, bindings, {constants}, {local});")
        self.lines.append("    if (status != IREE_MODEL_OK) return status;")
        self.lines.append("  }")

    def lengths(self, values):
        """The name of a table with these values; one for all that need the same."""
        if values not in self.known_lengths:
            self.known_lengths[values] = name = f"{self.c_name}_lengths_{len(self.known_lengths)}"
            self.tables.append(f"static const size_t {name}[] = {{{', '.join(map(str, values))}}};")
        return self.known_lengths[values]

    def constants(self, step):
        if not step.constants:
            return "NULL"
        values = ", ".join("0" if isinstance(c, Word) else f"0x{c:x}u" for c in step.constants)
        if not any(isinstance(c, Word) for c in step.constants):
            self.lines.append(f"    static const uint32_t constants[] = {{{values}}};")
            return "constants"
        self.lines.append(f"    uint32_t constants[] = {{{values}}};")
        for index, word in enumerate(step.constants):
            if isinstance(word, Word):
                size = min(4, C_TYPES[self.function.inputs[word.argument].dtype][1] - word.offset)
                if size > 0:
                    source = f"(const uint8_t *)&{self.inputs[word.argument]} + {word.offset}"
                    self.lines.append(f"    memcpy(&constants[{index}], {source}, {size});")
        return "constants"


def _scratch(kernel):
    return -(-kernel.local_memory // ALIGNMENT) * ALIGNMENT


def _routine(plan, function, c_name, prologue=()):
    """A static function with the steps, and the tables it needs before it."""
    writer = _Writer(plan, function, c_name)
    for number, step in enumerate(function.steps):
        writer.step(number, step)
    prototype = header.signature(function, f"{c_name}_in", ("void *arena_",))
    body = [prototype + " {", "  uint8_t *const arena = arena_;", "  int status = IREE_MODEL_OK;", "  (void)arena;"]
    return [*writer.tables, "", *body, *prologue, *writer.lines, "  return status;", "}", ""]


def _checks(function):
    """The test of the caller's addresses."""
    inputs, outputs = header.parameter_names(function)
    tensors = [n for t, n in zip(function.inputs, inputs) if not t.is_scalar] + outputs
    terms = " | ".join(f"(uintptr_t){name}" for name in ["arena", *tensors])
    return [f"  if (({terms}) & {ALIGNMENT - 1}) return IREE_MODEL_MISALIGNED;"]


def _wrapper(plan, function, c_name):
    inputs, outputs = header.parameter_names(function)
    arguments = ", ".join([f"{plan.name}_arena", *inputs, *outputs])
    return [header.signature(function, c_name) + " {", f"  return {c_name}_in({arguments});", "}", ""]


def text(plan):
    """The source's text."""
    lines = [f"/* {plan.name}: generated, do not edit. Steps in the order of the model; {plan.name}.h tells how to call. */"]
    lines += [f'#include "{plan.name}.h"', "", "#include <string.h>", "", '#include "iree_direct.h"', ""]
    if plan.constants:
        lines.append(f"extern const uint8_t {plan.name}_weights[];")
    steps = [step for routine in [*plan.functions, plan.initializer] if routine for step in routine.steps]
    used = {step.kernel for step in steps if isinstance(step, Dispatch)}
    for symbol, name in names.kernels(plan).items():
        if symbol in used:
            lines.append(f"extern iree_direct_kernel_t {name};")
    lines.append("")
    if any(span.place == "state" for step in steps for span in spans(step)):
        lines += [f"static uint8_t {plan.name}_state[{plan.state_size}] IREE_ALIGNED;", ""]
    prologue = []
    if plan.initializer:
        name = f"{plan.name}_initialize"
        lines += ["static " + line if line.startswith(f"int {name}") else line for line in _routine(plan, plan.initializer, name)]
        lines += [f"static uint8_t {plan.name}_ready;", ""]
        prologue = [
            f"  if (!{plan.name}_ready) {{",
            f"    status = {name}_in(arena);",
            "    if (status != IREE_MODEL_OK) return status;",
            f"    {plan.name}_ready = 1;",
            "  }",
        ]
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _routine(plan, function, c_name, [*_checks(function), *prologue])
    lines += [f"static uint8_t {plan.name}_arena[{max(plan.arena_size, 1)}] IREE_ALIGNED;", ""]
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _wrapper(plan, function, c_name)
    return "\n".join(lines)


def weights(plan, binary_name):
    """Assembly that puts the weights' file, found on the include path, into flash."""
    return "\n".join(
        [
            f"/* {plan.name}: generated, do not edit. */",
            f'  .section .rodata.{plan.name}_weights, "a"',
            f"  .balign {ALIGNMENT}",
            f"  .global {plan.name}_weights",
            f"  .type {plan.name}_weights, %object",
            f"{plan.name}_weights:",
            f'  .incbin "{binary_name}"' if plan.constants else "  .byte 0",
            f"  .size {plan.name}_weights, . - {plan.name}_weights",
            '  .section .note.GNU-stack, "", %progbits',
            "",
        ]
    )
