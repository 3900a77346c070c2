"""Models of TensorFlow Lite."""

import importlib.util

import corpus
import numpy
from hypothesis import strategies as st
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.tflite import importer

from .mutation import mutated


def _tflite_net():
    """An empty net, of the tests of single operators."""
    spec = importlib.util.spec_from_file_location("net", corpus.ROOT / "test/formats/tflite/net.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Net()


def _tflite_small():
    """Quantized: a convolution, a pool, a reshape, a vector product, softmax."""
    net = _tflite_net()
    x = net.input("int8", (1, 4, 4, 2), 0.5, 3, name="image")
    weights = net.constant(numpy.ones((2, 3, 3, 2), "i1"), [0.1, 0.2])
    maps = net.tensor("int8", (1, 4, 4, 2), 0.7, -128)
    net.op(
        "CONV_2D",
        [x, weights, net.constant(numpy.arange(2, dtype="i4"))],
        [maps],
        "Conv2DOptions",
        strideH=1,
        strideW=1,
        padding="SAME",
        fusedActivationFunction="RELU",
    )
    pooled = net.tensor("int8", (1, 1, 1, 2), 0.7, -128)
    net.op(
        "AVERAGE_POOL_2D", [maps], [pooled], "Pool2DOptions", filterHeight=4, filterWidth=4, strideH=1, strideW=1, padding="VALID"
    )
    flat = net.tensor("int8", (1, 2), 0.7, -128)
    net.op("RESHAPE", [pooled, net.constant(numpy.array([1, 2], "i4"))], [flat], "ReshapeOptions", newShape=[1, 2])
    sums = net.tensor("int8", (1, 3), 0.3, 1)
    net.op("FULLY_CONNECTED", [flat, net.constant(numpy.ones((3, 2), "i1"), 0.1), -1], [sums], "FullyConnectedOptions")
    net.op("SOFTMAX", [sums], [net.tensor("int8", (1, 3), 1 / 256, -128)], "SoftmaxOptions", beta=1.0)
    return net.bytes()


def _tflite_sparse():
    """Floats: a sparse product beside float16 weights, and a variable."""
    net = _tflite_net()
    x = net.input("float32", (1, 4), name="x")
    weights = net.tensor("float32", (3, 4))
    net.op("DEQUANTIZE", [net.constant(numpy.ones((3, 4), "f2"))], [weights])
    sums = net.tensor("float32", (1, 3))
    net.op(
        "FULLY_CONNECTED",
        [x, weights, net.constant(numpy.zeros(3, "f4"))],
        [sums],
        "FullyConnectedOptions",
        fusedActivationFunction="RELU6",
    )
    net.op("CONCATENATION", [sums, sums], [net.tensor("float32", (1, 6))], "ConcatenationOptions", axis=1)
    return net.bytes()


@st.composite
def _tflite_words(draw):
    """Good files with a few of their words, which are offsets, lengths and numbers, replaced."""
    content = bytearray(draw(st.sampled_from([_tflite_small(), _tflite_sparse()])))
    odd = st.sampled_from(
        [0, 1, 2, 4, 8, 255, 0x7FFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFC, len(content), len(content) - 4]
    )
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content) // 4 - 1)) * 4
        content[place : place + 4] = draw(st.one_of(odd, st.integers(0, 2**32 - 1))).to_bytes(4, "little")
    return bytes(content)


def _read_tflite(folder, content):
    path = folder / "net.tflite"
    path.write_bytes(content)
    try:
        importer.import_model(path, folder / "net.mlirbc", "iree-compile")
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise


READERS = {
    ".tflite models, mutated bytes": (mutated([_tflite_small(), _tflite_sparse()]), _read_tflite, 60, 1500),
    ".tflite models, random words": (_tflite_words(), _read_tflite, 100, 4000),
}
