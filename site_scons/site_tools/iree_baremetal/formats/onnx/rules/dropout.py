"""Dropout as inference has it."""

import numpy as np

from ..node import Refused
from . import rule


@rule("Dropout")
def dropout(graph, node):
    """Its input, and a mask of all; in training mode it is random."""
    training = graph.value(node.input(2)) if node.input(2) else np.array(False)
    if training is None or training.any():
        raise Refused("input training_mode is not false; export the model for inference.")
    shape = graph.shape(node.input(0))
    if node.wants(1) and shape is None:
        return None
    return [node.input(0), *([graph.constant(np.ones(shape, bool))] if node.wants(1) else [])]
