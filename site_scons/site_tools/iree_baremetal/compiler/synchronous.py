"""Functions without fences, at the ABI phase: the inline HAL, which computes as it is called, has none.

Models of frontends with coarse fences (ONNX) have each function twice: one that waits for and signals fences, and a
wrapper that makes the fences. Here the first neither waits nor signals, and the wrapper passes none, so that
iree-compile puts one into the other.
"""

from iree.compiler import ir

from ..modules import operations

_FENCE = "!hal.fence"
_OF_EXPORTS = ("inlining_policy", "iree.abi.model", "iree.abi.stub")


def without_fences(module):
    """Removes the fences of module; how many functions had them."""
    functions = [op for op in operations(module, "util.func") if "iree.abi.model" in op.attributes]
    for function in functions:
        for name in _OF_EXPORTS:
            if name in function.attributes:
                del function.attributes[name]
        function.attributes["sym_visibility"] = ir.StringAttr.get("private")
    for op in operations(module, "hal.tensor.import", "hal.tensor.export"):
        _without_wait(op)
    for op in operations(module, "hal.tensor.barrier"):
        for result, operand in zip(op.results, list(op.operands)):
            result.replace_all_uses_with(operand)
        op.erase()
    for op in operations(module, "hal.fence.await"):
        op.erase()
    for op in operations(module, "hal.fence.create"):
        with ir.InsertionPoint(op), op.location:
            none = ir.Operation.create("util.null", results=[op.results[0].type])
        op.results[0].replace_all_uses_with(none.results[0])
        op.erase()
    return len(functions)


def _without_wait(op):
    """The import or export op once more, without operands that are fences."""
    kept = [operand for operand in op.operands if str(operand.type) != _FENCE]
    if len(kept) == len(op.operands):
        return
    attributes = {name: op.attributes[name] for name in op.attributes}
    sizes, first = [], 0
    for size in attributes["operandSegmentSizes"]:
        sizes.append(sum(str(operand.type) != _FENCE for operand in list(op.operands)[first : first + size]))
        first += size
    attributes["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get(sizes)
    with ir.InsertionPoint(op), op.location:
        again = ir.Operation.create(op.name, results=[result.type for result in op.results], operands=kept, attributes=attributes)
    for old, new in zip(op.results, again.results):
        old.replace_all_uses_with(new)
    op.erase()
