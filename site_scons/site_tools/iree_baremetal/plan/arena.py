"""Places a function's transient buffers in one arena."""

from .model import Dispatch, aligned, spans


def place(function, local_memory=lambda kernel: 0):
    """Sets ``offsets`` and ``arena_size`` of function.

    A buffer lives from the first step that touches it to the last. Largest first, each buffer
    takes the lowest offset where no buffer that lives at the same time is. ``local_memory`` gives
    the scratch bytes a kernel wants; they come after everything else.
    """
    lives = {}
    for number, step in enumerate(function.steps):
        for span in spans(step):
            if span.place == "transient":
                first, _ = lives.get(span.index, (number, number))
                lives[span.index] = (first, number)
    offsets = [0] * len(function.transients)
    placed = []
    for index in sorted(lives, key=lambda i: (-function.transients[i], i)):
        first, last = lives[index]
        size = aligned(function.transients[index])
        offset = 0
        for start, end, other in sorted((offsets[p], offsets[p] + aligned(function.transients[p]), p) for p in placed):
            born, died = lives[other]
            if born <= last and first <= died and start < offset + size and offset < end:
                offset = end
        offsets[index] = offset
        placed.append(index)
    function.offsets = offsets
    end = max((offsets[i] + aligned(function.transients[i]) for i in placed), default=0)
    scratch = max((local_memory(s.kernel) for s in function.steps if isinstance(s, Dispatch)), default=0)
    function.arena_size = end + aligned(scratch)
