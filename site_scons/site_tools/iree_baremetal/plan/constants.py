"""The bytes of a constant, from its MLIR attribute."""

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
    if isinstance(attribute, ir.DenseElementsAttr):
        try:
            return numpy.ascontiguousarray(numpy.asarray(attribute)).tobytes()
        except (ValueError, TypeError, NotImplementedError) as error:
            raise BaremetalError(f"a constant of type {attribute.type} is not supported by deploy=direct: {error}") from error
    raise BaremetalError(f"a constant of the form '{text[:80]}…' is not supported by deploy=direct.")
