"""The bytes of a constant, from its MLIR attribute."""

import re

import numpy
from iree.compiler import ir

from ..errors import BaremetalError


def to_bytes(attribute):
    """The content of an elements attribute or of IREE's ``#util.composite`` of them."""
    text = str(attribute)
    if text.startswith("#util.composite<"):
        # The dialect has no Python class; its list of parts is MLIR's array syntax but for a last comma.
        parts = text[text.index("[") + 1 : text.rindex("]")].rstrip().rstrip(",")
        return b"".join(to_bytes(part) for part in ir.Attribute.parse(f"[{parts}]", attribute.context))
    if isinstance(attribute, ir.DenseElementsAttr) and str(ir.ShapedType(attribute.type).element_type) == "bf16":
        return _bfloat16(text, len(attribute))
    if isinstance(attribute, ir.DenseElementsAttr):
        try:
            return numpy.ascontiguousarray(numpy.asarray(attribute)).tobytes()
        except (ValueError, TypeError, NotImplementedError) as error:
            raise BaremetalError(f"a constant of type {attribute.type} is not supported by deploy=direct: {error}") from error
    raise BaremetalError(f"a constant of the form '{text[:80]}…' is not supported by deploy=direct.")


def _bfloat16(text, count):
    """The bytes of bfloat16 elements, which NumPy lacks, from MLIR's text of them: one for all, each, or the bytes in hexadecimal.

    Elements are decimals, or their bits where they are not finite (MLIR Language Reference, Builtin, DenseElementsAttr).
    """
    body = text[len("dense<") : text.rindex("> : ")]
    if body.startswith('"0x'):
        elements = numpy.frombuffer(bytes.fromhex(body[3:-1]), "<u2")
    else:
        words = re.findall(r"0x[0-9A-Fa-f]+|[-+]?\d[-+.\de]*", body)
        # The decimals are of six digits: the nearest.
        elements = numpy.array(
            [int(w, 16) if w.startswith("0x") else (int(numpy.float32(w).view("u4")) + 0x8000) >> 16 for w in words], "<u2"
        )
    return numpy.broadcast_to(elements, count).tobytes() if len(elements) == 1 else elements.tobytes()
