"""The model's header, written for people. It is the same for every deployment."""

from ..plan.model import ALIGNMENT, C_TYPES
from . import names


def signature(function, c_name, extra=()):
    """The C prototype of a function of the plan, without the semicolon."""
    inputs, outputs = parameters(function)
    arguments = [*extra, *inputs, *outputs]
    return f"int {c_name}({', '.join(arguments) or 'void'})"


def parameter_names(function):
    """(input names, output names) as C identifiers."""
    found = names.unique([t.name for t in function.inputs + function.outputs])
    return found[: len(function.inputs)], found[len(function.inputs) :]


def parameters(function):
    """(inputs, outputs) as C parameter declarations."""
    input_names, output_names = parameter_names(function)
    inputs = []
    for tensor, name in zip(function.inputs, input_names):
        c_type = C_TYPES[tensor.dtype][0]
        inputs.append(f"{c_type} {name}" if tensor.is_scalar else f"const {c_type} {name}[{tensor.elements}]")
    outputs = [f"{C_TYPES[t.dtype][0]} {n}[{t.elements}]" for t, n in zip(function.outputs, output_names)]
    return inputs, outputs


def shape_text(tensor):
    """As in "1x8x8 f32, 256 bytes"."""
    if tensor.is_scalar:
        return f"{tensor.dtype}, by value"
    extents = "x".join(map(str, tensor.shape)) or "one"
    return f"{extents} {tensor.dtype}, {tensor.size:,} bytes"


def _describe(function, c_name):
    lines = [f" * {c_name}()"]
    for kind, tensors, labels in zip(("in ", "out"), (function.inputs, function.outputs), parameter_names(function)):
        for tensor, label in zip(tensors, labels):
            lines.append(f" *   {kind} {label}: {shape_text(tensor)}{tensor_note(tensor)}")
    return lines


def tensor_note(tensor):
    """What is known of the tensor beyond its type: its quantization."""
    return f", {tensor.note}" if tensor.note else ""


def text(plan, origin):
    """The header's text. origin: what the model was made from and with, for the first line."""
    guard = f"{names.identifier(plan.name).upper()}_H"
    prefix = names.identifier(plan.name).upper()
    lines = [
        f"/* {plan.name}: {origin}. Generated: do not edit.",
        " *",
    ]
    prototypes = []
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _describe(function, c_name)
        prototypes.append(signature(function, c_name) + ";")
        prototypes.append(signature(function, c_name + "_in", ("void *arena",)) + ";")
    lines += [
        " *",
        " * Each returns 0 or an IREE_MODEL_* code of iree_model.h. Tensors are dense and row-major; their",
        f" * addresses are multiples of {ALIGNMENT} (declare them IREE_ALIGNED), and outputs overlap nothing.",
        " *",
        f" * Flash: {len(plan.constants):,} bytes of weights. RAM: an arena of {plan.arena_size:,} bytes"
        + (f" and {plan.state_size:,} bytes of state." if plan.state_size else "."),
        f" * X() uses an arena of its own; X_in() one of the caller's, {prefix}_ARENA_SIZE bytes, IREE_ALIGNED,",
        " * that others may use between calls. Calls of one model must not overlap in time.",
        " */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        '#include "iree_model.h"',
        "",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        f"#define {prefix}_ARENA_SIZE {plan.arena_size} /* bytes */",
        "",
        *prototypes,
        "",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "",
        f"#endif  /* {guard} */",
        "",
    ]
    return "\n".join(lines)
