"""Float networks as PyTorch would export them, with seeded random weights."""

import numpy
from onnx import TensorProto, helper, numpy_helper


class Network:
    """An .onnx that grows node by node; each method returns the tensor it made."""

    def __init__(self, shape, seed=0):
        self.random = numpy.random.default_rng(seed)
        self.shape, self.nodes, self.constants = shape, [], []

    def constant(self, array, dtype="f4"):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(numpy.asarray(array, dtype), name))
        return name

    def node(self, operator, *inputs, **attributes):
        name = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name.lower()], name, **attributes))
        return name.lower()

    def convolution(self, x, inputs, outputs, kernel, activation="Relu6", **attributes):
        """Convolution, batch normalization and activation; kernel: extents."""
        group = attributes.get("group", 1)
        fan = inputs // group * int(numpy.prod(kernel))
        weights = self.random.normal(0, (2 / fan) ** 0.5, (outputs, inputs // group, *kernel))
        x = self.node("Conv", x, self.constant(weights), kernel_shape=kernel, **attributes)
        ranges = (0.8, 1.2), (-0.1, 0.1), (-0.1, 0.1), (0.8, 1.2)
        x = self.node("BatchNormalization", x, *(self.constant(self.random.uniform(*r, outputs)) for r in ranges))
        if activation == "Relu6":
            return self.node("Clip", x, self.constant(0), self.constant(6))
        return self.node(activation, x) if activation else x

    def model(self, result, classes):
        graph = helper.make_graph(
            self.nodes,
            "network",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, [1, classes])],
            self.constants,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def dense(net, x, inputs, outputs):
    weights = net.random.normal(0, inputs**-0.5, (outputs, inputs))
    return net.node("Gemm", x, net.constant(weights), net.constant(net.random.normal(0, 0.1, outputs)), transB=1)


def mobilenet_v2(width=0.25, size=32, classes=10):
    """MobileNetV2 (Sandler et al., 2018, table 2) for images of size x size."""
    net = Network([1, 3, size, size])

    def channels(count):
        return max(8, int(count * width + 4) // 8 * 8)

    now = channels(32)
    x = net.convolution("x", 3, now, [3, 3], strides=[2, 2], pads=[1] * 4)
    for expansion, wide, repeats, stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ):  # fmt: skip
        for step in [stride] + [1] * (repeats - 1):
            before, inner = x, now * expansion
            if expansion > 1:
                x = net.convolution(x, now, inner, [1, 1])
            x = net.convolution(x, inner, inner, [3, 3], strides=[step] * 2, pads=[1] * 4, group=inner)
            x = net.convolution(x, inner, channels(wide), [1, 1], activation=None)
            x = net.node("Add", before, x) if step == 1 and now == channels(wide) else x
            now = channels(wide)
    x = net.convolution(x, now, 320, [1, 1])
    x = net.node("Flatten", net.node("GlobalAveragePool", x))
    return net.model(dense(net, x, 320, classes), classes)


def cnn_1d(channels=3, length=64, classes=5):
    """Three convolutions along time, pooled, and a dense layer."""
    net = Network([1, channels, length])
    x = net.convolution("x", channels, 16, [5], activation="Relu", strides=[2], pads=[2, 2])
    x = net.convolution(x, 16, 32, [3], activation="Relu", pads=[1, 1])
    x = net.node("MaxPool", x, kernel_shape=[2], strides=[2])
    x = net.convolution(x, 32, 32, [3], activation="Relu", pads=[1, 1])
    x = net.node("Flatten", net.node("GlobalAveragePool", x))
    return net.model(dense(net, x, 32, classes), classes)
