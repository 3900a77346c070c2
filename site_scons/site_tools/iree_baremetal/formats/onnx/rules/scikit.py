"""Operators of ai.onnx.ml that skl2onnx writes for scalers, linear models and multilayer perceptrons, as those of ONNX.

ONNX-ML's text: onnx/docs/Operators-ml.md. Where it is silent (a norm of zero), ONNX Runtime is followed.
"""

import numpy as np
from onnx import TensorProto

from ..node import Refused
from . import rule

DOMAIN = "ai.onnx.ml"
TRANSFORMS = ("NONE", "LOGISTIC", "SOFTMAX")  # of scores, that are lowered


@rule("ArrayFeatureExtractor", domain=DOMAIN)
def array_feature_extractor(graph, node):
    """The elements of the last axis that an index names; of a vector, as a row."""
    x, index = node.inputs
    if graph.shape(x) is None:
        raise Refused("its shapes are not known; export the model with static shapes.")
    return graph.add("Gather", as_rows(graph, x), graph.add("Reshape", index, graph.ints(-1)), axis=-1)


@rule("Scaler", domain=DOMAIN)
def scaler(graph, node):
    """(x - offset) * scale."""
    x, offset, scale = floats(graph, node), node.get("offset"), node.get("scale")
    if offset and any(offset):
        x = graph.add("Sub", x, _row(graph, offset))
    return graph.add("Mul", x, _row(graph, scale)) if scale and set(scale) != {1.0} else graph.add("Identity", x)


@rule("Normalizer", domain=DOMAIN)
def normalizer(graph, node):
    """Each row by its greatest element, or by its L1 or L2 norm; a row whose norm is zero stays."""
    x, norm = floats(graph, node), node.get("norm", "MAX")
    operator = {"MAX": "ReduceMax", "L1": "ReduceL1", "L2": "ReduceL2"}.get(norm)
    if not operator:
        raise Refused(f"attribute norm: '{norm}' is none of MAX, L1 and L2.")
    axes = graph.ints(-1) if graph.opset >= 18 else None
    size = graph.add(operator, x, *([axes] if axes else []), axes=None if axes else [-1], keepdims=1)
    nothing = graph.add("Equal", size, graph.constant(0, np.float32))
    return graph.add("Div", x, graph.add("Where", nothing, graph.constant(1, np.float32), size))


@rule("Binarizer", domain=DOMAIN)
def binarizer(graph, node):
    """1 where x is above threshold, 0 elsewhere."""
    above = graph.add("Greater", floats(graph, node), graph.constant(node.get("threshold", 0.0), np.float32))
    return graph.add("Cast", above, to=TensorProto.FLOAT)


@rule("Imputer", domain=DOMAIN)
def imputer(graph, node):
    """Other numbers in place of replaced_value_float, or of NaN."""
    values, replaced = node.get("imputed_value_floats"), node.get("replaced_value_float", 0.0)
    if not values:
        raise Refused("of integers; export the model with float inputs.")
    x = floats(graph, node)
    odd = graph.add("IsNaN", x) if np.isnan(replaced) else graph.add("Equal", x, graph.constant(replaced, np.float32))
    return graph.add("Where", odd, _row(graph, values), x)


@rule("LinearRegressor", domain=DOMAIN)
def linear_regressor(graph, node):
    transform_of(node, "NONE")
    return _linear(graph, node)


@rule("LinearClassifier", domain=DOMAIN)
def linear_classifier(graph, node):
    """The label of the greatest score, and the scores."""
    labels = labels_of(node, "classlabels_ints")
    transform, scores = transform_of(node, *TRANSFORMS), _linear(graph, node)
    if (
        graph.shape(scores)[1] == 1 and len(labels) == 2 and transform == "LOGISTIC"
    ):  # of others ONNX Runtime and onnx's text differ
        scores = graph.add("Concat", graph.add("Neg", scores), scores, axis=1)
    if graph.shape(scores)[1] != len(labels):
        raise Refused(f"{graph.shape(scores)[1]} rows of coefficients for {len(labels)} labels; export it with a row for each.")
    return decided(graph, labels, scores, transform)


def transform_of(node, *known):
    """Its post_transform, which has to be one of known."""
    transform, (*others, last) = node.get("post_transform", "NONE"), known
    if transform not in known:
        text = f"{', '.join(others)} and {last}" if others else last
        raise Refused(f"attribute post_transform: {transform} is not lowered, only {text}.")
    return transform


def decided(graph, labels, scores, transform):
    """The label of the greatest score, int64 [rows], and the scores [rows, labels], transformed."""
    best = graph.add("ArgMax", scores, axis=1, keepdims=0)
    if transform != "NONE":
        scores = graph.add("Sigmoid", scores) if transform == "LOGISTIC" else graph.add("Softmax", scores, axis=1)
    return labelled(graph, labels, best), scores


def labels_of(node, name):
    """The labels of a classifier, integers of the attribute name."""
    labels = node.get(name)
    if not labels:
        raise Refused("its labels are strings; train the model on numbers as labels.")
    return labels


def labelled(graph, labels, best):
    """int64 [rows]: the labels whose positions best has."""
    return graph.add("Gather", graph.constant(labels, np.int64), best)


def _linear(graph, node):
    """x times the transposed coefficients, and the intercepts: [rows, targets]."""
    x, intercepts = as_rows(graph, floats(graph, node)), node.get("intercepts")
    weights = np.reshape(node.get("coefficients"), (-1, graph.shape(x)[1])).T
    product = graph.add("MatMul", x, graph.constant(weights, np.float32))
    return graph.add("Add", product, _row(graph, intercepts)) if intercepts and any(intercepts) else product


def as_rows(graph, x):
    """x, of which a vector is one row."""
    return graph.add("Unsqueeze", x, graph.ints(0)) if len(graph.shape(x)) == 1 else x


def floats(graph, node):
    """The node's input as floats."""
    x = node.input(0)
    if graph.shape(x) is None:
        raise Refused("its shapes are not known; export the model with static shapes (initial_types, or dims=).")
    return x if graph.dtype(x) == TensorProto.FLOAT else graph.add("Cast", x, to=TensorProto.FLOAT)


def _row(graph, numbers):
    return graph.constant(numbers, np.float32)
