"""A function of two numbers of 8 bits as a plane, (a * x + b * y + c) >> shift in 32 bits, where one equals it everywhere.

The kernels round each side of a sum and the sum itself. What comes of it are steps along parallel lines, but for ties;
of all planes near the real one the first that gives every one of the 65,536 results is taken.
"""

import numpy

_REACH = 12  # how far from the real slopes is looked


def find(results, xs, ys, slopes, low, high):
    """(a, b, c, shift) or None. results: an array of integers within (low, high), for xs along its rows and ys along its
    columns; slopes: real numbers, of the results for x and y."""
    xs, ys = numpy.asarray(xs, "i8")[:, None], numpy.asarray(ys, "i8")[None]
    edges = _edges(results, xs, ys, slopes[0] >= 0, low, high)
    steps = sorted(
        ((i, j) for i in range(-_REACH, _REACH + 1) for j in range(-_REACH, _REACH + 1)), key=lambda p: p[0] ** 2 + p[1] ** 2
    )
    for shift in (21, 20, 19):
        a, b = (round(s * 2**shift) for s in slopes)
        for i, j in steps:
            c = _offset(edges, a + i, b + j, shift)
            if c is not None and _equals(results, xs, ys, a + i, b + j, c, shift, low, high):
                return a + i, b + j, c, shift
    return None


def _edges(results, xs, ys, rising, low, high):
    """The points that matter, as (x, y, result): those that a plane has to be above of, and below of the next result.

    Of all points with one result and one y only the outermost can be nearest to an edge, whatever the slope is.
    """
    found = []
    for column, y in enumerate(ys[0]):
        line = results[:, column]
        starts = numpy.flatnonzero(numpy.diff(line, prepend=line[0] - 1 if rising else line[0] + 1) != 0)
        ends = numpy.append(starts[1:] - 1, len(line) - 1)
        for first, last in zip(starts, ends):
            least, most = (first, last) if rising else (last, first)
            found.append((xs[least, 0], xs[most, 0], y, line[first]))
    points = numpy.array(found, "i8")
    lower, upper = points[points[:, 3] > low], points[points[:, 3] < high]
    return lower[:, [0, 2, 3]], upper[:, [1, 2, 3]]


def _offset(edges, a, b, shift):
    """The middle of the numbers c that fit; None."""
    lower, upper = edges
    least = ((lower[:, 2] << shift) - a * lower[:, 0] - b * lower[:, 1]).max(initial=-(2**40))
    most = (((upper[:, 2] + 1) << shift) - 1 - a * upper[:, 0] - b * upper[:, 1]).min(initial=2**40)
    return int(least + most) // 2 if least <= most and max(abs(least), abs(most)) < 2**40 else None


def _equals(results, xs, ys, a, b, c, shift, low, high):
    """Whether the plane is each of results, and each number on the way has 32 bits."""
    whole = a * xs + b * ys + c
    largest = abs(a) * abs(xs).max() + abs(b) * abs(ys).max() + abs(c)
    return bool(largest < 2**31 and (numpy.clip(whole >> shift, low, high) == results).all())
