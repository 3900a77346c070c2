"""The elementwise operations after a product, put into its loops."""

from iree.compiler import ir

from . import emit


class Epilogue:
    """What becomes of a sum before it is stored.

    apply() loads everything a tile needs before the caller stores anything, each element once.
    """

    def __init__(self, product):
        self.op = product.epilogue
        self.sums = product.contraction.results[0]

    def apply(self, sums, points):
        """The values to store for sums, whose coordinates are points."""
        if self.op is None:
            return sums
        loaded, results = {}, []
        inputs = [self._inputs(s, p, loaded) for s, p in zip(sums, points)]
        for values in inputs:
            results.append(self._body(values))
        return results

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

    def _body(self, values):
        block = self.op.regions[0].blocks[0]
        known = dict(zip(block.arguments, values))
        for inner in block.operations:
            if inner.operation.name == "linalg.yield":
                return known.get(inner.operands[0], inner.operands[0])
            copy = inner.operation.clone()
            for position, operand in enumerate(inner.operands):
                if operand in known:
                    copy.operands[position] = known[operand]
            known.update(zip(inner.operation.results, copy.operation.results))
        raise AssertionError("a region without an end")
