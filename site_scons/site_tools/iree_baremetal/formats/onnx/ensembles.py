"""A tree ensemble of ai.onnx.ml as arrays: what every node compares, where it leads, what its leaves weigh.

Whatever a node's mode, it becomes comparisons x <= threshold (onnx/docs/Operators-ml.md, TreeEnsembleClassifier,
TreeEnsembleRegressor, TreeEnsemble): x < t is x <= the number before t, >= and > have their children changed,
== and membership are several nodes.
"""

import dataclasses

import numpy as np

from .node import Refused

MODES = (
    "BRANCH_LEQ",
    "BRANCH_LT",
    "BRANCH_GTE",
    "BRANCH_GT",
    "BRANCH_EQ",
    "BRANCH_NEQ",
    "BRANCH_MEMBER",
)  # as TreeEnsemble counts
_DEEPEST = 100  # levels: each is a step of an inference


@dataclasses.dataclass(eq=False)
class Leaf:
    """weights: {target: weight}."""

    weights: dict


@dataclasses.dataclass(eq=False)
class Branch:
    """A node whose children are others or `Leaf`s.

    threshold: a number, of BRANCH_MEMBER several. missing: NaN goes where the comparison holds, else as IEEE 754 compares.
    """

    feature: int
    mode: str
    threshold: object
    missing: bool
    true: object = None
    false: object = None


class Ensemble:
    """Trees, given by their roots, as arrays; thresholds are of a NumPy dtype.

    features, thresholds, missing: of each branch; missing: whether NaN counts as below the threshold. children
    [branches, 2]: where a branch leads if x <= threshold, and if not: the number of a branch, or, from the number of
    branches on, of a leaf. roots: likewise, of each tree. leaves: {target: weight} of each. depth: the most branches
    from a root to a leaf. trees: the leaves of each tree.
    """

    def __init__(self, roots, dtype):
        self._dtype, self._branches, self._leaves, self._known, self.depth = np.dtype(dtype), [], [], {}, 0
        found = [self._number(root, 1) for root in roots]
        self.features = np.array([b.feature for b in self._branches], np.int64)
        self.thresholds = np.array([b.threshold for b in self._branches], self._dtype)
        self.missing = np.array([b.missing for b in self._branches], np.bool_)
        self.children = np.array([[self._index(c) for c in (b.true, b.false)] for b in self._branches], np.int64)
        self.roots = np.array([self._index(root) for root in found], np.int64)
        self.leaves = [leaf.weights for leaf in self._leaves]
        self.trees = [self._below(root) for root in found]

    def _number(self, node, level):
        """What stands for node, numbered, with all below it; level: its own, from 1."""
        if isinstance(node, Leaf):
            if id(node) not in self._known:
                self._known[id(node)] = len(self._leaves)
                self._leaves.append(node)
            return node
        if level > _DEEPEST:
            raise Refused(f"a tree is deeper than {_DEEPEST} levels; train it with a smaller depth (max_depth).")
        self.depth = max(self.depth, level)
        node = self._plain(node)
        if isinstance(node, Leaf):
            return self._number(node, level)
        self._known[id(node)] = len(self._branches)
        self._branches.append(node)
        node.true, node.false = (self._number(child, level + 1) for child in (node.true, node.false))
        return node

    def _plain(self, node):
        """node as a branch x <= threshold; its children may still be others."""
        feature, t, missing, true, false = node.feature, node.threshold, node.missing, node.true, node.false
        if node.mode == "BRANCH_LEQ":
            return dataclasses.replace(node)
        if node.mode == "BRANCH_LT":
            return Branch(feature, "BRANCH_LEQ", self._before(t), missing, true, false)
        if node.mode == "BRANCH_GTE":
            return Branch(feature, "BRANCH_LEQ", self._before(t), not missing, false, true)
        if node.mode == "BRANCH_GT":
            return Branch(feature, "BRANCH_LEQ", t, not missing, false, true)
        if node.mode == "BRANCH_EQ":
            return Branch(feature, "BRANCH_LEQ", t, missing, Branch(feature, "BRANCH_LT", t, False, false, true), false)
        if node.mode == "BRANCH_NEQ":  # which holds for NaN
            return self._plain(Branch(feature, "BRANCH_EQ", t, False, false, true))
        if node.mode == "BRANCH_MEMBER":
            for member in reversed(t):
                false = Branch(feature, "BRANCH_EQ", member, missing, true, false)
            return self._plain(false) if isinstance(false, Branch) else false
        raise Refused(f"mode '{node.mode}' is none of {', '.join(MODES)}.")

    def _before(self, threshold):
        return np.nextafter(self._dtype.type(threshold), self._dtype.type(-np.inf))

    def _index(self, node):
        return self._known[id(node)] + (len(self._branches) if isinstance(node, Leaf) else 0)

    def _below(self, node):
        return [node.weights] if isinstance(node, Leaf) else [*self._below(node.true), *self._below(node.false)]
