"""What rules make of a node computes the same: ONNX Runtime's answers before and after, and the node is gone.

That IREE needs it is in test_silent_faults.py.
"""

import itertools

import ml_dtypes
import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending
from mended import model, node, random, wanted

F = numpy.float32


def check(made, inputs, gone=(), relative=1e-4, absolute=1e-5):
    """made's answers before and after, and that its operators, or those named, are no more."""
    gone = gone or [n.op_type for n in made.graph.node]
    after = mending.mend("net.onnx", made)
    onnx.checker.check_model(after, full_check=True)
    assert not set(gone) & {n.op_type for n in after.graph.node}
    for mine, theirs in zip(wanted(after, inputs), wanted(made, inputs), strict=True):
        numpy.testing.assert_allclose(mine, theirs, relative, absolute)


def one(operator, inputs, outputs="y", opset=19, gone=(), given=None, constants=None, **attributes):
    """Checks one node: inputs by names, arrays by given (fed) and constants."""
    made = model(node(operator, inputs, outputs, **attributes), given, outputs.split(), opset, **(constants or {}))
    check(made, given, gone)


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
def test_depth_to_space(mode):
    one("DepthToSpace", "x", given={"x": random(2, 18, 2, 3)}, blocksize=3, mode=mode)


@pytest.mark.parametrize(
    "mode, pads",
    [
        ("reflect", [0, 2, 1, 0, 1, 3]),
        ("edge", [1, 0, 3, 0, 2, 0]),
        ("wrap", [0, 1, 0, 0, 2, 4]),
        ("constant", [0, -1, 2, 0, 1, -1]),
    ],
)
def test_pad(mode, pads):
    one(
        "Pad",
        "x p v",
        gone=["Pad"] if mode != "constant" else ["none"],
        given={"x": random(2, 4, 5)},
        mode=mode,
        constants={"p": numpy.array(pads), "v": F(3)},
    )


def test_doubles_become_halves_by_way_of_floats():
    made = model(node("Cast", "x", to=onnx.TensorProto.FLOAT16), {"x": random(4, dtype="float64")}, "y")
    assert [n.attribute[0].i for n in mending.mend("net.onnx", made).graph.node[:2]] == [
        onnx.TensorProto.FLOAT,
        onnx.TensorProto.FLOAT16,
    ]
    check(made, {"x": random(4, dtype="float64")}, ["none"], relative=1e-3)


def test_pad_of_some_axes():
    one(
        "Pad",
        "x p _ a",
        given={"x": random(2, 4, 5)},
        mode="reflect",
        constants={"p": numpy.array([1, 2]), "a": numpy.array([-1])},
    )


@pytest.mark.parametrize("ceil, whole", list(itertools.product([0, 1], repeat=2)))
@pytest.mark.parametrize("size, pads", [((6, 7), [0, 1, 1, 0]), ((5, 5), [1, 1, 1, 1]), ((4, 9), [0, 0, 0, 0])])
def test_average_pool(ceil, whole, size, pads):
    one(
        "AveragePool",
        "x",
        gone=["none"],
        given={"x": random(1, 2, *size)},
        kernel_shape=[2, 3],
        strides=[2, 2],
        pads=pads,
        ceil_mode=ceil,
        count_include_pad=whole,
    )


def test_average_pool_of_dilated_windows():
    one("AveragePool", "x", given={"x": random(1, 3, 8, 9)}, kernel_shape=[2, 3], dilations=[2, 3], pads=[1, 0, 0, 1])


@pytest.mark.parametrize(
    "attributes",
    [
        dict(ceil_mode=1, strides=[2, 2]),
        dict(pads=[1, 0, 0, 1]),
        dict(auto_pad="SAME_LOWER"),
        dict(dilations=[2, 1], strides=[1, 2], pads=[1, 1, 0, 0]),
        dict(storage_order=1),
    ],
)
def test_max_pool_and_its_indices(attributes):
    one("MaxPool", "x", "y i", given={"x": random(2, 2, 5, 6)}, kernel_shape=[2, 2], **attributes)
    if "storage_order" not in attributes:
        one("MaxPool", "x", gone=["none"], given={"x": random(2, 2, 5, 6)}, kernel_shape=[2, 2], **attributes)


@pytest.mark.parametrize("dtype", ["uint8", "int8"])
def test_max_pool_of_bytes(dtype):
    one("MaxPool", "x", gone=["none"], given={"x": random(1, 2, 5, 5, dtype=dtype)}, kernel_shape=[3, 3], pads=[1, 0, 1, 1])


@pytest.mark.parametrize("p", [1, 2, 3])
def test_lp_pools(p):
    one("LpPool", "x", opset=18, given={"x": random(1, 2, 6, 6)}, kernel_shape=[2, 3], strides=[2, 1], pads=[1, 1, 0, 0], p=p)
    one("GlobalLpPool", "x", given={"x": random(2, 3, 4, 5)}, p=p)


ACTIVATIONS = [
    "Affine",
    "Relu",
    "LeakyRelu",
    "ThresholdedRelu",
    "Tanh",
    "Sigmoid",
    "ScaledTanh",
    "HardSigmoid",
    "Elu",
    "Softsign",
    "Softplus",
]


@pytest.mark.parametrize("operator, gates, functions", [("LSTM", 4, 3), ("GRU", 3, 2), ("RNN", 1, 1)])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
def test_recurrent_layers(operator, gates, functions, direction):
    number = 2 if direction == "bidirectional" else 1
    x = {"x": random(4, 2, 3), "h": random(number, 2, 5, seed=9)}
    constants = {
        "w": random(number, gates * 5, 3) / 2,
        "r": random(number, gates * 5, 5, seed=1) / 2,
        "b": random(number, gates * 10, seed=2),
    }
    constants["l"] = numpy.array([4, 2], "int32")
    states = "y h1 c1" if operator == "LSTM" else "y h1"
    options = [
        dict(clip=0.5),
        dict(activations=(ACTIVATIONS * 2)[: functions * number], activation_alpha=[0.3, 0.2, 0.7], activation_beta=[0.1, 0.9]),
    ]
    if operator == "GRU":
        options.append(dict(linear_before_reset=1))
    if operator == "LSTM":
        options.append(dict(input_forget=1))
    for more in options:
        inputs = "x w r b _ h" if "clip" in more else "x w r b l h"
        one(operator, inputs, states, opset=14, given=x, constants=constants, hidden_size=5, direction=direction, **more)


def test_peepholes():
    constants = {
        "w": random(1, 20, 3),
        "r": random(1, 20, 5, seed=1),
        "b": random(1, 40),
        "p": random(1, 15),
        "c": random(1, 2, 5),
    }
    one("LSTM", "x w r b _ _ c p", "y h1 c1", given={"x": random(4, 2, 3)}, constants=constants, hidden_size=5)


@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic"])
@pytest.mark.parametrize(
    "places", ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize"]
)
def test_resize(mode, places):
    attributes = dict(mode=mode, coordinate_transformation_mode=places, extrapolation_value=7.0)
    region = {"roi": numpy.array([0, 0, 0.1, -0.2, 1, 1, 0.9, 1.1], F)}
    for scales in ([1, 1, 0.6, 2.5], [1, 1, 3, 0.4], [1, 1, 1, 1.7]):
        one("Resize", "x roi s", given={"x": random(1, 2, 5, 6)}, constants={"s": numpy.array(scales, F), **region}, **attributes)
    one(
        "Resize",
        "x roi _ z",
        given={"x": random(1, 2, 5, 6)},
        constants={"z": numpy.array([1, 2, 3, 11]), **region},
        **attributes,
    )


@pytest.mark.parametrize("mode", ["linear", "cubic"])
def test_resize_by_all_of_its_options(mode):
    x = {"x": random(1, 2, 7, 6)}
    one("Resize", "x _ s", given=x, constants={"s": numpy.array([1, 1, 0.5, 0.7], F)}, mode=mode, antialias=1)
    one(
        "Resize",
        "x _ _ z",
        given=x,
        constants={"z": numpy.array([5, 5])},
        mode=mode,
        axes=[2, 3],
        keep_aspect_ratio_policy="not_larger",
    )
    one(
        "Resize",
        "x _ s",
        given=x,
        constants={"s": numpy.array([1, 1, 2, 2], F)},
        mode="cubic",
        cubic_coeff_a=-0.5,
        exclude_outside=1,
    )
    one(
        "Resize",
        "x _ s",
        given={"x": random(1, 1, 3, 3, dtype="uint8")},
        constants={"s": numpy.array([1, 1, 2, 3], F)},
        mode="nearest",
    )


@pytest.mark.parametrize("auto", ["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"])
def test_transposed_convolutions(auto):
    pads = dict(pads=[1, 0, 0, 2], output_padding=[0, 1]) if auto == "NOTSET" else {}
    one(
        "ConvTranspose",
        "x w b",
        gone=["none"],
        given={"x": random(1, 4, 5, 4)},
        constants={"w": random(4, 2, 3, 3), "b": random(4)},
        strides=[2, 2],
        group=2,
        auto_pad=auto,
        **pads,
    )


def test_products_of_integers():
    given = {"x": random(2, 3, 9, dtype="uint8"), "w": random(4, 3, 3, dtype="uint8"), "z": numpy.array(7, "uint8")}
    one("ConvInteger", "x w z", given=given, pads=[1, 1])
    given = {
        "a": random(3, 5, dtype="uint8"),
        "b": random(5, 4, dtype="int8"),
        "s": numpy.array(3, "uint8"),
        "t": random(4, dtype="int8"),
    }
    one("MatMulInteger", "a b s t", given=given)
    one("MatMul", "a b", gone=["none"], given={"a": random(2, 3, 4, 5), "b": random(5)})


def test_sequences_and_columns():
    lengths = {"l": numpy.array([3, 1], "int64")}
    one("ReverseSequence", "x l", given={"x": random(4, 2, 3), **lengths})
    one("ReverseSequence", "x l", given={"x": random(2, 4, 3)}, constants=lengths, batch_axis=0, time_axis=1)
    sizes = {"i": numpy.array([5, 6]), "b": numpy.array([2, 3])}
    one(
        "Col2Im",
        "x i b",
        opset=18,
        given={"x": random(1, 12, 16)},
        constants=sizes,
        pads=[0, 1, 0, 1],
        strides=[1, 1],
        dilations=[1, 2],
    )


@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("corners", [0, 1])
def test_grid_sample(mode, padding, corners):
    one(
        "GridSample",
        "x g",
        opset=16,
        given={"x": random(2, 3, 4, 5), "g": random(2, 3, 2, 2, seed=5)},
        mode=mode,
        padding_mode=padding,
        align_corners=corners,
    )


@pytest.mark.parametrize("dtype", ["uint32", "uint64"])
def test_unsigned_integers(dtype):
    top = numpy.iinfo(dtype).max
    given = {"a": numpy.array([1, top, top // 2 + 5, 7, top], dtype), "b": numpy.array([2, 3, top, 7, top - 1], dtype)}
    low = {"l": numpy.array(3, dtype), "h": numpy.array(top - 1, dtype)}
    one("Clip", "a l h", given={"a": given["a"]}, constants=low)
    shifts = {"a": numpy.array([1, 200, 255], "uint8"), "n": numpy.array([0, 3, 7], "uint8")}
    one("BitShift", "a n", gone=["none"], given=shifts, direction="RIGHT")
    quotient = model(node("Div", "a b"), given, "y")
    after = mending.mend("net.onnx", quotient)
    found = onnx.reference.ReferenceEvaluator(after).run(None, given)[0]
    assert found.tolist() == (given["a"] // given["b"]).tolist()


@pytest.mark.parametrize("p", [1, 2])
def test_norms(p):
    x = random(3, 4)
    x[1] = 0
    one("LpNormalization", "x", given={"x": x}, p=p, axis=1)
    one("Hardmax", "x", given={"x": x}, axis=0)
    one("Gelu", "x", opset=20, given={"x": x}, approximate="tanh")


def test_operators_of_the_schema():
    given = {"q": random(1, 2, 4, 8), "k": random(1, 2, 6, 8), "v": random(1, 2, 6, 8)}
    one("Attention", "q k v", opset=23, given=given)
    one("RMSNormalization", "x s", opset=23, given={"x": random(2, 3, 4)}, constants={"s": random(4)})


@pytest.mark.parametrize(
    "operator, inputs, given, attributes, said",
    [
        ("Dropout", "x r t", {"x": random(4), "t": numpy.array(True)}, {}, "input training_mode is not false"),
        (
            "MaxUnpool",
            "x i s",
            {"x": random(1, 1, 2, 2), "i": numpy.zeros((1, 1, 2, 2), "int64")},
            dict(kernel_shape=[2, 2], strides=[2, 2]),
            "input output_shape is computed at run time|input output_shape is not the shape",
        ),
    ],
)
def test_what_is_refused(operator, inputs, given, attributes, said):
    constants = {"r": F(0.5), "s": numpy.array([1, 1, 5, 5])}
    made = model(node(operator, inputs, **attributes), given, "y", **{k: v for k, v in constants.items() if k in inputs.split()})
    with pytest.raises(BaremetalError, match=f"node 'the {operator}', operator {operator}: ({said})"):
        mending.mend("net.onnx", made)


@pytest.mark.parametrize("dtype, low", [(ml_dtypes.int4, -8), (ml_dtypes.uint4, 0)])
@pytest.mark.parametrize("axis, has_zero", [(None, True), (0, True), (1, False)])
def test_dequantize_linear_of_four_bits(dtype, low, axis, has_zero):
    weights = numpy.arange(15).reshape(3, 5) + low  # an odd number of them
    scales = F(0.5) if axis is None else random(weights.shape[axis])
    constants = {"w": weights.astype(dtype), "s": scales, "z": numpy.full(numpy.shape(scales), low + 3).astype(dtype)}
    made = model(
        [node("DequantizeLinear", "w s z" if has_zero else "w s", "d", axis=axis or 0), node("Mul", "x d")],
        {"x": random(3, 5)},
        ["y"],
        21,
        **(constants if has_zero else {key: constants[key] for key in "ws"}),
    )
    check(made, {"x": random(3, 5)}, ["none"])
    mended = mending.mend("net.onnx", made)
    assert not {onnx.TensorProto.INT4, onnx.TensorProto.UINT4} & {tensor.data_type for tensor in mended.graph.initializer}
