"""Operators of com.microsoft as those of ONNX: IREE's importer drops the domain, or attributes."""

from . import rule

_DOMAIN = "com.microsoft"


@rule("FusedMatMul", domain=_DOMAIN)
def fused_matmul(graph, node):
    """alpha * A * B, either of them transposed in its last two axes, or its batch axes moved behind the first of them."""
    operands = []
    for name, key in zip(node.inputs[:2], ("A", "B")):
        rank = len(graph.shape(name))
        order = list(range(rank))
        if node.get(f"transBatch{key}", 0):
            order = [*order[1:-1], 0, order[-1]]
        if node.get(f"trans{key}", 0):
            order[-2:] = order[:-3:-1]
        operands.append(graph.add("Transpose", name, perm=order) if order != sorted(order) else name)
    product = graph.add("MatMul", *operands)
    alpha = node.get("alpha", 1.0)
    return graph.add("Mul", product, graph.constant(alpha, graph.dtype(product))) if alpha != 1 else product
