"""The board's answers against a reference's."""

from dataclasses import dataclass

import numpy

from .. import npz
from ..errors import BaremetalError

# |board - reference| <= ABSOLUTE + RELATIVE * |reference| for floats: the order of additions and fused
# multiplications differ between cores. Integers are compared bitwise.
RELATIVE, ABSOLUTE = 1e-4, 1e-5
# Short floats may differ by one unit in the last place, which is more.
_LAST_PLACE = {"f16": 2.0**-10, "bf16": 2.0**-7}
# onnx.reference, which is asked of bfloat16, rounds to it within its operators: two, as in onnx's own runner of backend tests
# (onnx/backend/test/runner, assert_similar_outputs).
_ENGINES_LAST_PLACE = {**_LAST_PLACE, "bf16": 2.0**-6}


@dataclass
class Difference:
    """The worst element of the worst output. distance is in units of the tolerance, or of 1.

    engine: what `reference` is of. steps: the distance in steps of the output's scale, where it is quantized.
    """

    call: int
    function: str
    output: str
    index: tuple
    board: object
    reference: object
    distance: float
    engine: str = "host"
    steps: float | None = None

    def __str__(self):
        place = f"[{', '.join(map(str, self.index))}]" if not isinstance(self.reference, str) else ""
        steps = "" if self.steps is None else f", {self.steps:,.4g} steps of its scale"
        return f"call {self.call}, {self.function}, {self.output}{place}: board {self.board}, {self.engine} {self.reference}{steps}{_known(self)}"


def _known(difference):
    """What is known of such a difference, where it is none of the model's."""
    if isinstance(difference.reference, str):
        return ""
    if numpy.isnan(float(difference.reference)) and not numpy.isnan(float(difference.board)):
        return " (IREE's Max, Min, Clip and Sign do not pass NaN on: docs/verify.md)"
    return ""


@dataclass
class Verdict:
    """checked: compared elements; equal: of them, those of the same bits; worst: a `Difference` that fails, or None.

    largest: the largest difference of floats seen, absolute; steps: that of quantized outputs, in steps of
    their scale, None where no output is quantized; calls: that were compared; top: (equal, all), in how many of them
    the greatest element is the same one, None where that tells nothing; excuse: why `worst` is not the board's fault.
    """

    checked: int = 0
    equal: int = 0
    largest: float = 0.0
    steps: float | None = None
    worst: Difference | None = None
    calls: int = 0
    top: tuple | None = None
    excuse: str = ""

    @property
    def exact(self):
        return self.equal == self.checked

    def __str__(self):
        if self.exact:
            return f"{self.checked:,} values, all bitwise equal"
        said = [f"{self.checked:,} values, {_percent(self.equal, self.checked)} of them equal"]
        if self.steps is not None:
            said.append(f"largest difference {self.steps:,.3g} steps of the output's scale")
        elif self.largest:
            said.append(f"largest difference {self.largest:.2g}")
        if self.top:
            said.append(f"top answers equal in {self.top[0]} of {self.top[1]} calls")
        return ", ".join(said)


def _percent(part, whole):
    """As in 99.9 %; never 100 % of what is not all."""
    return f"{min(100 * part / whole, 99.9) if part < whole else 100:.1f} %"


def compare(functions, calls, board, reference, relative=RELATIVE, absolute=ABSOLUTE, steps=0, engine="host"):
    """A `Verdict` on lists of output arrays, a list for each call; a call or an output without a reference (None) is left out.

    steps: how many steps of its scale a quantized output may be off; engine: whose the reference is.
    """
    found, tops = Verdict(), []
    for number, (call, mine, theirs) in enumerate(zip(calls, board, reference)):
        if theirs is None:
            continue
        function, found.calls = functions[call.function], found.calls + 1
        for tensor, b, r in zip(function.outputs, mine, theirs):
            if r is None:
                continue
            if b.shape != r.shape:  # dynamic ones
                said = [f"is of shape {a.shape}" for a in (b, r)]
                found.worst = Difference(number, function.name, tensor.name, (), said[0], said[1], float("inf"), engine)
                continue
            _add(found, number, function, tensor, b, r, (relative, absolute, steps, engine))
        if len(mine) == 1 and mine[0].ndim and mine[0].shape[-1] == mine[0].size > 1:
            b, r = (_values(array, function.outputs[0]) for array in (mine[0], theirs[0]))
            tops.append(bool(b.argmax() == r.argmax()))
    found.top = (sum(tops), len(tops)) if len(tops) == found.calls and tops else None
    return found


def _add(found, number, function, tensor, board, reference, tolerance):
    """Adds one output's comparison to the `Verdict` found."""
    relative, absolute, steps, engine = tolerance
    width = board.dtype.itemsize
    same_bits = (numpy.frombuffer(a.tobytes(), "u1").reshape(-1, width) for a in (board, reference))
    found.checked += board.size
    found.equal += int(numpy.equal(*same_bits).all(axis=1).sum())
    b, r = (_values(array, tensor) for array in (board, reference))
    is_float = b.dtype.kind == "f"
    scale = tensor.scale if is_float else (1 if tensor.is_quantized else None)
    if scale is not None:
        found.steps = found.steps or 0.0
    if board.tobytes() == reference.tobytes():
        return
    last_place = (_LAST_PLACE if engine == "host" else _ENGINES_LAST_PLACE).get(tensor.dtype, 0)
    excess, distance = _distances(b, r, max(relative, last_place), absolute, steps * (scale or 0))
    largest = float(distance.max())
    if is_float:
        found.largest = max(found.largest, largest)
    if scale is not None:
        found.steps = max(found.steps, largest / scale)
    index = numpy.unravel_index(int(excess.argmax()), b.shape)
    if excess[index] > 1 and (found.worst is None or excess[index] > found.worst.distance):
        place, off = tuple(map(int, index)), None if scale is None else float(distance[index]) / scale
        found.worst = Difference(number, function.name, tensor.name, place, b[index], r[index], float(excess[index]), engine, off)


def _values(array, tensor):
    # bf16 comes as its bits: the upper half of an f32.
    return (array.astype("<u4") << 16).view("<f4") if tensor.dtype == "bf16" else array


def _distances(board, reference, relative, absolute, allowed):
    """(distance in tolerances, distance) for each element; beyond 1 tolerance it fails. allowed: by the scale."""
    if board.dtype.kind != "f":
        distance = numpy.abs(board.astype(object) - reference.astype(object)).astype(float)
        return distance / allowed if allowed else distance * 2, distance  # where nothing is allowed any difference fails
    same = (board == reference) | (numpy.isnan(board) & numpy.isnan(reference))
    with numpy.errstate(invalid="ignore", over="ignore"):
        distance = numpy.where(same, 0, numpy.abs(board.astype(float) - reference.astype(float)))
        excess = numpy.where(same, 0, distance / (absolute + allowed + relative * numpy.abs(reference.astype(float))))
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
