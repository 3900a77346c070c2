"""Half precision is computed in float, operator by operator, and rounded where an operator ends: as ONNX Runtime does on a CPU.

IREE sums float16 in float16 and rounds each step of an activation, which a few hundred elements make tens of units in
the last place of. Not here are operators whose lowerings hold their sums in float (products, convolutions, batch
normalization), whose one operation is rounded once anyway (Add, Sqrt), and which move or compare elements.
"""

from onnx import TensorProto

from .. import inference
from . import rule

HALF = (TensorProto.FLOAT16, TensorProto.BFLOAT16)
# Sums; norms; activations of several operations, or with numbers that are floats in ONNX; what rests on these.
OPERATORS = """
    AveragePool CumProd CumSum GlobalAveragePool GlobalLpPool LpPool LRN Mean ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp
    ReduceMean ReduceProd ReduceSum ReduceSumSquare Sum
    GroupNormalization InstanceNormalization LayerNormalization LogSoftmax LpNormalization MeanVarianceNormalization
    RMSNormalization Softmax
    Acos Acosh Asin Asinh Atan Atanh Celu Cos Cosh Elu Erf Exp Gelu HardSigmoid HardSwish LeakyRelu Log Mish Pow PRelu
    Reciprocal Selu Shrink Sigmoid Sin Sinh Softplus Softsign Swish Tan Tanh ThresholdedRelu
    Attention Det DeformConv GRU GridSample LSTM RNN Resize RotaryEmbedding RoiAlign Upsample
""".split()


@rule(*OPERATORS, first=True)
def half(graph, node):
    types = {graph.dtype(name) for name in node.inputs if name} & set(HALF)
    if not types:
        return None
    (dtype,) = types if len(types) == 1 else (None,)
    inputs = [
        graph.add("Cast", name, to=TensorProto.FLOAT) if name and graph.dtype(name) in HALF else name for name in node.inputs
    ]
    given = inference.infer(graph, node)
    results = graph.add(node.op, *inputs, outputs=len(node.outputs), **node.attributes)
    results = [results] if isinstance(results, str) else results
    wanted = [given[name].tensor_type.elem_type if name in given else dtype for name in node.outputs]
    return [graph.add("Cast", result, to=to) if to in HALF else result for result, to in zip(results, wanted)]
