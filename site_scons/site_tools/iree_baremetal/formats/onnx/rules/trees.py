"""Decision trees, random forests, boosted trees: TreeEnsembleClassifier, TreeEnsembleRegressor, TreeEnsemble of ai.onnx.ml.

All trees go down a level at a time, by tables of features, thresholds and children; then what their leaves weigh is
aggregated. Where ONNX-ML's text is silent (classes scored by one number), ONNX Runtime is followed.
"""

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from ..ensembles import MODES, Branch, Ensemble, Leaf
from ..node import Refused
from . import rule
from .scikit import DOMAIN, TRANSFORMS, as_rows, decided, floats, labelled, labels_of, transform_of

_REDUCTIONS = {"SUM": "ReduceSum", "AVERAGE": "ReduceSum", "MIN": "ReduceMin", "MAX": "ReduceMax"}


@rule("TreeEnsembleRegressor", domain=DOMAIN)
def tree_ensemble_regressor(graph, node):
    transform_of(node, "NONE")
    trees = _listed(graph, node, "target", node.get("n_targets", 1))
    return trees.aggregated(node.get("aggregate_function", "SUM"))


@rule("TreeEnsemble", domain=DOMAIN)
def tree_ensemble(graph, node):
    if node.get("post_transform", 0) != 0:
        raise Refused(f"attribute post_transform: {node.get('post_transform')} is not lowered, only 0 (NONE).")
    dtype = numpy_helper.to_array(node.get("nodes_splits")).dtype
    trees = _Trees(graph, node, _rooted(node), dtype, node.get("n_targets", 1), dtype)
    return trees.aggregated(("AVERAGE", "SUM", "MIN", "MAX")[node.get("aggregate_function", 1)])


@rule("TreeEnsembleClassifier", domain=DOMAIN)
def tree_ensemble_classifier(graph, node):
    """The label of the greatest score, and the scores."""
    labels, transform = labels_of(node, "classlabels_int64s"), transform_of(node, *TRANSFORMS)
    classes = set(node.get("class_ids", []))
    if len(labels) == 2 and classes == {0}:
        return _of_two(graph, node, labels, transform)
    if len(labels) < 3:
        raise Refused(f"{len(labels)} labels, scores for {len(classes)}: of two, one number has to score both.")
    trees = _listed(graph, node, "class", len(labels))
    if trees.lowest < 0 and not trees.score_all and not _values(node, "base_values").size:
        raise Refused("weights are negative, and leaves may leave a class without any.")
    return decided(graph, labels, trees.aggregated("SUM"), transform)


def _of_two(graph, node, labels, transform):
    """Of two classes that one number scores: the first if it is not above 1/2, or, where weights are negative, 0."""
    trees = _listed(graph, node, "class", 1)
    score, odds = trees.aggregated("SUM"), trees.lowest < 0
    above = graph.add("Greater", score, graph.constant(0 if odds else 0.5, np.float32))
    best = graph.add("Cast", graph.add("Reshape", above, graph.ints(-1)), to=TensorProto.INT64)
    if odds or transform == "LOGISTIC":
        other = graph.add("Neg", score)
    else:
        other = graph.add("Sub", graph.constant(1, np.float32), score)
    scores = graph.add("Concat", other, score, axis=1)
    return labelled(graph, labels, best), graph.add("Sigmoid", scores) if transform == "LOGISTIC" else scores


class _Trees:
    """The ensemble of a node, whose trees have roots, thresholds of dtype, and weights for so many targets, of type weight."""

    def __init__(self, graph, node, roots, dtype, targets, weight=np.float32):
        self._graph, self._node, self._targets, self._weight = graph, node, targets, weight
        x = node.input(0)
        if graph.dtype(x) == TensorProto.DOUBLE:
            dtype = np.float64
        self._dtype = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._ensemble = Ensemble(roots, dtype)
        x = floats(graph, node) if self._dtype == TensorProto.FLOAT else graph.add("Cast", x, to=self._dtype)
        self._x = as_rows(graph, x)
        self.lowest = min((w for leaf in self._ensemble.leaves for w in leaf.values()), default=0)
        every = [[all(target in leaf for leaf in tree) for target in range(targets)] for tree in self._ensemble.trees]
        self.score_all = all(map(any, zip(*every)))  # whatever the input, each target has weights
        self._is_complete = all(map(all, every))

    def aggregated(self, function):
        """float [rows, targets]: of each target the trees' weights, aggregated, and the base value."""
        graph, node = self._graph, self._node
        if function not in _REDUCTIONS:
            raise Refused(f"attribute aggregate_function: '{function}' is none of {', '.join(_REDUCTIONS)}.")
        if function in ("MIN", "MAX") and not self._is_complete:
            raise Refused(f"attribute aggregate_function: {function} of leaves that have no weight for some target.")
        votes, axis = self._votes()
        axes = {"axes": [axis]} if function in ("MIN", "MAX") and graph.opset < 18 else {}
        total = graph.add(_REDUCTIONS[function], votes, *([] if axes else [graph.ints(axis)]), keepdims=0, **axes)
        if function == "AVERAGE":
            total = graph.add("Div", total, graph.constant(len(self._ensemble.roots), self._weight))
        base = _values(node, "base_values")
        if not base.size or not base.any():
            return total
        if base.size != self._targets:
            raise Refused(f"attribute base_values: {base.size} numbers for {self._targets} targets.")
        return graph.add("Add", total, graph.constant(base, np.float32))

    def _votes(self):
        """(votes, axis of the trees in it): float [rows, targets, trees of each], or [rows, trees, targets]."""
        graph, trees, targets = self._graph, self._ensemble, self._targets
        ones = [next(iter({t for leaf in tree for t in leaf}), 0) for tree in trees.trees]
        if all(leaf.keys() == {one} for one, tree in zip(ones, trees.trees) for leaf in tree) and self._are_even(ones):
            order = sorted(range(len(ones)), key=ones.__getitem__)
            weights = graph.constant([next(iter(leaf.values())) for leaf in trees.leaves], self._weight)
            votes = graph.add("Gather", weights, self._reached(order))
            return graph.add("Reshape", votes, graph.ints(graph.shape(self._x)[0], targets, -1)), 2
        weights = np.zeros((len(trees.leaves), targets), self._weight)
        for number, leaf in enumerate(trees.leaves):
            weights[number, list(leaf)] = list(leaf.values())
        return graph.add("Gather", graph.constant(weights), self._reached(), axis=0), 1

    def _are_even(self, ones):
        return len({ones.count(target) for target in range(self._targets)}) == 1

    def _reached(self, order=slice(None)):
        """int32 [rows, trees]: the leaf of each tree, in order, that x leads to: a Scan over the levels, which one kernel does."""
        graph, trees = self._graph, self._ensemble
        rows, branches = graph.shape(self._x)[0], graph.constant(len(trees.features), np.int32)
        roots = np.tile(trees.roots[order], (rows, 1))
        node = graph.constant(roots, np.int32)
        if trees.depth:
            body = graph.body()
            before, level = body.argument(TensorProto.INT32, roots.shape), body.argument(TensorProto.INT32, [])
            after = body.add("Where", body.add("Less", before, branches), self._below(body, before), before)
            levels = graph.constant(np.arange(trees.depth), np.int32)
            node = graph.add("Scan", node, levels, body=body.proto([before, level], [after]), num_scan_inputs=1)
        return graph.add("Sub", node, branches)

    def _below(self, graph, node):
        """int32 [rows, trees]: where each branch leads; of a leaf something."""
        trees = self._ensemble
        at = graph.add("Min", node, graph.constant(len(trees.features) - 1, np.int32))
        value = graph.add("GatherElements", self._x, _looked_up(graph, trees.features, at), axis=1)
        holds = graph.add("LessOrEqual", value, graph.add("Gather", graph.constant(trees.thresholds), at))
        if trees.missing.any():
            absent = graph.add("And", graph.add("IsNaN", value), graph.add("Gather", graph.constant(trees.missing), at))
            holds = graph.add("Or", holds, absent)
        second = graph.add("Cast", graph.add("Not", holds), to=TensorProto.INT32)
        return _looked_up(graph, trees.children.reshape(-1), graph.add("Add", graph.add("Add", at, at), second))


def _looked_up(graph, numbers, index):
    """int32, of the shape of index: from a table of numbers in the narrowest signed type that holds them."""
    narrow = next(t for t in (np.int8, np.int16, np.int32) if numbers.max(initial=0) <= np.iinfo(t).max)
    return graph.add("Cast", graph.add("Gather", graph.constant(numbers, narrow), index), to=TensorProto.INT32)


def _values(node, name):
    """The array of an attribute that is a list of floats or, as name_as_tensor, a tensor; empty where there is neither."""
    tensor = node.get(f"{name}_as_tensor")
    return np.asarray(node.get(name, []), np.float32) if tensor is None else numpy_helper.to_array(tensor)


def _listed(graph, node, of, targets):
    """The `_Trees` that node lists node by node, with weights of its classes or targets."""
    return _Trees(graph, node, _roots(node, of), _values(node, "nodes_values").dtype, targets)


def _roots(node, of):
    """The roots of the trees that node lists node by node, with weights of its classes or targets."""
    count = len(node.get("nodes_nodeids"))
    missing = node.get("nodes_missing_value_tracks_true") or [0] * count
    keys = list(zip(node.get("nodes_treeids"), node.get("nodes_nodeids")))
    found: dict[tuple, Any] = {}
    for key, mode, feature, value, tracks in zip(
        keys, node.get("nodes_modes"), node.get("nodes_featureids"), _values(node, "nodes_values"), missing
    ):
        found[key] = Leaf({}) if mode == "LEAF" else Branch(feature, mode, value, bool(tracks))
    below = set()
    for key, true, false in zip(keys, node.get("nodes_truenodeids"), node.get("nodes_falsenodeids")):
        if isinstance(found[key], Branch):
            children = [(key[0], true), (key[0], false)]
            found[key].true, found[key].false = (found[child] for child in children)
            below.update(children)
    for tree, leaf, target, weight in zip(
        *(node.get(f"{of}_{n}") for n in ("treeids", "nodeids", "ids")), _values(node, f"{of}_weights")
    ):
        weights = found[tree, leaf].weights
        weights[target] = weights.get(target, 0) + weight
    return [found[key] for key in keys if key not in below]


def _rooted(node):
    """The roots of the trees of a TreeEnsemble, which has its leaves apart."""
    splits = numpy_helper.to_array(node.get("nodes_splits"))
    modes = numpy_helper.to_array(node.get("nodes_modes"))
    leaves = [
        Leaf({target: weight})
        for target, weight in zip(node.get("leaf_targetids"), numpy_helper.to_array(node.get("leaf_weights")))
    ]
    missing = node.get("nodes_missing_value_tracks_true") or [0] * len(splits)
    members = _members(node.get("membership_values"))
    branches = []
    for feature, mode, split, tracks in zip(node.get("nodes_featureids"), modes, splits, missing):
        branches.append(Branch(feature, MODES[mode], next(members) if MODES[mode] == "BRANCH_MEMBER" else split, bool(tracks)))
    for side in ("true", "false"):
        for branch, child, is_leaf in zip(branches, node.get(f"nodes_{side}nodeids"), node.get(f"nodes_{side}leafs")):
            setattr(branch, side, (leaves if is_leaf else branches)[child])
    roots = [branches[root] for root in node.get("tree_roots")]
    return [root.true if root.true is root.false and isinstance(root.true, Leaf) else root for root in roots]


def _members(tensor):
    """The sets of membership_values, which NaN ends."""
    found = []
    for value in numpy_helper.to_array(tensor) if tensor is not None else ():
        if np.isnan(value):
            yield found
            found = []
        else:
            found.append(value)
    if found:
        yield found
