"""What only the machine sees: addresses, loads by them, assembly."""

from iree.compiler import ir
from iree.compiler.dialects import arith, llvm

from .values import i8, i32, word


def address(array):
    """The address, as a word, of an array of one dimension that the function itself has made."""
    buffer = ir.Type.parse(f"memref<{array.type.shape[0]}x{array.type.element_type}>")
    place = _create("bufferization.to_buffer", buffer, [array], read_only=ir.UnitAttr.get())
    return arith.index_cast(i32(), _create("memref.extract_aligned_pointer_as_index", ir.IndexType.get(), [place]))


def advance(place, count):
    """An address count bytes further."""
    return arith.addi(place, word(count))


def advance_by(place, count):
    """An address count (an index) bytes further."""
    return arith.addi(place, arith.index_cast(i32(), count))


def word_at(base, offset):
    """The word at address base + offset."""
    return _loaded(i32(), base, offset)


def _loaded(type_, base, offset, **how):
    pointer, i64 = ir.Type.parse("!llvm.ptr"), ir.IntegerType.get_signless(64)
    place = _create("llvm.inttoptr", pointer, [base])
    constant = {"rawConstantIndices": ir.DenseI32ArrayAttr.get([offset]), "elem_type": ir.TypeAttr.get(i8())}
    place = _create("llvm.getelementptr", pointer, [place], noWrapFlags=ir.IntegerAttr.get(i32(), 0), **constant)
    number = {name: ir.IntegerAttr.get(i64, value) for name, value in (("ordering", 0), ("alignment", 4))}
    return _create("llvm.load", type_, [place], **number, **how)


def lanes_at(base, offset, lanes, type_=None):
    """Neighbours at address base + offset, of words where type_ is not given, as a vector; the address is one of a word."""
    return _loaded(ir.VectorType.get([lanes], type_ or i32()), base, offset)


def two_words(base, offset):
    """The words at address base + offset and after it, by one LDRD: LLVM keeps volatile loads whole."""
    i64 = ir.IntegerType.get_signless(64)
    both = _loaded(i64, base, offset, volatile_=ir.UnitAttr.get())
    return arith.trunci(i32(), both), arith.trunci(i32(), arith.shrui(both, arith.constant(i64, 32)))


def assembly(text, constraints, types, operands, is_pure=False):
    """The results, of these types by name, of inline assembly. is_pure: whether nothing else comes of it."""
    dialect = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 0)
    strings = {"asm_string": ir.StringAttr.get(text), "constraints": ir.StringAttr.get(constraints)}
    if not is_pure:
        strings["has_side_effects"] = ir.UnitAttr.get()
    made = ir.Type.parse(f"!llvm.struct<({','.join(types)})>" if len(types) > 1 else types[0])
    result = _create("llvm.inline_asm", made, operands, asm_dialect=dialect, **strings)
    if len(types) == 1:
        return [result]
    return [llvm.extractvalue(ir.Type.parse(t), result, ir.DenseI64ArrayAttr.get([n])) for n, t in enumerate(types)]


def _create(name, type_, operands, **attributes):
    return ir.Operation.create(name, [type_], operands, attributes).result


def hidden(value):
    """A word of which LLVM does not see where it comes from."""
    return assembly("", "=r,0", ["i32"], [value], is_pure=True)[0]
