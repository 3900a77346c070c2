"""Mnemonics of MVE, in the groups in which LLVM's scheduling models of Cortex-M55 and M85 have them; see `pipeline.Op`."""


def named(pattern):
    """The pattern of mnemonics with a vector among their operands, in predicated blocks or not, whatever the elements."""
    return rf"(?:{pattern})[te]?(?:\.\S+)? q"


LOAD, LOAD_MANY = named("vldr[bhwd]"), named(r"vld[24]\d")
STORE = named(r"vstr[bhwd]|vst[24]\d")
# Products whose sum is in core registers; then those in vectors.
DOT = named(r"vr?ml[as](?:ld|d|l)?a?va?x?\w*|vaddl?va?")
PRODUCT = r"v(?:q?r?dml\w*|ml[as]\w*|q?r?d?mul[lh]?[bt]?)\.[siup]\d+ q"
FLOAT_SUM, FLOAT_PRODUCT = r"v(?:fm[as]s?|cmla)[te]?\.f\d+ q", r"vc?mul[te]?\.f\d+ q"
FLOAT = r"v(?:add|sub|abd|cadd)[te]?\.f\d+ q"
COMPARE = r"v(?:cmp|pt)\w*\.\S+ q"
PREDICATE = r"vpst\w*|vpnot\w*|vctp\S*"
# Of shifts and narrowing, those that take longer.
SLOW = named(r"vq?r?shru?n[bt]|vq?movu?n[bt]|v[qr]+shl\w*|vrshr|vadc\w*|vsbc\w*")
REDUCE, CONVERT = named("v(?:max|min)(?:nm)?a?v|vabav"), named(r"v(?:cvt|rint)\w?")
# What either of two pipes does.
LOGIC = named("vand|vbic|vorr|vorn|veor|vmvn|vpsel|vrev\\d+|vcl[sz]|vmov")
ANY = r"v\S+ q"
