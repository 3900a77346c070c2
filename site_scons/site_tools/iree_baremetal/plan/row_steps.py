"""The steps of layers by rows, from the order in which their rows are computed: `streaming`."""

from dataclasses import replace

from . import line_buffers
from .model import Copy, Fill, Span


class RowSteps:
    """tensors, events: as of `streaming`; buffer: the number of the first transient buffer that is free; alignment: of buffers."""

    def __init__(self, tensors, events, buffer, alignment):
        self.events, self.buffer = events, buffer
        self.numbers = {tensor: buffer + n for n, tensor in enumerate(tensors)}
        self.last = {}  # (tensor, row): number of the event that uses it last
        for number, (kind, what, row, count) in enumerate(events):
            self._use(what if kind == "give" else what.output, row, count, number)
            for window, tensor in what.inputs.values() if kind == "rows" else ():
                self._use(tensor, window.stride * row + window.first, window.needed(count), number)
        self.written = {number: (tensor, row, count) for number, tensor, row, count in self._written()}
        homes = dict.fromkeys(tensor for tensor, _, _ in self.written.values())
        lines = {tensor: line_buffers.line(tensor.size, -tensor.low, alignment) for tensor in tensors if tensor in homes}
        is_needed = lambda t, row, number: self.last.get((id(t), row), -1) >= number  # noqa: E731
        self.region = line_buffers.Region(lines, is_needed, [(n, *found) for n, found in self.written.items()], alignment)

    def _use(self, tensor, row, count, number):
        for used in range(row, row + count):
            key = id(tensor.at_home), used
            self.last[key] = max(self.last.get(key, 0), number)

    def _written(self):
        """(number of the event, tensor whose line buffer it is, row, count) of the rows that are written to one."""
        for number, (kind, what, row, count) in enumerate(self.events):
            tensor = what if kind == "give" else what.output
            home = tensor.at_home
            is_first = kind == "give" or not any(read.home is tensor for _, read in what.inputs.values())
            if home.is_line and is_first:
                yield number, home, row, count

    def apart(self):
        """The steps with each row of each tensor in a place of its own."""
        return [step for event in self.events for step in self._of(*event, self._apart)]

    def steps(self):
        """(the steps, the number of each in `apart`, None for copies that make room)."""
        result, order, count = [], [], 0
        for number, event in enumerate(self.events):
            moves = self.region.write(number, *self.written[number]) if number in self.written else []
            own = self._of(*event, self._span)
            result += [Copy(self._in_region(*source), self._in_region(*target)) for source, target in map(_spans, moves)] + own
            order += [None] * len(moves) + list(range(count, count + len(own)))
            count += len(own)
        return result, order

    def _in_region(self, offset, length):
        return Span("transient", self.buffer, offset, length)

    def _of(self, kind, what, row, count, place):
        return (self._given if kind == "give" else self._run)(what, row, count, place)

    def _apart(self, tensor, row, count):
        if tensor.is_line:
            return Span("transient", self.numbers[tensor], (row + tensor.low) * tensor.size, count * tensor.size)
        return _part(tensor, row, count)

    def _span(self, tensor, row, count):
        home = tensor.at_home
        return self._in_region(self.region.lines[home].at(row), count * home.size) if home.is_line else _part(home, row, count)

    def _given(self, tensor, row, count, place):
        target = place(tensor, row, count)
        return [Copy(_part(tensor, row, count), target) if 0 <= row < tensor.rows else Fill(target, *tensor.fill)]

    def _run(self, layer, row, count, place):
        bindings = list(layer.step.bindings)
        for number, (window, tensor) in layer.inputs.items():
            bindings[number] = place(tensor, window.stride * row + window.first, window.needed(count))
        for number, window in layer.slab.windows.items():
            if window.is_spread:
                bindings[number] = layer.spread(number, row, count)
        if layer.slab.start:
            return self._add(layer, row, count, bindings)
        bindings[-1] = target = place(layer.output, row, count)
        result = [layer.called(bindings, count)]
        return [*result, Copy(target, _part(layer.output, row, count))] if self._is_copied(layer.output) else result

    def _add(self, layer, row, count, bindings):
        begin = [Fill(bindings[-1], *layer.slab.start)] if row == 0 else []
        return [*begin, replace(layer.called(bindings, count), access=(*layer.step.access[:-1], "rw"))]

    def _is_copied(self, tensor):
        """Whether rows in a line buffer go to memory of their own, too."""
        return tensor.is_kept and tensor.at_home.is_line


def _part(tensor, row, count):
    return replace(tensor.place, offset=tensor.place.offset + row * tensor.size, length=count * tensor.size)


def _spans(move):
    source, target, length = move
    return (source, length), (target, length)
