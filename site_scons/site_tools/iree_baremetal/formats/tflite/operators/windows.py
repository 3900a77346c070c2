"""Windows that move over an image, for convolutions and pools: no operators of its own."""

from dataclasses import dataclass

from .. import emit

SAME, VALID = 0, 1  # Padding


@dataclass
class Windows:
    """Rows and columns of an image [batch, height, width, channels], two numbers each.

    before, after: elements of padding; out: the result's height and width.
    """

    size: list
    kernel: list
    strides: list
    dilations: list
    before: list
    after: list
    out: list

    def padded(self, value, fill):
        """value with the padding, of the number fill."""
        return emit.pad(value, [0, *self.before, 0], [0, *self.after, 0], fill)

    @property
    def is_whole(self):
        """Whether there is but one window, all of the image."""
        return self.size == self.kernel and self.out == [1, 1] and not any(self.before) and self.dilations == [1, 1]

    def named(self):
        """Arguments for linalg's named operations."""
        return {"strides": self.strides, "dilations": self.dilations}


def of(node, extents, kernel):
    """The `Windows` of kernel [height, width] over an image of shape extents, as the node's options say."""
    size, kernel = list(extents[1:3]), list(kernel)
    strides = [node.option("StrideH", 1), node.option("StrideW", 1)]
    dilations = [node.option("DilationHFactor", 1), node.option("DilationWFactor", 1)]
    if min(strides + dilations + kernel) < 1:
        raise node.error(f"it has strides {strides}, dilations {dilations} and a window of {kernel}")
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    if node.option("Padding", SAME) == SAME:
        out = [-(-n // s) for n, s in zip(size, strides)]
        total = [max((o - 1) * s + r - n, 0) for o, s, r, n in zip(out, strides, reach, size)]
    else:
        out, total = [(n - r) // s + 1 for n, s, r in zip(size, strides, reach)], [0, 0]
    if min(out) < 1:
        raise node.error(f"its window, {reach}, is larger than its input, {size}")
    before = [t // 2 for t in total]
    return Windows(size, kernel, strides, dilations, before, [t - b for t, b in zip(total, before)], out)
