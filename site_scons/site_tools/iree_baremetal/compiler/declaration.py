"""The types of inputs that nothing uses: of some frontends, IREE keeps only those of tensors that are computed with."""

import re
from pathlib import Path

from iree.compiler import ir

from ..modules import bytecode, operations, parsed

_TORCH = re.compile(r"!torch\.vtensor<\[([\d,]*)\],\s*(\w+)>")


def complete(program, model):
    """program with a declaration on each function that has an input of unknown type.

    program: the model (bytes) at the global-optimization phase; model: the file it was made of, which
    is read only where something is missing. The declaration is what IREE itself attaches for others.
    """
    with parsed(program, "global-optimization") as module:
        lacking = [op for op in operations(module, "util.func") if _lacks_types(op, module)]
        if not lacking:
            return program
        types = _declared(model)
        for op in lacking:
            name = op.attributes["sym_name"].value
            arguments = ", ".join(f"%input{n}: {type_}" for n, type_ in enumerate(types.get(name, [])))
            text = ir.StringAttr.get(f"sync func @{name}({arguments})")
            op.attributes["iree.reflection"] = ir.DictAttr.get({"iree.abi.declaration": text})
        return bytecode(module)


def _lacks_types(op, module):
    """Whether a function that callers see has an input that is no tensor in it."""
    if "iree.abi.stub" not in op.attributes or "iree.abi.model" in op.attributes or "iree.reflection" in op.attributes:
        return False
    name = f"{op.attributes['sym_name'].value}$async"
    body = next((other for other in operations(module, "util.func") if other.attributes["sym_name"].value == name), op)
    return any(
        str(value.type) == "!hal.buffer_view" and not any(use.owner.name == "hal.tensor.import" for use in value.uses)
        for value in body.regions[0].blocks[0].arguments
    )


def _declared(model):
    """name of a function of the file model -> the types of its inputs, as tensors."""
    with parsed(Path(model).read_bytes(), "input", allow_unknown=True) as module:
        return {
            op.attributes["sym_name"].value: [_tensor(str(type_)) for type_ in op.attributes["function_type"].value.inputs]
            for op in operations(module, "func.func")
        }


def _tensor(text):
    found = _TORCH.fullmatch(text)
    return f"tensor<{'x'.join([*filter(None, found[1].split(',')), found[2]])}>" if found else text
