"""An input that the caller gives row by row: of its rows only those that are still needed are in memory, in a line buffer.

Each row is taken by one copy, from the first row on, before any step needs it (`streaming`). Steps up to the last of these
copies run while rows are given, all others with the call that gives the results: only this one knows outputs and other inputs.
"""

from dataclasses import replace

from .model import Copy, Dispatch, Function, Pushed, Span, Word, accesses, spans, with_spans


class Refused(Exception):
    """Why steps cannot be streamed."""


def check_readers(named, layers, tensors):
    """`Refused` unless the chain's layers read tensors that are given row by row, by windows, and no other step does."""
    for tensor in (t for t in tensors if t.is_pushed):
        by_rows = {(id(layer.step), n) for layer in layers for n, (_, read) in layer.inputs.items() if read is tensor}
        for step in named:
            for n, span in enumerate(spans(step)):
                is_it = (span.place, span.index) == (tensor.place.place, tensor.place.index)
                if is_it and (id(step), n) not in by_rows:
                    raise Refused(f"{getattr(step, 'kernel', 'a copy')} needs the whole of the input that is given by rows")


def is_wanted(slabs):
    """Whether kernels of {symbol: `slabs.Slab`} read rows as the caller gives them."""
    return any(window.is_pushed for slab in slabs.values() for window in slab.windows.values())


def results_last(steps, slabs):
    """steps, in which layers that run by rows write results to transient buffers, from which they are copied in the end."""
    chain = [s for s in steps if isinstance(s, Dispatch) and s.kernel in slabs]
    results = {(s.bindings[-1].place, s.bindings[-1].index) for s in chain if s.bindings[-1].place == "output"}
    free = 1 + max((span.index for step in steps for span in spans(step) if span.place == "transient"), default=-1)
    aside = {key: free + number for number, key in enumerate(sorted(results))}

    def place(span):
        number = aside.get((span.place, span.index))
        return span if number is None else replace(span, place="transient", index=number)

    ends = {key: max(s.offset + s.length for t in steps for s in spans(t) if (s.place, s.index) == key) for key in aside}
    copies = [Copy(Span("transient", aside[key], 0, end), Span(*key, 0, end)) for key, end in ends.items()]
    return [*(with_spans(step, place) for step in steps), *copies]


def of(function: Function, slabs) -> Pushed:
    """What of function, whose steps are streamed by slabs, the caller gives row by row; `Refused` where steps lack what they need.

    The input gets the shape that the model has for it.
    """
    takes = [n for n, step in enumerate(function.steps) if isinstance(step, Copy) and step.source.place == "input"]
    source = function.steps[takes[0]].source
    takes = [n for n in takes if function.steps[n].source.index == source.index]
    tensor, size = function.inputs[source.index], source.length
    rows = tensor.size // size
    extent = next((e for e in tensor.shape if e > 1), 1)
    if rows != extent:
        raise Refused(f"rows of {tensor.name} are not those of its first dimension")
    if [function.steps[n].source for n in takes] != [Span("input", source.index, r * size, size) for r in range(len(takes))]:
        raise Refused(f"rows of {tensor.name} are not taken in their order")
    if any(t.is_scalar for t in function.inputs) or any(isinstance(w, Word) for s in function.steps for w in _words(s)):
        raise Refused("an input is a scalar")
    for number, step in enumerate(function.steps):
        for span, _ in accesses(step):
            if span.place == "input" and span.index == source.index and number not in takes:
                raise Refused(f"a step needs the whole of {tensor.name}")
            if number < takes[-1] and (span.place == "output" or span.place == "input" and span.index != source.index):
                other = (
                    f"{function.inputs[span.index].name}, which comes with the call for the results,"
                    if span.place == "input"
                    else "a result"
                )
                where = f" ({step.location})" if getattr(step, "location", "") else ""
                raise Refused(
                    f"{getattr(step, 'kernel', 'a copy')}{where} needs {other} before all rows of {tensor.name} are there"
                )
    before = tuple(sum(isinstance(step, Dispatch) for step in function.steps[:n]) for n in takes)
    is_interleaved = any(window.is_interleaved for slab in slabs.values() for window in slab.windows.values())
    if is_interleaved:
        *ones, height, width, channels = tensor.shape
        function.inputs[source.index] = replace(tensor, shape=(*ones, channels, height, width))
    return Pushed(source.index, rows, size, before, is_interleaved)


def _words(step):
    return getattr(step, "constants", ())
