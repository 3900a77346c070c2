"""The width of vectors of each kernel by itself, from what the kernels cost when all have the same."""

SLACK = 0.01  # how much slower, all in all, for smaller kernels


def choose(costs, slack=SLACK):
    """{kernel: width} of the quickest kernels, and of smaller ones where that costs no more than slack of the whole.

    costs: {width: {kernel: (what it costs, its bytes)}}. A kernel that not every width has is left out.
    """
    kernels = set.intersection(*(set(found) for found in costs.values())) if costs else set()
    chosen = {kernel: min(costs, key=lambda width: costs[width][kernel]) for kernel in kernels}

    def change(kernel, width):
        """(what it costs more, bytes saved) with width in place of the chosen one."""
        (cost, size), (own_cost, own_size) = costs[width][kernel], costs[chosen[kernel]][kernel]
        return cost - own_cost, own_size - size

    left = slack * sum(costs[width][kernel][0] for kernel, width in chosen.items())
    while True:
        options = [(kernel, width, *change(kernel, width)) for kernel in sorted(kernels) for width in costs]
        options = [option for option in options if option[3] > 0 and option[2] <= left]
        if not options:
            return chosen
        kernel, width, more, _ = min(options, key=lambda option: option[2] / option[3])
        chosen[kernel], left = width, left - max(more, 0)
