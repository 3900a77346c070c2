"""The form of each kernel by itself, from what kernels cost in their own forms and in others."""

SLACK = 0.01  # of the whole: how much of what is gained may be given up for smaller kernels,
WORTH = 4  # if the share of bytes that is saved is so many times the share of speed that is lost


def options(base, others):
    """{kernel: {text of a form, "" for its own: (what it costs, its bytes)}}

    base, others: {"failed", "kernels": {kernel: [cost, bytes, calls]}, "forms": {kernel: text}} of the kernels in their own
    forms, and of builds with others; those that failed do not count, nor kernels that stand for more or fewer layers there.
    """
    found = {kernel: {"": (cost, size)} for kernel, (cost, size, _) in base["kernels"].items()}
    for other in others:
        for kernel, (cost, size, calls) in other["kernels"].items() if not other["failed"] else ():
            text = other["forms"].get(kernel, "")
            if kernel in found and text and calls == base["kernels"][kernel][2]:
                found[kernel][text] = (cost, size)
    return found


def choose(costs, shared=None, slack=SLACK):
    """{kernel: {"form", "cost": [its own, chosen], "bytes": [its own, chosen]}} of those that another form is better for.

    costs: of `options`. The quickest form, and a smaller one where that costs no more than slack of the whole, nor than half of what is gained in all, and is worth it:
    the whole is never slower than with all kernels in their own forms. shared: {kernel: the one that stands for it}: has its form.
    """
    chosen = {kernel: min(forms, key=lambda text: (*forms[text], text)) for kernel, forms in costs.items()}
    own, least = (sum(forms[text(kernel)][0] for kernel, forms in costs.items()) for text in (lambda _: "", chosen.get))
    left, size = min(slack * least, (own - least) / 2), sum(forms[""][1] for forms in costs.values())

    def change(kernel, text):
        """(what it costs more, bytes saved) with text in place of the chosen one."""
        (cost, size), (own_cost, own_size) = costs[kernel][text], costs[kernel][chosen[kernel]]
        return cost - own_cost, own_size - size

    while True:
        changes = [(kernel, text, *change(kernel, text)) for kernel in sorted(costs) for text in costs[kernel]]
        changes = [one for one in changes if one[3] > 0 and one[2] <= left and WORTH * one[2] * size <= one[3] * own]
        if not changes:
            break
        kernel, text, more, _ = min(changes, key=lambda one: one[2] / one[3])
        chosen[kernel], left = text, left - max(more, 0)
    result = {}
    for kernel, text in sorted(chosen.items()):
        if text:
            before, after = costs[kernel][""], costs[kernel][text]
            result[kernel] = {"form": text, "cost": [before[0], after[0]], "bytes": [before[1], after[1]]}
    followers = {kernel: {"form": result[first]["form"]} for kernel, first in (shared or {}).items() if first in result}
    return result | followers


def lines(kernels):
    """A table of what `choose` gave: kernel, form, cost and bytes before and after, what is gained most by first."""
    rows = [(k, f["form"], *f["cost"], *f["bytes"]) for k, f in kernels.items() if "cost" in f]
    rows.sort(key=lambda row: row[3] - row[2])
    cells = [(f"{a:,} → {b:,}", f"{c:,} → {d:,} bytes", form, kernel) for kernel, form, a, b, c, d in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    return [f"  {cost.rjust(widths[0])}  {size.rjust(widths[1])}  {form.ljust(widths[2])}  {k}" for cost, size, form, k in cells]
