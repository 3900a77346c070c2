"""Layers run by rows, in turns: of what lies between them only the rows that are still needed are in memory.

Kernels that compute some rows at a time (`slabs`) are called for them as soon as their inputs are there. The rows of a
tensor that only such kernels read lie in a line buffer (`line_buffers`). Nothing is computed twice. Rows above and below a
padded tensor are filled in the line buffer.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from . import blocks, pushing, replay, row_steps
from .model import Dispatch, Span, accesses
from .pushing import Refused
from .slabs import Slab


@dataclass(eq=False)
class _Tensor:
    """rows of size bytes each.

    place: of all of it in memory, a `Span`, or None where it has a line buffer only. producer: the `_Layer`, or None where others
    give it. low, high: rows of padding before and behind; fill: as in `slabs.Window`. home: the tensor whose line buffer or
    place it shares, row by row.
    """

    rows: int
    size: int
    place: Span | None
    producer: Any = None
    is_line: bool = False
    low: int = 0
    high: int = 0
    fill: tuple | None = None
    home: Any = None
    is_kept: bool = False  # others need all of it, too
    is_pushed: bool = False  # the caller gives it row by row
    done: int = 0  # rows up to here are there

    @property
    def at_home(self):
        return self.home.at_home if self.home else self


@dataclass(eq=False)
class _Layer:
    """A step of the chain: tensors it reads by windows, and its output."""

    step: Dispatch
    slab: Slab
    inputs: dict = field(default_factory=dict)  # number of the binding: (Window, _Tensor)
    output: _Tensor | None = None

    def spread(self, number, row, count):
        """What the kernel gets for rows of a tensor whose rows lie in each other: as much for each."""
        span, window = self.step.bindings[number], self.slab.windows[number]
        return replace(span, offset=span.offset + row * window.size, length=span.length - (window.rows - count) * window.size)

    def called(self, bindings, count):
        """The step for count rows."""
        constants = (*self.step.constants[:-1], count) if self.slab.most > 1 else self.step.constants
        return replace(self.step, bindings=tuple(bindings), constants=constants, is_row=True)

    def rows(self, count):
        """The step for so many rows, somewhere."""
        windows = self.slab.windows.items()
        lengths = {n: window.needed(count) * window.size for n, window in windows if not window.is_spread}
        lengths |= {n: self.spread(n, 0, count).length for n, window in windows if window.is_spread}
        lengths[len(self.step.bindings) - 1] = self.slab.size * (1 if self.slab.start else count)  # of sums, all
        return self.called(
            [replace(span, length=lengths.get(n, span.length)) for n, span in enumerate(self.step.bindings)], count
        )


def stream(steps, slabs, may_overwrite=lambda step, number: False, alignment=1):
    """steps, on new transient buffers, with those of the kernels in slabs {symbol: `slabs.Slab`} for some rows at a time.

    `Refused` where that cannot be.

    may_overwrite: whether a step's output rows may lie over rows of its input, binding number, in the same place.
    alignment: of transient buffers.
    """
    named, found = blocks.split(steps, alignment)
    before, chain, after = _parted(named, slabs)
    layers, tensors = _layers(named, chain, slabs, found)
    events = _schedule(layers, tensors)
    _share_places(layers, events, may_overwrite)
    made = row_steps.RowSteps(tensors, events, len(found), alignment)
    rows, order = made.steps()
    replay.check_moves(made.apart(), rows, order)
    return [*(named[n] for n in before), *rows, *(named[n] for n in after)]


def _parted(named, slabs):
    """Numbers of the steps before the chain, of it, and after it."""
    chain = [n for n, step in enumerate(named) if isinstance(step, Dispatch) and step.kernel in slabs]
    touched, after = set(), []
    for number in chain:
        span = named[number].bindings[-1]
        touched.add((span.place, span.index))
    before = []
    for number, step in enumerate(named):
        if number in chain:
            continue
        places = {(span.place, span.index) for span, _ in accesses(step)}
        written = {(span.place, span.index) for span, access in accesses(step) if "w" in access}
        if places & touched:
            after.append(number)
            touched |= written
        else:
            before.append(number)
    for number in chain:
        read = {(span.place, span.index) for span, access in accesses(named[number]) if "r" in access}
        if any(read & {(span.place, span.index) for span, access in accesses(named[n]) if "w" in access} for n in after):
            raise Refused("what comes between them needs one layer and gives another")
    if any(not isinstance(word, int) for number in chain for word in named[number].constants):
        raise Refused("their constants are known at run time only")
    return before, chain, after


def _layers(named, chain, slabs, found):
    """(`_Layer`s, `_Tensor`s) of the chain."""
    whole = {n: block.size for n, block in enumerate(found)}
    read_by_others = {
        (span.place, span.index)
        for number, step in enumerate(named)
        if number not in chain
        for span, access in accesses(step)
        if "r" in access
    }
    layers, by_place = [], {}
    for number in chain:
        step, slab = named[number], slabs[named[number].kernel]
        layer = _Layer(step, slab)
        for n, window in slab.windows.items():
            if window.is_spread:
                continue
            tensor = by_place.get(_key(step.bindings[n]))
            if tensor is None:
                tensor = by_place[_key(step.bindings[n])] = _tensor(step.bindings[n], window.rows)
            layer.inputs[n] = window, tensor
            tensor.is_pushed |= window.is_pushed
        for n, span in enumerate(step.bindings[:-1]):
            if n not in layer.inputs and _key(span) in by_place and by_place[_key(span)].producer:
                raise Refused(f"{step.kernel} needs the whole of what another gives by rows")
        span = step.bindings[-1]
        if _key(span) in by_place or span.place == "transient" and (span.offset or span.length != whole[span.index]):
            raise Refused(f"{step.kernel} writes a part of a tensor, or what was there before")
        layer.output = by_place[_key(span)] = _Tensor(slab.rows, slab.size, span)
        layer.output.producer = layer
        layer.output.is_kept = span.place != "transient" or (span.place, span.index) in read_by_others
        layer.output.is_line = not layer.output.is_kept
        layers.append(layer)
    tensors = list(by_place.values())
    pushing.check_readers(named, layers, tensors)
    for tensor in tensors:
        readers = [window for layer in layers for window, read in layer.inputs.values() if read is tensor]
        if not readers:
            tensor.is_line = False
        _pad(tensor, [(layer.slab.rows, w) for layer in layers for w, read in layer.inputs.values() if read is tensor])
    return layers, tensors


def _key(span):
    return span.place, span.index, span.offset


def _tensor(span, rows):
    if span.length % rows:
        raise Refused("its rows are no whole bytes")
    return _Tensor(rows, span.length // rows, span)


def _pad(tensor, readers):
    """Sets the padding of a tensor, which its readers, (rows of their output, `Window`), want; a line buffer for it."""
    fills = set()
    for rows, window in readers:
        low = -min(0, window.first)
        high = max(0, window.stride * (rows - 1) + window.first + window.count - tensor.rows)
        if tensor.rows != window.rows or (low or high) and not window.padding:
            raise Refused("a tensor's rows are not those that are read")
        tensor.low, tensor.high = max(tensor.low, low), max(tensor.high, high)
        fills |= {window.padding} if low or high else set()
    if len(fills) > 1:
        raise Refused("a tensor is padded in several ways")
    tensor.fill = next(iter(fills), None)
    if tensor.fill or tensor.is_pushed:
        tensor.is_line = True  # rows are copied from it, or to it, if others need it whole
    tensor.done = -tensor.low


def _share_places(layers, events, may_overwrite):
    """Lets the only reader of a tensor, if it reads the very rows that it writes, write over them."""
    counts = {}  # how many rows each layer is called for
    for kind, layer, _, count in events:
        counts.setdefault(id(layer), {1} if kind == "give" else set()).add(count)
    for layer in layers:
        for number, (window, tensor) in layer.inputs.items():
            readers = [w for other in layers for w, read in other.inputs.values() if read is tensor]
            fits = window.is_pointwise and len(readers) == 1 and tensor.size == layer.output.size
            if not (fits and tensor.is_line and tensor.producer and not tensor.fill):
                continue
            if all(may_overwrite(layer.rows(count), number) for count in counts[id(layer)]):
                tensor.home = layer.output
                break


def _schedule(layers, tensors):
    """Events in their order, of count rows from row on: ("rows", layer, row, count); ("give", tensor, row, count) for what is
    copied or filled.

    Kernels that compute one row at a time are called again and again between others that compute several.
    """
    events = []
    share = max(Fraction(layer.slab.most, layer.slab.rows) for layer in layers)

    def need(tensor, end):
        while tensor.done < end:
            row = tensor.done
            if tensor.producer and 0 <= row < tensor.rows:
                left, turn = min(end, tensor.rows) - row, together(tensor.producer)
                run(tensor.producer, row, row + (left % turn or turn))  # what is left over first: then all others are whole
                continue
            border = next(b for b in (0, tensor.rows, end) if row < b)
            tensor.done = min(end, border, row + 1 if tensor.is_pushed else border)
            if tensor.is_line:
                events.append(("give", tensor, row, tensor.done - row))

    def together(layer):
        return max(layer.slab.most, int(share * layer.slab.rows))

    def run(layer, row, end):
        for window, tensor in layer.inputs.values():
            need(tensor, window.stride * row + window.first + window.needed(end - row))
        while row < end:
            count = min(layer.slab.most, end - row)
            events.append(("rows", layer, row, count))
            row += count
        layer.output.done = end

    read = {id(tensor) for layer in layers for _, tensor in layer.inputs.values()}
    ends = [layer for layer in layers if id(layer.output) not in read or not layer.output.is_line]
    stops = [
        (min(r, e.slab.rows), n) for n, e in enumerate(ends) for r in range(together(e), e.slab.rows + together(e), together(e))
    ]
    for _, number, stop in sorted((Fraction(stop, ends[n].slab.rows), n, stop) for stop, n in stops):
        need(ends[number].output, stop)
    return events
