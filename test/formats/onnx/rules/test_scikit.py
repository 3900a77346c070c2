"""Operators of ai.onnx.ml, as skl2onnx writes them, against ONNX Runtime."""

import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending
from mended import differences, model, node, random, value, wanted

X = random(3, 4)
X[1] = 0
LABELS = numpy.array([7, 2, 5])


def made(operator, outputs, x=X, inputs="x", constants=None, **attributes):
    return model(node(operator, inputs, " ".join(o.name for o in outputs), domain="ai.onnx.ml", **attributes), {"x": x}, outputs,
                 opset=17, domains=["ai.onnx.ml"], **(constants or {}))  # fmt: skip


def check(model_, x=X):
    after = mending.mend("net.onnx", model_)
    onnx.checker.check_model(after, full_check=True)
    assert not any(n.domain for n in after.graph.node)
    for mine, theirs in zip(wanted(after, {"x": x}), wanted(model_, {"x": x}), strict=True):
        assert mine.shape == theirs.shape
        numpy.testing.assert_allclose(mine, theirs, 1e-5, 1e-6)


@pytest.mark.parametrize("x", [X, X.astype("float64"), random(3, 4, dtype="int64") % 50, random(4)])
def test_scaler(x):
    for attributes in (
        dict(offset=[1.0, 2, 3, 4], scale=[2.0, 0.5, -1, 3]),
        dict(offset=[1.5], scale=[1.0]),
        dict(offset=[0.0], scale=[1.0]),
    ):
        check(made("Scaler", [value("y", x.shape)], x, **attributes), x)


@pytest.mark.parametrize("norm", ["MAX", "L1", "L2"])
def test_normalizer(norm):
    check(made("Normalizer", [value("y", (3, 4))], norm=norm))
    check(made("Normalizer", [value("y", (3, 4))], -abs(X), norm=norm), -abs(X))


def test_binarizer():
    check(made("Binarizer", [value("y", (3, 4))], threshold=0.3))


@pytest.mark.parametrize("replaced", [0.0, float("nan")])
def test_imputer(replaced):
    x = X.copy()
    x[2, 1] = numpy.nan
    check(made("Imputer", [value("y", (3, 4))], x, replaced_value_float=replaced, imputed_value_floats=[1.0, 2, 3, 4]), x)


@pytest.mark.parametrize("x, shape", [(X, (3, 2)), (random(4), (1, 2))])
def test_array_feature_extractor(x, shape):
    check(made("ArrayFeatureExtractor", [value("y", shape)], x, "x i", {"i": numpy.array([2, 0])}), x)


def test_linear_regressor():
    check(made("LinearRegressor", [value("y", (3, 2))], targets=2, coefficients=random(8).tolist(), intercepts=[0.5, -1.0]))
    check(made("LinearRegressor", [value("y", (3, 1))], coefficients=random(4).tolist()))


_SEVERAL = [(rows, labels, t) for rows, labels in ((3, [7, 2, 5]), (2, [0, 1])) for t in ("NONE", "LOGISTIC", "SOFTMAX")]


@pytest.mark.parametrize("rows, labels, transform", [*_SEVERAL, (1, [3, -3], "LOGISTIC")])
def test_linear_classifier(rows, labels, transform):
    outputs = [value("y", (3,), "int64"), value("z", (3, len(labels)))]
    check(made("LinearClassifier", outputs, post_transform=transform, classlabels_ints=labels,
               coefficients=random(4 * rows).tolist(), intercepts=random(rows, seed=1).tolist()))  # fmt: skip


@pytest.mark.parametrize("attributes, said", [
    (dict(classlabels_strings=["a", "b"]), "labels are strings"),
    (dict(classlabels_ints=[1, 2], post_transform="PROBIT"), "post_transform: PROBIT"),
    (dict(classlabels_ints=[1, 2, 3]), "2 rows of coefficients for 3 labels"),
])  # fmt: skip
def test_what_is_refused(attributes, said):
    outputs = [value("y", (3,), "int64"), value("z", (3, 2))]
    with pytest.raises(
        BaremetalError, match=f"node 'the LinearClassifier', operator LinearClassifier of domain ai.onnx.ml: .*{said}"
    ):
        mending.mend("net.onnx", made("LinearClassifier", outputs, coefficients=random(8).tolist(), **attributes))


def test_a_model_without_operators_of_onnx_itself(tmp_path):
    net = made("Binarizer", [value("y", (3, 4))], threshold=0.3)
    del net.opset_import[0]
    assert [o.domain for o in net.opset_import] == ["ai.onnx.ml"] and not differences(tmp_path, net, {"x": X})


def test_support_vector_machines_are_refused_by_name():
    with pytest.raises(BaremetalError, match="operator SVMClassifier of domain ai.onnx.ml: IREE has no lowering"):
        mending.mend("net.onnx", made("SVMClassifier", [value("y", (3,), "int64"), value("z", (3, 2))]))


def test_iree_answers_a_classifier_rightly(tmp_path):
    nodes = [
        node("Scaler", "x", "s", domain="ai.onnx.ml", offset=[1.0, 2, 3, 4], scale=[2.0, 0.5, -1, 3]),
        node("LinearClassifier", "s", "l p", domain="ai.onnx.ml", classlabels_ints=LABELS, coefficients=random(12).tolist(),
             intercepts=[0.1, 0.2, 0.3], post_transform="SOFTMAX"),
        node("Normalizer", "p", "q", domain="ai.onnx.ml", norm="L1"),
        node("ArgMax", "q", "best", axis=1, keepdims=1),
        node("ArrayFeatureExtractor", "labels best", "label", domain="ai.onnx.ml"),
    ]  # fmt: skip
    x = {"x": X[2:]}
    outputs = [value("label", (1, 1), "int64"), value("q", (1, 3)), value("l", (1,), "int64")]
    net = model(nodes, x, outputs, opset=17, domains=["ai.onnx.ml"], labels=LABELS)
    assert not differences(tmp_path, net, x)
