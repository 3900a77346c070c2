"""The onnx package's own backend tests, as models a user could have: which of them are for a board, and their data."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy
import onnx
import onnx.numpy_helper
from onnx import TensorProto

KINDS = ("pytorch-converted", "pytorch-operator", "simple")  # of the package's data; the node tests are made by it
_TYPES = re.compile(r"FLOAT8|FLOAT4|INT4|INT2|COMPLEX|STRING")
# What of the list goes by operators.
_OPERATORS = {
    "sequences and optionals": r".*Sequence.*|Optional.*",
    "strings": r"String.*|Regex.*|TfIdfVectorizer|LabelEncoder",
    "images": r"ImageDecoder",
    "shapes that depend on data": r"NonZero|Unique|Compress|NonMaxSuppression",
    "random numbers": r"Bernoulli|Random.*|Multinomial",  # of which no expected output can be right
    "training": r"Gradient|Momentum|Adam|Adagrad",
}


@dataclass
class Case:
    """One test: a model, a set of inputs for one call, and the right outputs."""

    name: str
    operator: str
    model: onnx.ModelProto
    inputs: list
    outputs: list


def variants(case):
    """(label, model, inputs): as given; and with all inputs but the first as constants, as exporters write them."""
    yield "given", case.model, case.inputs
    graph = case.model.graph
    names = [value.name for value in graph.input]
    if len(names) > 1 and len(case.inputs) == len(names):
        other = onnx.ModelProto()
        other.CopyFrom(case.model)
        other.graph.initializer.extend(onnx.numpy_helper.from_array(a, n) for a, n in zip(case.inputs[1:], names[1:]))
        del other.graph.input[1:]
        yield "constants", other, case.inputs[:1]


def collect():
    """([`Case`], {name of a test that is not for a board: why})."""
    cases, left_out = [], {}
    for name, model, data in _tests():
        reason = _reason(name, model)
        if reason:
            left_out[name] = reason
            continue
        inputs, outputs = data() if callable(data) else data
        cases.append(Case(name, "", model, *([_array(a) for a in arrays] for arrays in (inputs, outputs))))
    by_name = {case.name: case for case in cases}
    for case in cases:
        # What an operator stands for, written out by the package, counts for that operator.
        origin = by_name.get(re.sub(r"_expanded.*$", "", case.name), case)
        case.operator = _main_operator(origin)
    return cases, left_out


def _tests():
    """(name, model, (inputs, outputs) or a function that gives them)."""
    from onnx.backend.test.case.node import collect_testcases
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for test in collect_testcases(None):
            yield test.name, test.model, test.data_sets[0]
    for kind in KINDS:
        for test in load_model_tests(kind=kind):
            folder = Path(test.model_dir)
            yield f"{kind}:{test.name}", onnx.load(folder / "model.onnx"), lambda folder=folder: _stored(folder)


def _array(value):
    # Some tests of Cast have protobufs in place of arrays.
    return onnx.numpy_helper.to_array(value) if isinstance(value, TensorProto) else numpy.asarray(value)


def _stored(folder):
    """The first set of inputs and outputs that the package has in folder."""
    return [
        [
            onnx.numpy_helper.to_array(onnx.load_tensor(path))
            for path in sorted(folder.glob(f"test_data_set_0/{kind}_*.pb"), key=_number)
        ]
        for kind in ("input", "output")
    ]


def _number(path):
    return int(re.search(r"_(\d+)\.pb", path.name)[1])


def _reason(name, model):
    """Why a test is not for a board, or ""."""
    for value in [*model.graph.input, *model.graph.output]:
        if value.type.WhichOneof("value") != "tensor_type":
            return "sequences and optionals"
    graphs = [model.graph, *(f for f in model.functions)]
    for graph in graphs:
        for node in _nodes(graph):
            for reason, pattern in _OPERATORS.items():
                if re.fullmatch(pattern, node.op_type):
                    return reason
            if node.domain.endswith("training"):
                return "training"
    for number in _types(model):
        found = _TYPES.search(TensorProto.DataType.Name(number))
        if found:
            return {"STRING": "strings"}.get(found[0], found[0].lower())
    return "training" if "training" in name and "dropout" in name else ""


def _nodes(graph):
    """All nodes of a graph or function, those of inner graphs, too."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from _nodes(inner)


def _types(model):
    """The numbers of all types of elements that the model names."""
    for value in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
        yield value.type.tensor_type.elem_type
    for tensor in model.graph.initializer:
        yield tensor.data_type
    for graph in [model.graph, *model.functions]:
        for node in _nodes(graph):
            for attribute in node.attribute:
                if node.op_type in ("Cast", "CastLike") and attribute.name == "to":
                    yield attribute.i
                if attribute.type == onnx.AttributeProto.TENSOR:
                    yield attribute.t.data_type


def _main_operator(case):
    """The operator that a test is of: the first by which it is named, else that of its only or first node."""
    operators = [node.op_type for node in case.model.graph.node if node.op_type != "Constant"]
    words = re.sub(r"\W|_", "", case.name).lower()
    named = [operator for operator in operators if operator.lower() in words]
    return max(named, key=len) if named else (operators or ["Constant"])[0]


def plain(array):
    """An array of the package's data as the harness has it: booleans as bytes, bfloat16 as its bits."""
    if array.dtype.name == "bfloat16":
        return array.view("<u2")
    return array.astype("u1") if array.dtype == bool else array
