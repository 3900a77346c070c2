"""Arrays of a kernel: their elements, and neighbours among them as vectors."""

from iree.compiler import ir
from iree.compiler.dialects import arith, llvm, tensor, vector

from .values import i8, i32, word


def empty(shape, element):
    return tensor.empty(shape, element)


def table(array):
    """A constant of the function, an array of one dimension."""
    attribute = ir.DenseElementsAttr.get(array)
    return ir.Operation.create("arith.constant", [attribute.type], [], attributes={"value": attribute}).result


def load(array, *indices):
    return tensor.extract(array, list(indices))


def store(value, array, *indices):
    """array with value in it."""
    return tensor.insert(value, array, list(indices))


def load_lanes(array, lanes, *indices):
    """Neighbours of an array of small integers as a vector."""
    last, element = ir.AffineMap.get_minor_identity(len(indices), 1), array.type.element_type
    zero = arith.constant(element, 0)
    return vector.TransferReadOp(ir.VectorType.get([lanes], element), array, list(indices), last, zero, [True]).result


def store_lanes(lanes, array, *indices):
    """array with a vector of i8 in it."""
    last = ir.AffineMap.get_minor_identity(len(indices), 1)
    return vector.TransferWriteOp(array.type, lanes, array, list(indices), last, [True]).result


def lanes_of(value, lanes):
    """A vector that has a value in each of its lanes."""
    return vector.broadcast(ir.VectorType.get([lanes], value.type), value)


def widened_lanes(lanes):
    """A vector of i8 as one of words."""
    return arith.extsi(ir.VectorType.get(lanes.type.shape, i32()), lanes)


def narrowed_lanes(lanes):
    """A vector of words as one of i8."""
    return arith.trunci(ir.VectorType.get(lanes.type.shape, i8()), lanes)


def high_products(a, b):
    """The high words of the products of four words each, on a core with MVE."""
    return llvm.call_intrinsic(a.type, "llvm.arm.mve.vmulh.v4i32", [a, b, word(0)], [], [])


def load_word(array, *indices):
    """Neighbours of an array of i8 (four) or i16 (two) as one word."""
    one = ir.VectorType.get([1], i32())
    return vector.extract(vector.bitcast(one, load_lanes(array, 32 // array.type.element_type.width, *indices)), [], [0])


def dot(a, b, total):
    """total with the products of two vectors of small integers."""
    wide = ir.VectorType.get(a.type.shape, i32())
    products = arith.muli(arith.extsi(wide, a), arith.extsi(wide, b))
    return vector.reduction(i32(), vector.CombiningKind.ADD, products, acc=total)


def sum_of_lanes(lanes, total):
    """total with all lanes of a vector of i8."""
    return vector.reduction(i32(), vector.CombiningKind.ADD, widened_lanes(lanes), acc=total)
