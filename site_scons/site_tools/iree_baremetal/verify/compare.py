"""The board's answers against the host reference's."""

from dataclasses import dataclass

import numpy

from .. import npz
from ..errors import BaremetalError

# |board - host| <= ABSOLUTE + RELATIVE * |host| for floats: the order of additions and fused
# multiplications differ between cores. Integers are compared bitwise.
RELATIVE, ABSOLUTE = 1e-4, 1e-5
# Short floats may differ by one unit in the last place, which is more.
_LAST_PLACE = {"f16": 2.0**-10, "bf16": 2.0**-7}


@dataclass
class Difference:
    """The worst element of the worst output. distance is in units of the tolerance, or of 1."""

    call: int
    function: str
    output: str
    index: tuple
    board: object
    host: object
    distance: float

    def __str__(self):
        place = f"[{', '.join(map(str, self.index))}]"
        return f"call {self.call}, {self.function}, {self.output}{place}: board {self.board}, host {self.host}"


@dataclass
class Verdict:
    """checked: compared elements; exact: all equal bitwise; worst: a `Difference` that fails, or None.

    largest: the largest difference of floats seen, absolute.
    """

    checked: int
    exact: bool
    largest: float
    worst: Difference


def compare(functions, calls, board, host, relative=RELATIVE, absolute=ABSOLUTE):
    """A `Verdict` on lists of output arrays, a list for each call."""
    checked, exact, largest, worst = 0, True, 0.0, None
    for number, (call, mine, theirs) in enumerate(zip(calls, board, host)):
        function = functions[call.function]
        for tensor, b, h in zip(function.outputs, mine, theirs):
            checked += b.size
            if b.tobytes() == h.tobytes():
                continue
            exact = False
            b, h = (_values(array, tensor) for array in (b, h))
            excess, distance = _distances(b, h, max(relative, _LAST_PLACE.get(tensor.dtype, 0)), absolute)
            largest = max(largest, float(distance.max())) if b.dtype.kind == "f" else largest
            index = numpy.unravel_index(int(excess.argmax()), b.shape)
            if excess[index] > 1 and (worst is None or excess[index] > worst.distance):
                worst = Difference(number, function.name, tensor.name, index, b[index], h[index], float(excess[index]))
    return Verdict(checked, exact, largest, worst)


def _values(array, tensor):
    # bf16 comes as its bits: the upper half of an f32.
    return (array.astype("<u4") << 16).view("<f4") if tensor.dtype == "bf16" else array


def _distances(board, host, relative, absolute):
    """(distance in tolerances, distance) for each element; beyond 1 tolerance it fails."""
    if board.dtype.kind != "f":
        distance = numpy.abs(board.astype(object) - host.astype(object)).astype(float)
        return distance * 2, distance  # any difference fails
    same = (board == host) | (numpy.isnan(board) & numpy.isnan(host))
    with numpy.errstate(invalid="ignore", over="ignore"):
        distance = numpy.where(same, 0, numpy.abs(board.astype(float) - host.astype(float)))
        excess = distance / (absolute + relative * numpy.abs(host.astype(float)))
    odd = ~numpy.isfinite(distance) | ~numpy.isfinite(excess)
    return numpy.where(odd, numpy.inf, excess), numpy.where(odd, numpy.inf, distance)


def top_answers(functions, calls, board, path):
    """(equal, all): how often the board's greatest element is that of "outputs" in the .npz at path, or None.

    Only for a model of one function with one output, of which the file holds as many as calls.
    """
    expected = npz.load(path).get("outputs")
    if expected is None or len(functions) != 1 or len(functions[0].outputs) != 1:
        return None
    if expected.dtype.kind not in "biuf":
        raise BaremetalError(f"{path}: array outputs has type {expected.dtype}; answers to compare with are numbers.")
    if not expected.ndim or len(expected) != len(calls) or expected[0].size != board[0][0].size:
        return None
    return sum(int(b[0].argmax() == e.argmax()) for b, e in zip(board, expected)), len(calls)
