"""Another order of a function's steps, where it needs less memory at a time."""

from .model import Dispatch, Fill, Late, Load, accesses


def _needs(steps):
    """For each step the earlier ones that it must follow: writers of what it reads, users of what it writes."""
    needs = [set() for _ in steps]
    writer, readers = {}, {}  # of each buffer: since its last writer
    loads = {}
    for number, step in enumerate(steps):
        for span, access in accesses(step):
            key = span.place, span.index
            if key in writer:
                needs[number].add(writer[key])
            if "w" in access:
                needs[number] |= readers.pop(key, set())
                writer[key] = number
            else:
                readers.setdefault(key, set()).add(number)
        if isinstance(step, Load):
            loads[step.number] = number
        for word in step.constants if isinstance(step, Dispatch) else ():
            needs[number] |= {loads[load] for load in word.loads} if isinstance(word, Late) else set()
        needs[number].discard(number)
    return needs


def economical(steps, sizes):
    """The numbers of steps in an order that keeps few bytes alive, step by step.

    sizes: of the transient buffers. Of the steps that could come next, the one after which the
    fewest bytes are alive; a fill comes when nothing else can.
    """
    needs = _needs(steps)
    touched = [{span.index for span, _ in accesses(step) if span.place == "transient"} for step in steps]
    uses = {}
    for buffers in touched:
        for buffer in buffers:
            uses[buffer] = uses.get(buffer, 0) + 1
    alive, done, order = set(), set(), []

    def cost(number):
        during = alive | touched[number]
        after = sum(sizes[b] for b in during if uses[b] > (b in touched[number]))
        return isinstance(steps[number], Fill), after, sum(sizes[b] for b in during), number

    while len(order) < len(steps):
        ready = [n for n in range(len(steps)) if n not in done and needs[n] <= done]
        number = min(ready, key=cost)
        order.append(number)
        done.add(number)
        for buffer in touched[number]:
            uses[buffer] -= 1
            (alive.add if uses[buffer] else alive.discard)(buffer)
    return order


def improved(steps, order, cost, tries=500):
    """order, with single steps moved as long as that makes cost(order) smaller; tries: calls of cost."""
    needs, order = _needs(steps), list(order)
    least, left = cost(order), tries
    while True:
        for other in _moved(order, needs):
            if not left:
                return order
            left -= 1
            found = cost(other)
            if found < least:
                least, order = found, other
                break
        else:
            return order


def _moved(order, needs):
    """All orders with one step at another place that is still behind what it needs, before what needs it."""
    for place, number in enumerate(order):
        rest = order[:place] + order[place + 1 :]
        first = max((rest.index(other) + 1 for other in needs[number]), default=0)
        last = min((at for at, other in enumerate(rest) if number in needs[other]), default=len(rest))
        for at in range(first, last + 1):
            if at != place:
                yield rest[:at] + [number] + rest[at:]
