"""Tree ensembles of ai.onnx.ml, as skl2onnx, XGBoost's and LightGBM's converters write them, against ONNX Runtime."""

import numpy
import onnx
import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats.onnx import mending
from mended import differences, model, node, random, value, wanted

FEATURES, ROWS = 5, 40
X = random(ROWS, FEATURES).round(1)  # rounded, so that some equal a threshold
X[3, 2] = X[7, 0] = numpy.nan
MODES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ")


def forest(of, targets, trees=7, modes=("BRANCH_LEQ",), depth=4, lowest=0.0, missing=False, each=False):
    """Attributes of random trees; their leaves weigh every target, or, of each, one."""
    nodes = ("treeids", "nodeids", "modes", "featureids", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")
    made = {f"nodes_{name}": [] for name in nodes} | {f"{of}_{name}": [] for name in ("treeids", "nodeids", "ids", "weights")}
    generator = numpy.random.default_rng(0)

    def row(prefix, **items):
        for name, item in items.items():
            made[f"{prefix}_{name}"].append(item)

    def grow(tree, number, level):
        """Appends the node number and all below it; the number after the last."""
        at, is_leaf = len(made["nodes_modes"]), level == depth or (level > 0 and generator.random() < 0.3)
        row("nodes", treeids=tree, nodeids=number, modes="LEAF" if is_leaf else str(generator.choice(modes)),
            featureids=int(generator.integers(FEATURES)), values=round(generator.normal(), 1), truenodeids=0, falsenodeids=0,
            missing_value_tracks_true=int(missing and generator.integers(2)))  # fmt: skip
        if is_leaf:
            for target in [tree % targets] if each else range(targets):
                row(of, treeids=tree, nodeids=number, ids=target, weights=generator.uniform(lowest, 1))
            return number + 1
        made["nodes_truenodeids"][at] = number + 1
        made["nodes_falsenodeids"][at] = following = grow(tree, number + 1, level + 1)
        return grow(tree, following, level + 1)

    for tree in range(trees):
        grow(tree, 0, 0)
    return made


def classifier(labels, trees, x=X, **attributes):
    outputs = [value("y", (ROWS,), "int64"), value("z", (ROWS, len(labels)))]
    made = node("TreeEnsembleClassifier", "x", "y z", domain="ai.onnx.ml", classlabels_int64s=labels, **trees, **attributes)
    return model(made, {"x": x}, outputs, opset=17, domains=["ai.onnx.ml"])


def regressor(trees, targets=1, **attributes):
    made = node("TreeEnsembleRegressor", "x", domain="ai.onnx.ml", n_targets=targets, **trees, **attributes)
    return model(made, {"x": X}, [value("y", (ROWS, targets))], opset=17, domains=["ai.onnx.ml"])


def check(net, x=X):
    after = mending.mend("net.onnx", net)
    onnx.checker.check_model(after, full_check=True)
    assert not any(n.domain for n in after.graph.node)
    for mine, theirs in zip(wanted(after, {"x": x}), wanted(net, {"x": x}), strict=True):
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
        numpy.testing.assert_allclose(mine, theirs, 1e-5, 1e-6)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("missing", [False, True])
def test_every_mode_and_where_nan_goes(mode, missing):
    check(regressor(forest("target", 1, modes=[mode], missing=missing)))


def test_modes_may_differ_within_a_tree():
    check(regressor(forest("target", 1, modes=MODES, missing=True)))


@pytest.mark.parametrize("function", ["SUM", "AVERAGE", "MIN", "MAX"])
@pytest.mark.parametrize("targets", [1, 3])
def test_what_a_regressor_aggregates(function, targets):
    trees = forest("target", targets, lowest=-1)
    check(regressor(trees, targets, aggregate_function=function, base_values=[0.5, -1.0, 2.0][:targets]))


@pytest.mark.parametrize("transform", ["NONE", "LOGISTIC", "SOFTMAX"])
@pytest.mark.parametrize("each, trees", [(False, 7), (True, 7), (True, 9)])
def test_several_classes(transform, each, trees):
    check(classifier([7, 2, 5], forest("class", 3, trees, each=each, lowest=-1), post_transform=transform))


@pytest.mark.parametrize("transform", ["NONE", "LOGISTIC"])
@pytest.mark.parametrize("lowest, trees", [(0, 1), (-1, 5)])
@pytest.mark.parametrize("base", [[], [0.25]])
def test_two_classes_scored_by_one_number(transform, lowest, trees, base):
    made = forest("class", 1, trees, lowest=lowest)
    check(classifier([7, 5], made, post_transform=transform, **({"base_values": base} if base else {})))


@pytest.mark.parametrize("dtype", ["float64", "int64", "int32"])
def test_inputs_of_other_types(dtype):
    x = (numpy.nan_to_num(X) * 3).astype(dtype)
    check(classifier([7, 2, 5], forest("class", 3), x), x)


def test_trees_that_are_leaves():
    check(regressor(forest("target", 1, depth=0)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_trees_with_leaves_of_their_own_and_sets(dtype):
    """Operator TreeEnsemble: feature 0 in {1, 2}, else feature 1 below 0.5."""
    x = numpy.array([[1, 0], [2, 9], [3, 0.25], [3, 0.5], [numpy.nan, 1]], dtype)
    made = node(
        "TreeEnsemble", "x", domain="ai.onnx.ml", n_targets=2, aggregate_function=1, post_transform=0, tree_roots=[0],
        nodes_featureids=[0, 1], nodes_modes=onnx.helper.make_tensor("m", onnx.TensorProto.UINT8, [2], [6, 1]),
        nodes_splits=onnx.numpy_helper.from_array(numpy.array([0, 0.5], dtype)), nodes_truenodeids=[0, 1], nodes_trueleafs=[1, 1],
        nodes_falsenodeids=[1, 2], nodes_falseleafs=[0, 1], leaf_targetids=[0, 1, 0],
        leaf_weights=onnx.numpy_helper.from_array(numpy.array([1.5, -2, 3], dtype)),
        membership_values=onnx.numpy_helper.from_array(numpy.array([1, 2, numpy.nan], dtype)),
    )  # fmt: skip
    net = model(made, {"x": x}, [value("y", (5, 2), dtype)], opset=17, domains=["ai.onnx.ml"])
    net.opset_import[1].version = 5
    check(net, x)
    right = [[1.5, 0], [1.5, 0], [0, -2], [3, 0], [3, 0]]
    assert wanted(mending.mend("net.onnx", net), {"x": x})[0].tolist() == right


@pytest.mark.parametrize("trees, attributes, said", [
    (forest("class", 2), dict(classlabels_int64s=[1, 2]), "one number has to score both"),
    (forest("class", 1), dict(classlabels_strings=["a", "b"]), "labels are strings"),
    (forest("class", 3), dict(classlabels_int64s=[1, 2, 3], post_transform="PROBIT"), "post_transform: PROBIT"),
    (forest("class", 3, trees=1, each=True, lowest=-1), dict(classlabels_int64s=[1, 2, 3]), "weights are negative"),
])  # fmt: skip
def test_what_is_refused(trees, attributes, said):
    made = node("TreeEnsembleClassifier", "x", "y z", domain="ai.onnx.ml", **trees, **attributes)
    net = model(made, {"x": X}, [value("y", (ROWS,), "int64"), value("z", (ROWS, 3))], opset=17, domains=["ai.onnx.ml"])
    with pytest.raises(BaremetalError, match=f"node 'the TreeEnsembleClassifier', operator TreeEnsembleClassifier .*{said}"):
        mending.mend("net.onnx", net)


def test_iree_answers_a_forest_rightly(tmp_path):
    net = classifier([7, 2, 5], forest("class", 3, trees=20, modes=MODES, missing=True))
    assert not differences(tmp_path, net, {"x": X})
