"""Classifiers of ai.onnx.ml as a board can answer: class labels that are strings by number, probabilities as a tensor."""

from onnx import TensorProto, helper

# Operators with an attribute classlabels_strings, and that of integers in its place.
_INTEGERS = {
    "TreeEnsembleClassifier": "classlabels_int64s",
    "LinearClassifier": "classlabels_ints",
    "SVMClassifier": "classlabels_ints",
}
_PASSED_ON = ("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Cast", "ArrayFeatureExtractor", "Gather")


def answerable(model):
    """Rewrites model in place: each label that is a string is its number, from 0, and each ZipMap's map the tensor that it reads.

    An output of such numbers says so in its doc_string.
    """
    _unzip(model.graph)
    _number(model.graph)


def said_of(value):
    """What `answerable` had to say of an output; "" for nothing."""
    return value.doc_string if value.doc_string.startswith("classes: ") else ""


def _unzip(graph):
    outputs = {value.name: value for value in graph.output}
    for node in graph.node:
        if node.op_type == "ZipMap" and node.output[0] in outputs:
            value, labels = outputs[node.output[0]], next((list(a.strings or a.ints) for a in node.attribute), [])
            node.CopyFrom(helper.make_node("Identity", list(node.input), list(node.output), name=node.name))
            value.CopyFrom(helper.make_tensor_value_info(value.name, TensorProto.FLOAT, [None, len(labels)]))
            _say(value, labels)


def _number(graph):
    """Labels of strings, and all that hands them on, by number."""
    numbered = {}  # name of a tensor -> labels
    for tensor in graph.initializer:
        if tensor.data_type == TensorProto.STRING and len(tensor.dims) == 1:
            numbered[tensor.name] = list(tensor.string_data)
            tensor.CopyFrom(helper.make_tensor(tensor.name, TensorProto.INT64, tensor.dims, range(tensor.dims[0])))
    for node in graph.node:
        labels = next((a for a in node.attribute if a.name == "classlabels_strings" and a.strings), None)
        if labels is not None and node.op_type in _INTEGERS:
            numbered[node.output[0]] = list(labels.strings)
            integers = helper.make_attribute(_INTEGERS[node.op_type], range(len(labels.strings)))
            kept = [a for a in node.attribute if a.name not in (labels.name, integers.name)]
            del node.attribute[:]
            node.attribute.extend([*kept, integers])
        elif node.op_type in _PASSED_ON and node.input and node.input[0] in numbered:
            numbered[node.output[0]] = numbered[node.input[0]]
            for attribute in node.attribute:
                if attribute.name == "to" and attribute.i == TensorProto.STRING:
                    attribute.i = TensorProto.INT64
    for value in [*graph.output, *graph.value_info]:
        if value.name in numbered and value.type.tensor_type.elem_type == TensorProto.STRING:
            value.type.tensor_type.elem_type = TensorProto.INT64
            _say(value, numbered[value.name])


def _say(value, labels):
    texts = [label.decode(errors="replace") if isinstance(label, bytes) else str(label) for label in labels]
    value.doc_string = "classes: " + ", ".join(f"{number} {text}" for number, text in enumerate(texts))
