"""The model's header, written for people. It is the same for every deployment."""

from ..plan.model import ALIGNMENT, C_TYPES
from . import names, pushing, quantization


def signature(function, c_name, extra=()):
    """The C prototype of a function of the plan, without the semicolon."""
    inputs, outputs = parameters(function)
    arguments = [*extra, *inputs, *outputs]
    return f"int {c_name}({', '.join(arguments) or 'void'})"


def parameter_names(function):
    """(input names, output names) as C identifiers."""
    found = names.parameters(function.inputs + function.outputs)
    return found[: len(function.inputs)], found[len(function.inputs) :]


def parameters(function):
    """(inputs, outputs) as C parameter declarations.

    An input of dynamic shape comes with its shape; an output of one with the room there is, in
    elements, and takes the shape it got, or would have got with more room. An input that is pushed is no parameter.
    """
    input_names, output_names = parameter_names(function)
    inputs, outputs = [], []
    for tensor, name in given(function, function.inputs, input_names):
        c_type = C_TYPES[tensor.dtype][0]
        if tensor.is_scalar:
            inputs.append(f"{c_type} {name}")
        elif tensor.is_dynamic:
            inputs += [f"const {c_type} *{name}", f"const size_t {name}_shape[{len(tensor.shape)}]"]
        else:
            inputs.append(f"const {c_type} {name}[{tensor.elements}]")
    for tensor, name in zip(function.outputs, output_names):
        c_type = C_TYPES[tensor.dtype][0]
        if tensor.is_dynamic:
            outputs += [f"{c_type} *{name}", f"size_t {name}_capacity", f"size_t {name}_shape[{len(tensor.shape)}]"]
        else:
            outputs.append(f"{c_type} {name}[{tensor.elements}]")
    return inputs, outputs


def given(function, *lists):
    """What lists, each of something for each input, have for those that a call is given with the others, together."""
    pushed = function.pushed and function.pushed.input
    return [found for number, found in enumerate(zip(*lists)) if number != pushed]


def argument_names(function):
    """What to write to hand a function's parameters on."""
    inputs, outputs = parameter_names(function)
    result = []
    for tensor, name in given(function, function.inputs, inputs):
        result += [name, f"{name}_shape"] if tensor.is_dynamic else [name]
    for tensor, name in zip(function.outputs, outputs):
        result += [name, f"{name}_capacity", f"{name}_shape"] if tensor.is_dynamic else [name]
    return result


def shape_text(tensor):
    """As in "1x8x8 f32, 256 bytes"."""
    if tensor.is_scalar:
        return f"{tensor.dtype}, by value"
    extents = "x".join("?" if extent is None else str(extent) for extent in tensor.shape) or "one"
    if tensor.is_dynamic:
        return f"{extents} {tensor.dtype}"
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


def memory_note(plan):
    """What the direct deployment of plan takes, as lines of the header's comment."""
    prefix = names.identifier(plan.name).upper()
    state = f" and {plan.state_size:,} bytes of state" if plan.state_size else ""
    return [
        f" * Flash: {len(plan.constants):,} bytes of weights. RAM: an arena of {plan.arena_size:,} bytes{state}.",
        f" * X() uses an arena of its own; X_in() one of the caller's, {prefix}_ARENA_SIZE bytes, IREE_ALIGNED,",
        " * that others may use between calls. Calls of one model must not overlap in time.",
    ]


def text(plan, origin, note):
    """The header's text.

    origin: what the model was made from and with, for the first line; note: lines on memory.
    """
    names.check(plan)
    prefix = names.identifier(plan.name).upper()
    guard = f"{prefix}_H"
    lines = [names.LICENSE, f"/* {plan.name}: {origin}. Generated: do not edit.", " *"]
    prototypes = []
    for function, c_name in zip(plan.functions, names.functions(plan)):
        lines += _describe(function, c_name)
        prototypes.append(signature(function, c_name) + ";")
        prototypes.append(signature(function, c_name + "_in", ("void *arena",)) + ";")
        lines += pushing.described(plan, function, c_name)
        prototypes += [f"{line};" for line in pushing.signatures(plan, function)]
    if plan.keeps_state:
        lines.append(f" * {names.reset(plan)}() starts the state anew: the next call finds what the first one found.")
        prototypes.append(f"void {names.reset(plan)}(void);")
    macros, quantizers = quantization.text(plan, parameter_names)
    lines += [
        " *",
        " * Each returns 0 or an IREE_MODEL_* code of iree_model.h. Tensors are dense and row-major; their",
        f" * addresses are multiples of {ALIGNMENT} (declare them IREE_ALIGNED), and outputs overlap nothing.",
        " *",
        *note,
        *(
            [" * Quantized tensors: X_quantize() gives the element for a real value, X_dequantize() the reverse."]
            if macros
            else []
        ),
        " */",
        f"#ifndef {guard}",
        f"#define {guard}",
        "",
        '#include "iree_model.h"',
        *(['#include "iree_quantize.h"'] if macros else []),
        "",
        "#ifdef __cplusplus",
        'extern "C" {',
        "#endif",
        "",
        f"#define {prefix}_ARENA_SIZE {plan.arena_size} /* bytes */",
        *pushing.macros(plan),
        *macros,
        "",
        *prototypes,
        *quantizers,
        "",
        "#ifdef __cplusplus",
        "}",
        "#endif",
        "",
        f"#endif  /* {guard} */",
        "",
    ]
    return "\n".join(lines)
