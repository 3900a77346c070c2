"""The harness's run with its executions counted, and the cycles of its calls."""

from ..device import emulator, executions
from ..errors import BaremetalError
from ..timing import cores
from ..timing.code import Code
from ..timing.estimate import estimate


class Counted:
    """Runs a harness in place of `emulator.run`, with executions counted where there is a table for the core.

    why_not: what stands in the way of cycles, or "".
    """

    def __init__(self, board, elf):
        self.elf, self.toolchain, self.segments = elf, board.toolchain, []
        self.core = None if board.is_host else cores.of(board.cpu, board.cpu_features)
        self.why_not = "" if self.core or board.is_host else f"there is no timing table for {board.cpu or board.name}"

    def run(self, board, elf, **options):
        if not self.core:
            return emulator.run(board, elf, **options)
        try:
            executions.plugin(emulator.command(board, elf)[0])
        except BaremetalError as error:
            self.core, self.why_not = None, str(error)
            return emulator.run(board, elf, **options)
        result, self.segments = executions.run(board, elf, **options)
        return result

    def cycles(self, calls):
        """Cycles of each call of a harness that measures no dispatches; None where they are not known."""
        if not self.core:
            return [None] * calls
        code, nothing = Code(self.elf, self.toolchain), self.segments[1]
        return [estimate(self.segments[3 + 2 * number].minus(nothing), code, self.core).cycles for number in range(calls)]

    def of_last(self, dispatches):
        """(`Estimate` of the last call or None, those of its dispatches, the image's `Code`, core, why_not).

        dispatches: how many each call measured. The harness reads the counter, which ends a segment: twice for
        nothing; then twice around each call, and in it twice around each dispatch that is measured.
        """
        if not self.core:
            return None, [], None, None, self.why_not
        code, nothing = Code(self.elf, self.toolchain), self.segments[1]
        begin = 2 + sum(2 + 2 * count for count in dispatches[:-1])
        last = self.segments[begin + 1 : begin + 2 + 2 * dispatches[-1]]
        found = [estimate(segment.minus(nothing), code, self.core) for segment in last]
        # Around and between the dispatches runs the glue.
        return (found[0] if len(found) == 1 else None), found[1::2], code, self.core, ""
