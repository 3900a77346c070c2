"""Layers run by rows, in turns: of what lies between them only the rows that are still needed are in memory.

Kernels that compute one row at a time (`slabs`) are called for each row as soon as its inputs are there. The rows of a
tensor that only such kernels read lie in a line buffer: when it is full, those that are still needed move to its beginning.
Nothing is computed twice. Rows above and below a padded tensor are filled in the line buffer.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from . import blocks, pushing, replay
from .model import Copy, Dispatch, Fill, Span, accesses
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
    base: int = 0  # the first row in the line buffer
    capacity: int = 0
    buffer: int = 0

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

    def spread(self, number, row):
        """What the kernel gets for a row of a tensor whose rows lie in each other: as much for each."""
        span, window = self.step.bindings[number], self.slab.windows[number]
        return replace(span, offset=span.offset + row * window.size, length=span.length - (window.rows - 1) * window.size)

    def row(self):
        """The step for a row, somewhere."""
        lengths = {n: window.count * window.size for n, window in self.slab.windows.items() if not window.is_spread}
        lengths |= {n: self.spread(n, 0).length for n, window in self.slab.windows.items() if window.is_spread}
        lengths[len(self.step.bindings) - 1] = self.slab.size  # of sums, all
        bindings = [replace(span, length=lengths.get(n, span.length)) for n, span in enumerate(self.step.bindings)]
        return replace(self.step, bindings=tuple(bindings))


def stream(steps, slabs, may_overwrite=lambda step, number: False, alignment=1):
    """steps, on new transient buffers, with those of the kernels in slabs {symbol: `slabs.Slab`} for each row.

    `Refused` where that cannot be.

    may_overwrite: whether a step's output row may lie over a row of its input, binding number, in the same place.
    """
    named, found = blocks.split(steps, alignment)
    before, chain, after = _parted(named, slabs)
    layers, tensors = _layers(named, chain, slabs, found)
    _share_places(layers, tensors, may_overwrite)
    events = _schedule(layers, tensors)
    emitter = _Emitter(tensors, events, len(found))
    rows, order = emitter.steps()
    replay.check_moves(emitter.apart(), rows, order)
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
    tensor.done = tensor.base = -tensor.low


def _share_places(layers, tensors, may_overwrite):
    """Lets the only reader of a tensor, if it reads the very row that it writes, write over it."""
    for layer in layers:
        for number, (window, tensor) in layer.inputs.items():
            readers = [w for other in layers for w, read in other.inputs.values() if read is tensor]
            fits = window.is_pointwise and len(readers) == 1 and tensor.size == layer.output.size
            if fits and tensor.is_line and tensor.producer and not tensor.fill and may_overwrite(layer.row(), number):
                tensor.home = layer.output
                break


def _schedule(layers, tensors):
    """Events in their order: ("row", layer, row), ("give", tensor, row) for a row that is copied or filled."""
    events = []

    def need(tensor, end):
        while tensor.done < end:
            row = tensor.done
            if tensor.producer and 0 <= row < tensor.rows:
                run(tensor.producer, row)
            elif tensor.is_line:
                tensor.done += 1
                events.append(("give", tensor, row))
            else:
                tensor.done += 1

    def run(layer, row):
        for window, tensor in layer.inputs.values():
            need(tensor, window.stride * row + window.first + window.count)
        events.append(("row", layer, row))
        layer.output.done = row + 1

    read = {id(tensor) for layer in layers for _, tensor in layer.inputs.values()}
    ends = [layer.output for layer in layers if id(layer.output) not in read or not layer.output.is_line]
    for _, number, row in sorted(((r + 1) / t.rows, n, r) for n, t in enumerate(ends) for r in range(t.rows)):
        need(ends[number], row + 1)
    return events


class _Emitter:
    """Steps from events."""

    def __init__(self, tensors, events, buffer):
        """buffer: the number of the first line buffer."""
        self.events = events
        self.numbers = {tensor: buffer + n for n, tensor in enumerate(tensors)}
        self.last = {}  # (tensor, row): number of the event that uses it last
        for number, (kind, what, row) in enumerate(events):
            if kind == "give":
                self._use(what, row, number)
                continue
            self._use(what.output, row, number)
            for window, tensor in what.inputs.values():
                for used in range(window.count):
                    self._use(tensor, window.stride * row + window.first + used, number)
        self._measure()
        for tensor in tensors:
            if tensor.is_line and not tensor.home:
                tensor.buffer, buffer = buffer, buffer + 1

    def _use(self, tensor, row, number):
        key = id(tensor.at_home), row
        self.last[key] = max(self.last.get(key, 0), number)

    def _first(self, tensor, row, number):
        """The first row that is still needed when row is about to be written."""
        first = row
        while self.last.get((id(tensor), first - 1), -1) >= number:
            first -= 1
        others = [r for r in range(tensor.base, first) if self.last.get((id(tensor), r), -1) >= number]
        return min([first, *others])

    def _written(self):
        """(number of the event, tensor whose line buffer it is, row) of each row that is written to one."""
        for number, (kind, what, row) in enumerate(self.events):
            tensor = what if kind == "give" else what.output
            home = tensor.at_home
            is_first = kind == "give" or not any(read.home is tensor for _, read in what.inputs.values())
            if home.is_line and is_first:
                yield number, home, row

    def _measure(self):
        """Sets the capacities."""
        bases = {}
        for number, tensor, row in self._written():
            tensor.base = bases.get(tensor, tensor.base)
            first = self._first(tensor, row, number)
            tensor.capacity = max(tensor.capacity, row - first + 1)
            bases[tensor] = first
        for tensor in bases:
            tensor.base = -tensor.low

    def apart(self):
        """The steps with each row of each tensor in a place of its own."""
        return [step for event in self.events for step in self._of(*event, self._apart)]

    def steps(self):
        """(the steps, the number of each in `apart`, None for copies that make room)."""
        written = {number: (tensor, row) for number, tensor, row in self._written()}
        result, order, count = [], [], 0
        for number, event in enumerate(self.events):
            moved = self._moved(*written[number], number) if number in written else []
            own = self._of(*event, self._span)
            result += moved + own
            order += [None] * len(moved) + list(range(count, count + len(own)))
            count += len(own)
        return result, order

    def _of(self, kind, what, row, place):
        return (self._given if kind == "give" else self._run)(what, row, place)

    def _moved(self, tensor, row, number):
        """A copy to the beginning of a line buffer that is full, of what is still needed."""
        if row - tensor.base < tensor.capacity:
            return []
        first = self._first(tensor, row, number)
        source = Span("transient", tensor.buffer, (first - tensor.base) * tensor.size, (row - first) * tensor.size)
        tensor.base = first
        return [Copy(source, replace(source, offset=0))] if source.length else []

    def _apart(self, tensor, row, count=1):
        if tensor.is_line:
            return Span("transient", self.numbers[tensor], (row + tensor.low) * tensor.size, count * tensor.size)
        return replace(self._part(tensor, row), length=count * tensor.size)

    def _span(self, tensor, row, count=1):
        home = tensor.at_home
        if home.is_line:
            return Span("transient", home.buffer, (row - home.base) * home.size, count * home.size)
        return replace(self._part(home, row), length=count * home.size)

    def _given(self, tensor, row, place):
        target = place(tensor, row)
        if 0 <= row < tensor.rows:
            return [Copy(self._part(tensor, row), target)]
        return [Fill(target, *tensor.fill)]

    def _run(self, layer, row, place):
        bindings = list(layer.step.bindings)
        for number, (window, tensor) in layer.inputs.items():
            bindings[number] = place(tensor, window.stride * row + window.first, window.count)
        for number, window in layer.slab.windows.items():
            if window.is_spread:
                bindings[number] = layer.spread(number, row)
        if layer.slab.start:
            return self._add(layer, row, bindings)
        bindings[-1] = target = place(layer.output, row)
        result = [replace(layer.step, bindings=tuple(bindings), is_row=True)]
        return [*result, Copy(target, self._part(layer.output, row))] if self._is_copied(layer.output) else result

    def _add(self, layer, row, bindings):
        access = (*layer.step.access[:-1], "rw")
        begin = [Fill(bindings[-1], *layer.slab.start)] if row == 0 else []
        return [*begin, replace(layer.step, bindings=tuple(bindings), access=access, is_row=True)]

    def _is_copied(self, tensor):
        """Whether rows in a line buffer go to memory of their own, too."""
        return tensor.is_kept and tensor.at_home.is_line

    def _part(self, tensor, row):
        return replace(tensor.place, offset=tensor.place.offset + row * tensor.size, length=tensor.size)
