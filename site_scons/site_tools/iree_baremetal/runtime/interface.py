"""A model's functions with the types of their inputs and outputs, dynamic dimensions included.

Read at the ABI phase (``iree-compile --compile-to=abi``), where every frontend's tensors have
become buffer views that are imported and exported under their types.
"""

import re

from ..errors import BaremetalError
from ..modules import parsed
from ..plan.model import C_TYPES, Function, Tensor

_SCALAR = re.compile(r"[iuf]+\d+|bf16|index")


def _walk(op):
    for region in op.regions:
        for block in region:
            for inner in block:
                yield inner.operation
                yield from _walk(inner.operation)


def _tensor(name, text):
    """A `Tensor` from MLIR's text of its type; a dynamic extent is None."""
    inner = re.fullmatch(r"tensor<(.*?)(?:, .*)?>", text)
    if not inner:
        return Tensor(name, _dtype(name, text), None)
    *extents, dtype = inner[1].split("x")
    return Tensor(name, _dtype(name, dtype), tuple(None if e == "?" else int(e) for e in extents))


def _dtype(name, text):
    dtype = text.removeprefix("s") if text.startswith("si") else text
    if dtype not in C_TYPES:
        raise BaremetalError(f"{name} has element type {text}, which C lacks.")
    return dtype


def _declared(op):
    """{label: type} of the declaration that iree-compile attaches to functions of some frontends."""
    if "iree.reflection" not in op.attributes:
        return {}
    return dict(re.findall(r"%(\w+): (tensor<[^>]*>|\w+)", str(op.attributes["iree.reflection"])))


def _function(name, op, body):
    """The `Function` called name; body is where its tensors are imported and exported."""
    declared, block = _declared(op), body.regions[0].blocks[0]
    imported, exported = {}, {}
    for inner in _walk(body):
        if inner.name == "hal.tensor.import":
            imported[inner.operands[0]] = str(inner.results[0].type)
        elif inner.name == "hal.tensor.export":
            exported[inner.results[0]] = str(inner.operands[0].type)
    inputs, types = [], {}
    for value in block.arguments:
        if str(value.type) == "!hal.fence":
            continue
        label = f"input{len(inputs)}"
        types[value] = imported.get(value) or declared.get(label) or str(value.type)
        if types[value] == "!hal.buffer_view":
            raise BaremetalError(f"@{name}: the type of input {len(inputs)} is not known: it is unused.")
        inputs.append(_tensor(label, types[value]))
    returned = list(block)[-1].operation.operands if len(body.regions[0].blocks) == 1 else []
    outputs = []
    for value in returned:
        text = exported.get(value) or types.get(value)
        if not text:
            raise BaremetalError(f"@{name}: result {len(outputs)} is no tensor; return a tensor (tensor<f32>, say).")
        outputs.append(_tensor(f"output{len(outputs)}", text))
    return Function(name, inputs, outputs, [], [])


def keeps_state(module):
    """Whether a module (bytes) at the ABI phase has variables that calls change."""
    with parsed(module, "ABI") as program:
        return any(op.operation.name == "util.global" and "is_mutable" in op.operation.attributes for op in program.body)


def read(module):
    """(module name, `Function`s without steps) of a module (bytes) at the ABI phase."""
    with parsed(module, "ABI") as program:
        attributes = program.operation.attributes
        name = attributes["sym_name"].value if "sym_name" in attributes else "module"
        found = {
            op.operation.attributes["sym_name"].value: op.operation for op in program.body if op.operation.name == "util.func"
        }
        functions = [
            _function(function, op, found.get(f"{function}$async", op))
            for function, op in found.items()
            if "iree.abi.stub" in op.attributes and "iree.abi.model" not in op.attributes
        ]
    if not functions:
        raise BaremetalError("the model exports no function.")
    return name, functions
