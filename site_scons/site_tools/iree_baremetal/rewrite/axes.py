"""Loops of a product as axes: how far they walk through memory, and which of them walk through it as one."""

from dataclasses import dataclass


@dataclass
class Axis:
    """Loops of a product, seen as one of extent turns. stride: elements from the inputs of one turn to those of the next."""

    loops: list
    extent: int
    stride: int


def of(product, loops, strides):
    """An `Axis` for each of loops, the one that lies closest together last. strides: {loop: elements that it moves the input by}."""
    axes = [Axis([loop], product.extents[loop], strides[loop]) for loop in loops] or [Axis([], 1, 0)]
    return sorted(axes, key=lambda axis: -axis.stride)


def merged(axes):
    """axes, with neighbours joined that walk through memory as one."""
    result = []
    for axis in axes:
        last = result[-1] if result else None
        if last and last.stride == axis.stride * axis.extent:
            result[-1] = Axis([*last.loops, *axis.loops], last.extent * axis.extent, axis.stride)
        else:
            result.append(axis)
    return result
