"""An application to begin with: it calls the model once."""

from ..codegen import header, pushing
from ..plan.model import C_TYPES


def _function(library, c_name, function):
    inputs, outputs = header.parameter_names(function)
    lines, arguments = [f"static int run_{c_name}(void) {{"], []
    tensors = header.given(function, function.inputs, inputs)
    for tensor, name in [*tensors, *zip(function.outputs, outputs)]:
        c_type = C_TYPES[tensor.dtype][0]
        note = f" /* {header.shape_text(tensor)}{header.tensor_note(tensor)} */"
        if tensor.is_scalar:
            lines.append(f"  const {c_type} {name} = 0;{note}")
        else:
            lines.append(f"  static IREE_ALIGNED {c_type} {name}[{tensor.elements}];{note}")
        arguments.append(name)
    filled = [name for tensor, name in tensors if not tensor.is_scalar]
    if filled:
        lines.append(f"  /* Fill {', '.join(filled)} here. */")
    lines += pushing.example(library, function)
    return [*lines, f"  return {c_name}({', '.join(arguments)});", "}", ""]


def functions(library):
    """C that calls each function of the model: static functions run_<name>() that return its outcome."""
    lines = [f'#include "{library.name}.h"', ""]
    for c_name, function in library.functions:
        lines += _function(library, c_name, function)
    return lines


def text(library):
    """main.c: 0 where every function did its work."""
    lines = [f"/* Calls {library.name} once, with zeros for inputs. */", *functions(library), "int main(void) {"]
    for c_name, _ in library.functions:
        lines.append(f"  if (run_{c_name}() != IREE_MODEL_OK) return 1;")
    return "\n".join([*lines, "  return 0;", "}", ""])
