"""Operators of com.microsoft, which ONNX Runtime's tools write, as those of ONNX: IREE drops the domain, or attributes."""

import numpy as np

from . import rule
from .quantized import dequantized

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


@rule("QuantizeLinear", "DequantizeLinear", domain=_DOMAIN)
def quantize_linear(graph, node):
    return graph.add(node.op, *node.inputs, **node.attributes)


@rule("QLinearAdd", "QLinearMul", domain=_DOMAIN)
def qlinear_binary(graph, node):
    """Add or Mul of floats."""
    a, b = dequantized(graph, *node.inputs[:3]), dequantized(graph, *node.inputs[3:6])
    return graph.add("QuantizeLinear", graph.add(node.op.removeprefix("QLinear"), a, b), *node.inputs[6:8])


@rule("QLinearSigmoid", "QLinearLeakyRelu", "QLinearAveragePool", "QLinearSoftmax", domain=_DOMAIN)
def qlinear_unary(graph, node):
    """The operator of ONNX on floats."""
    operator = node.op.removeprefix("QLinear")
    attributes = {key: value for key, value in node.attributes.items() if key not in ("opset", "channels_last")}
    x = dequantized(graph, *node.inputs[:3])
    channels_last = node.get("channels_last", 0)
    rank = len(graph.shape(x))
    if channels_last:
        x = graph.add("Transpose", x, perm=[0, rank - 1, *range(1, rank - 1)])
    y = graph.add(operator, x, **attributes)
    if channels_last:
        y = graph.add("Transpose", y, perm=[0, *range(2, rank), 1])
    return graph.add("QuantizeLinear", y, *node.inputs[3:5])


@rule("QLinearGlobalAveragePool", domain=_DOMAIN)
def qlinear_global_average_pool(graph, node):
    """The mean over the spatial axes, which are last unless channels_last."""
    x = dequantized(graph, *node.inputs[:3])
    rank = len(graph.shape(x))
    axes = list(range(1, rank - 1) if node.get("channels_last", 0) else range(2, rank))
    mean = (
        graph.add("ReduceMean", x, graph.ints(*axes), keepdims=1)
        if graph.opset >= 18
        else graph.add("ReduceMean", x, axes=axes, keepdims=1)
    )
    return graph.add("QuantizeLinear", mean, *node.inputs[3:5])


@rule("QLinearConcat", domain=_DOMAIN)
def qlinear_concat(graph, node):
    """Inputs come as tensor, scale, zero point, after the output's scale and zero point."""
    parts = [dequantized(graph, *node.inputs[n : n + 3]) for n in range(2, len(node.inputs), 3)]
    return graph.add("QuantizeLinear", graph.add("Concat", *parts, axis=node.get("axis")), *node.inputs[:2])


@rule("QGemm", domain=_DOMAIN)
def qgemm(graph, node):
    """Gemm of floats; C is int32 of scale alpha * a_scale * b_scale; without y_scale the answer stays float."""
    a, sa, za, b, sb, zb = node.inputs[:6]
    column = 0 if node.get("transB", 0) else 1
    operands = [dequantized(graph, a, sa, za), dequantized(graph, b, sb, zb, axis=column)]
    if node.input(6):
        scale = graph.add("Mul", graph.add("Mul", sa, sb), graph.constant(node.get("alpha", 1.0), np.float32))
        operands.append(graph.add("Mul", graph.add("Cast", node.input(6), to=graph.dtype(sa)), scale))
    y = graph.add("Gemm", *operands, alpha=node.get("alpha", 1.0), transA=node.get("transA", 0), transB=node.get("transB", 0))
    return graph.add("QuantizeLinear", y, node.input(7), node.input(8)) if node.input(7) else y


@rule("MatMulIntegerToFloat", "DynamicQuantizeMatMul", domain=_DOMAIN)
def matmul_integer_to_float(graph, node):
    """MatMulInteger and scales; DynamicQuantizeMatMul quantizes its first operand itself."""
    if node.op == "DynamicQuantizeMatMul":
        a, sa, za = graph.add("DynamicQuantizeLinear", node.input(0), outputs=3)
        b, sb, zb, bias = node.input(1), node.input(2), node.input(3), node.input(4)
    else:
        a, b, sa, sb, za, zb, bias = (node.input(n) for n in range(7))
    product = graph.add("Cast", graph.add("MatMulInteger", a, b, za, zb), to=graph.dtype(sa))
    y = graph.add("Mul", product, graph.add("Mul", sa, sb))
    return graph.add("Add", y, bias) if bias else y


@rule("Gelu", "FastGelu", domain=_DOMAIN)
def gelu(graph, node):
    """x * Phi(x), by erf, or FastGelu's tanh; as ONNX's operator of opset 20, which older models have not."""
    x = graph.add("Add", *node.inputs) if node.input(1) else node.input(0)
    dtype = graph.dtype(x)
    half, one = graph.constant(0.5, dtype), graph.constant(1, dtype)
    if node.op == "FastGelu":
        cube = graph.add("Mul", graph.add("Mul", graph.add("Mul", x, x), x), graph.constant(0.044715, dtype))
        share = graph.add("Tanh", graph.add("Mul", graph.add("Add", x, cube), graph.constant(np.sqrt(2 / np.pi), dtype)))
    else:
        share = graph.add("Erf", graph.add("Mul", x, graph.constant(np.sqrt(0.5), dtype)))
    return graph.add("Mul", graph.add("Mul", x, half), graph.add("Add", share, one))
