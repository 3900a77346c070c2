"""What flash with wait states adds, at the least: every line of the executed code, and of the weights, is fetched once.

Behind a cache and a prefetch, as parts with wait states have, loops run from the cache; what is fetched again, as it was
displaced, or waited for at a branch, is not counted.
"""


def cycles(estimate, weights, timing, clock):
    """The cycles of one call that waits for flash, at least.

    estimate: the `estimate.Estimate` of the call; weights: in bytes, in flash; timing: a `board.FlashTiming`; clock in Hz.
    """
    code = {address // timing.line for address in estimate.lines}
    return timing.waits(clock) * (len(code) + -(-weights // timing.line))
