"""The harness's run with its executions counted, and the cycles of its calls."""

from ..device import emulator, executions
from ..errors import BaremetalError
from ..timing import cores
from ..timing.code import Code
from ..timing.estimate import estimate, together


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
        """Cycles of each call of a harness that measures no dispatches; None where they are not known. calls: as for `of_last`."""
        if not self.core:
            return [None] * len(calls)
        code, begin, result = Code(self.elf, self.toolchain), 2, []
        for stretches in calls:
            result.append(together(self._parts(begin, stretches, code)).cycles)
            begin += _segments(stretches)
        return result

    def of_last(self, calls):
        """(`Estimate` of the last call or None, those of its dispatches, the image's `Code`, core, why_not).

        calls: how many dispatches were measured in each stretch of each call, which is one but for `codegen.pushing`. The harness
        reads the counter, which ends a segment: twice for nothing; then twice around each stretch, and in it twice around each
        dispatch that is measured.
        """
        if not self.core:
            return None, [], None, None, self.why_not
        code = Code(self.elf, self.toolchain)
        found = self._parts(2 + sum(map(_segments, calls[:-1])), calls[-1], code)
        if not any(calls[-1]):
            return together(found), [], code, self.core, ""
        return None, found, code, self.core, ""

    def _parts(self, begin, stretches, code):
        """`Estimate`s of a call whose first segment is number begin: of its dispatches, or, where none is measured, of its stretches."""
        found, nothing = [], self.segments[1]
        for count in stretches:
            # Around and between the dispatches runs the glue.
            inside = self.segments[begin + 1 : begin + 2 + 2 * count]
            found += [estimate(s.minus(nothing), code, self.core) for s in (inside[1::2] if any(stretches) else inside)]
            begin += 2 + 2 * count
        return found


def _segments(stretches):
    return sum(2 + 2 * count for count in stretches)
