"""Windows that leave elements at the end unread: IREE compiles none where a strided axis has but one window."""

from . import rule
from .pools import axes_of


@rule("Conv", "MaxPool", "AveragePool", "LpPool")
def unreached(graph, node):
    """Padding, or elements, that no window reaches are cut off: Conv of 2 by 2 with pads=1 and strides=2, for one."""
    if node.op == "Conv" and not node.get("kernel_shape"):
        node.attributes["kernel_shape"] = list(graph.shape(node.input(1))[2:])
    if node.op != "Conv" and node.get("ceil_mode", 0):
        return None
    axes = axes_of(graph, node)
    if not any(axis.windows == 1 and axis.stride > 1 and _over(axis) > 0 for axis in axes):
        return None
    x, cut = node.input(0), [_cut(axis) for axis in axes]
    if any(cut):
        places = [2 + n for n, over in enumerate(cut) if over]
        ends = [axes[n - 2].size - cut[n - 2] for n in places]
        x = graph.add("Slice", x, graph.ints(*[0] * len(places)), graph.ints(*ends), graph.ints(*places))
    attributes = {**node.attributes, "auto_pad": None, "pads": [*(a.before for a in axes), *(a.after for a in axes)]}
    return graph.add(node.op, x, *node.inputs[1:], **attributes)


def _over(axis):
    """Elements and padding behind the last window."""
    reach = (axis.windows - 1) * axis.stride + (axis.kernel - 1) * axis.dilation + 1
    return axis.before + axis.size + axis.declared - reach


def _cut(axis):
    """Elements behind the last window."""
    return max(_over(axis) - axis.declared, 0)
