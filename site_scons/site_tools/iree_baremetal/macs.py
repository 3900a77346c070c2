"""Multiply-accumulates of a kernel, from its name.

iree-compile names a dispatch after its root operation and the extents of its loops, as in
``…_dispatch_4_conv_16x32x32x16x3x3_i8xi8xi32``: for a contraction or convolution their product is
the number of multiply-accumulates. Other kernels (elementwise, pooling, softmax, copies) count none.
"""

import re

_NAME = re.compile(
    r"_dispatch_\d+_(?:\w*?_)?(?:conv\w*?|depthwise\w*?|matmul\w*?|batch_matmul\w*?|matvec\w*?|vecmat\w*?|dot\w*?|mmt4d\w*?"
    r"|contract\w*?|quantized\w*?)_((?:\d+x)*\d+)(?:_|$)"
)


def of(symbol):
    """The multiply-accumulates of one dispatch of the kernel called symbol."""
    found = _NAME.search(symbol)
    if not found:
        return 0
    result = 1
    for extent in found[1].split("x"):
        result *= int(extent)
    return result
