"""The elementwise operations after a product, put into its loops."""

from iree.compiler import ir

from . import emit
from .integers import addition, requantization, rescale
from .product import NoMatch, element_of


class Epilogue:
    """What becomes of a sum before it is stored.

    apply() loads everything a tile needs before the caller stores anything, each element once.
    is_small: no code for some channels beside that for the others.
    """

    def __init__(self, product, is_small=False):
        self.op = product.epilogue
        self.sums = product.contraction.results[0]
        try:
            is_long = element_of(product.activation) == "i16"
            self.requantization = rescale.find(product) if is_long else requantization.find(product, is_whole=is_small)
        except NoMatch:
            self.requantization = None
        self.residual = self._residual()

    def _residual(self):
        """(position of the tensor that the requantized sum is added to, their plane), or None where they are not."""
        if not self.requantization or str(self.requantization.value.type) not in ("i8", "i32"):
            return None
        block = self.op.regions[0].blocks[0]
        arguments = list(block.arguments)[:-1]
        places = [n for n, argument in enumerate(arguments) if str(argument.type) == "i8" and list(argument.uses)]
        try:
            return (
                (places[0], addition.plane_of(block, self.requantization.value, arguments[places[0]]))
                if len(places) == 1
                else None
            )
        except NoMatch:
            return None

    def prepare(self, has_lines=False):
        """Makes what it needs, at the current insertion point. has_lines: whether the caller keeps them."""
        if self.requantization:
            self.requantization.prepare(has_lines)

    def lines(self):
        """For each channel what its sums begin with, and the words of its line, as numbers; None where no line is needed."""
        return self.requantization.lines() if self.requantization else None

    def start(self, point):
        """What the sums, as words, of the channel of point begin with."""
        return self.requantization.start(self.requantization.channel(point)) if self.requantization else emit.word(0)

    def apply(self, sums, points, pixels, lines=None):
        """The values to store for sums (words may stand for longer ones), whose coordinates are points: pixels of the first
        channel, of the next, …

        lines: the words of each channel's line, where the caller keeps them.
        """
        sums = [emit.as_long_as(value, self.sums.type.element_type) for value in sums]
        if self.op is None:
            return sums
        loaded, results = {}, []
        for first in range(0, len(sums), pixels):
            part = slice(first, first + pixels)
            results.append([self._inputs(s, p, loaded) for s, p in zip(sums[part], points[part])])
        lines = lines or [None] * len(results)
        known = [self._known(points[i * pixels], inputs, lines[i]) for i, inputs in enumerate(results)]
        return [self._result(*one) for inputs, values in zip(results, known) for one in zip(inputs, values)]

    def _result(self, values, known):
        if not self.residual:
            return self._body(values, known)
        place, numbers = self.residual
        return addition.evaluated(known[self.requantization.value], values[place], *numbers)

    def _known(self, point, inputs, line):
        """For the sums of a channel, {a value of the body that needs no computing any more: its new value}."""
        made = self.requantization
        position = list(self.op.operands).index(self.sums)
        if not made:
            return [{} for _ in inputs]
        sums = [values[position] for values in inputs]
        by_sum = dict(zip(sums, inputs))
        found = made.finish(sums, made.channel(point), lambda value: self._body(by_sum[value], {}, made.value), line)
        return [{made.value: value} for value in found]

    def _inputs(self, value, point, loaded):
        *ins, _ = self.op.operands
        maps = [ir.AffineMapAttr(a).value for a in self.op.attributes["indexing_maps"]]
        result = []
        for operand, affine_map in zip(ins, maps):
            if operand == self.sums or not isinstance(operand.type, ir.RankedTensorType):
                result.append(value if operand == self.sums else operand)
                continue
            key = (operand, *(point[e.position] if isinstance(e, ir.AffineDimExpr) else str(e) for e in affine_map.results))
            if key not in loaded:
                loaded[key] = emit.load(operand, *emit.point(affine_map, point))
            result.append(loaded[key])
        return result

    def _body(self, values, done, wanted=None):
        """What the body yields, or wanted, for values of its arguments, where the values in done are known."""
        block = self.op.regions[0].blocks[0]
        known = dict(zip(block.arguments, values)) | done
        for inner in block.operations:
            if wanted in known:
                return known[wanted]
            if inner.operation.name == "linalg.yield":
                return known.get(inner.operands[0], inner.operands[0])
            if inner.operation.results[0] in done:
                continue
            copy = inner.operation.clone()
            for position, operand in enumerate(inner.operands):
                if operand in known:
                    copy.operands[position] = known[operand]
            known.update(zip(inner.operation.results, copy.operation.results))
        raise AssertionError("a region without an end")
