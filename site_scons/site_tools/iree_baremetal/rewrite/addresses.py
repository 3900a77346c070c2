"""Where a kernel's inputs lie in memory, for loops that are written in assembly.

At the flow phase ``bufferization.to_buffer`` of a whole input stands for its buffer. Left as it is, iree-compile
would copy the input to the stack first: its own buffers are of another memory space by then. So at the stream
phase the kernel's binding itself is seen as that buffer.
"""

from iree.compiler import ir

from ..modules import operations
from . import dispatches, emit
from .product import NoMatch, terms

_LOAD, _BUFFER, _SUBSPAN = "iree_tensor_ext.dispatch.tensor.load", "bufferization.to_buffer", "stream.binding.subspan"

_STORE = "iree_tensor_ext.dispatch.tensor.store"
_OUTPUT = "iree_baremetal.output"


def of(tensor, **attributes):
    """The address, as a word, of an input of the function that has been loaded whole, or of a constant in it."""
    type_ = ir.RankedTensorType(tensor.type)
    layout = "" if dispatches.defining(tensor).name == "arith.constant" else f", strided<{strides(type_.shape)}, offset: ?>"
    buffer = ir.Type.parse(f"memref<{'x'.join(map(str, type_.shape))}x{type_.element_type}{layout}>")
    made = ir.Operation.create(_BUFFER, [buffer], [tensor], {"read_only": ir.UnitAttr.get(), **attributes}).result
    base = ir.Type.parse(f"memref<{type_.element_type}>")
    index = ir.IndexType.get()
    parts = [base, *[index] * (1 + 2 * type_.rank)]
    start, offset, *_ = ir.Operation.create("memref.extract_strided_metadata", parts, [made]).results
    pointer = ir.Operation.create("memref.extract_aligned_pointer_as_index", [index], [start]).result
    return emit.as_word(emit.add(pointer, emit.scaled(offset, type_.element_type.width // 8)))


def of_output(empty):
    """The address, as a word, of the function's output, stored whole: what its loops make of an empty tensor."""
    return of(empty, **{_OUTPUT: ir.UnitAttr.get()})


def is_stored_whole(value):
    """Whether value is the output of its function, and nothing else."""
    using = dispatches.users(value)
    if [use.name for use in using] != [_STORE] or len(using[0].operands) != 2:
        return False
    return str(ir.RankedTensorType(value.type)) in str(using[0].operands[1].type)


def strides(shape):
    """Elements from one value of each index to the next, of an array without gaps."""
    result = [1]
    for extent in reversed(shape[1:]):
        result.insert(0, result[0] * extent)
    return result[: len(shape)]


def distances(product):
    """({loop: elements that it moves the input by}, elements before the first input)."""
    load = dispatches.defining(product.activation)
    if load is None or load.name != _LOAD or len(load.operands) != 1:
        raise NoMatch("its input is computed")
    if "readonly:" not in str(load.operands[0].type):
        raise NoMatch("its input is written, too")
    shape = strides(_shape(load))
    sizes = [size * step for size, step in zip(shape, load.attributes["static_strides"])]
    if len(sizes) != ir.RankedTensorType(load.results[0].type).rank:
        raise NoMatch("its input is a slice of fewer dimensions")
    start = sum(offset * size for offset, size in zip(load.attributes["static_offsets"], shape))
    result = dict.fromkeys(range(len(product.extents)), 0)
    for expression, size in zip(product.activation_map.results, sizes):
        for loop, factor in terms(expression):
            if loop is None:
                start += factor * size
            else:
                result[loop] += factor * size
    return result, start


def _shape(load):
    """The shape of the tensor that load takes a part of."""
    dims = str(load.operands[0].type).split("tensor<")[-1].split("x")[:-1]
    if not all(dim.isdigit() for dim in dims):
        raise NoMatch("its input has dynamic dimensions")
    return [int(dim) for dim in dims]


def whole(tensor):
    """All of the tensor that the load behind tensor takes a part of."""
    load = dispatches.defining(tensor)
    shape = _shape(load)
    if list(ir.RankedTensorType(tensor.type).shape) == shape:
        return tensor
    return dispatches.load_whole(load.operands[0], ir.RankedTensorType.get(shape, ir.RankedTensorType(tensor.type).element_type))


def settle(module):
    """Lets the addresses in a module at the stream phase be those of the bindings; how many."""
    found = [op for op in operations(module, _BUFFER) if _subspan(op)]
    for op in found:
        subspan = _subspan(op)
        with ir.InsertionPoint(op), op.location:
            types = [op.results[0].type]
            made = ir.Operation.create(_SUBSPAN, types, list(subspan.operands), attributes=dict(_attributes(subspan)))
        op.results[0].replace_all_uses_with(made.results[0])
        op.erase()
    return len(found)


def _function(op):
    while op.name != "func.func":
        op = op.operation.parent.operation
    return op


def _attributes(op):
    return [(name, op.attributes[name]) for name in op.attributes]


def _subspan(op):
    """The binding that a to_buffer sees, if it sees one whole, or that its function's output is."""
    load = dispatches.defining(op.operands[0])
    if _OUTPUT in op.attributes:
        (store,) = [other for other in operations(_function(op), _STORE)]
        return dispatches.defining(store.operands[1])
    if load is None or load.name != _LOAD or len(load.operands) != 1:
        return None
    subspan = dispatches.defining(load.operands[0])
    return subspan if subspan is not None and subspan.name == _SUBSPAN and len(subspan.operands) == 2 else None
