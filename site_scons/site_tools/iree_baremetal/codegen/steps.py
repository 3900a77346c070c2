"""A function's steps as the bytes that support/iree_direct.h runs."""

from ..errors import BaremetalError
from ..plan.model import Copy, Dispatch, Fill

END, FILL, COPY, KERNEL = 0, 1, 2, 3
_MOST_UNITS = 12  # bits: aligned to more, places get no shorter


class Steps:
    """rows: (comment, [numbers]) for each step. base_bits, unit_bits, and what there is: as in iree_direct.h."""

    def __init__(self, steps, bases, kernels, place):
        """bases: names of what places are relative to. kernels: symbol -> number. place: span -> (base, offset)."""
        self.place_of, self.kernels, self.bases = place, kernels, bases
        dispatches = [step for step in steps if isinstance(step, Dispatch)]
        self.grids = any(step.workgroups[1:] != (1, 1) for step in dispatches)
        self.constants = any(step.constants for step in dispatches)
        steps = [simple for step in steps for simple in self._simple(step)]
        self.fills = any(isinstance(step, _Fill) for step in steps)
        self.copies = any(isinstance(step, _Copy) for step in steps)
        offsets = [offset for step in steps for _, offset, _ in step.touched]
        self.unit_bits = min((_trailing_zeros(offset) for offset in offsets), default=0)
        self.base_bits = max(len(bases) - 1, 1).bit_length()
        self.rows = [self._row(step) for step in steps] + [("end", [END])]

    @property
    def most_bindings(self):
        """How many bindings a dispatch has at most, and at least one: C has no empty arrays."""
        return max([1, *(numbers[-1] for _, numbers in self.rows)])
