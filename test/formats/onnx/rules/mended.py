"""What IREE computes of a small ONNX model after our rules, and what ONNX Runtime computes of it before them."""

import numpy
import onnx
import onnxruntime
from iree.compiler import tools as iree_tools
from iree_baremetal import compiler
from iree_baremetal.formats.onnx import importer
from onnx import TensorProto, helper, numpy_helper

FLAGS = [*compiler.GUIDE_FLAGS, "--iree-llvmcpu-target-cpu=generic"]
TYPES = {"bool": "BOOL", "float32": "FLOAT", "float64": "DOUBLE", "float16": "FLOAT16"}


def value(name, array_or_shape, dtype="float32"):
    """The declaration of a tensor: as an array is, or of a shape and a NumPy dtype."""
    if isinstance(array_or_shape, numpy.ndarray):
        dtype, array_or_shape = str(array_or_shape.dtype), array_or_shape.shape
    return helper.make_tensor_value_info(name, getattr(TensorProto, TYPES.get(dtype, dtype.upper())), array_or_shape)


def model(nodes, inputs, outputs, opset=19, domains=(), functions=(), **constants):
    """inputs: {name: array}; outputs: names, whose types onnx infers, or declarations."""
    nodes = nodes if isinstance(nodes, list) else [nodes]
    initializers = [numpy_helper.from_array(numpy.asarray(array), name) for name, array in constants.items()]
    outputs = [onnx.ValueInfoProto(name=o) if isinstance(o, str) else o for o in outputs]
    graph = helper.make_graph(nodes, "net", [value(name, array) for name, array in inputs.items()], outputs, initializers)
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in domains)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10, functions=list(functions))
    inferred = onnx.shape_inference.infer_shapes(made)
    for mine, theirs in zip(made.graph.output, inferred.graph.output):
        mine.CopyFrom(theirs)
    return made


def wanted(made, inputs):
    """ONNX Runtime's answers."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(made.SerializeToString(), options).run(None, dict(inputs))


def compiled(folder, made, inputs, without=()):
    """IREE's answers to the model that our rules make of it."""
    import iree.runtime

    onnx.save(made, folder / "net.onnx")
    importer.import_model(folder / "net.onnx", folder / "net.mlir", compiler.find(), without=without)
    binary = iree_tools.compile_str((folder / "net.mlir").read_text(), extra_args=FLAGS)
    module = iree.runtime.load_vm_flatbuffer(binary, driver="local-sync")
    found = module.net(*inputs.values())
    return [numpy.array(a.to_host()) for a in (found if isinstance(found, (tuple, list)) else [found])]


def differences(folder, made, inputs, without=(), relative=1e-4, absolute=1e-5):
    """What is wrong with IREE's answers, as text: "" where they are ONNX Runtime's."""
    for mine, theirs in zip(compiled(folder, made, inputs, without), wanted(made, inputs), strict=True):
        if mine.dtype != theirs.dtype:
            mine = mine.astype(bool) if theirs.dtype == bool else mine.view(theirs.dtype)
        try:
            numpy.testing.assert_allclose(
                mine, theirs, relative if theirs.dtype.kind == "f" else 0, absolute if theirs.dtype.kind == "f" else 0
            )
        except AssertionError as error:
            return str(error)
    return ""


def node(operator, inputs, outputs="y", **attributes):
    """A node of inputs and outputs separated by blanks; "_" is an absent one."""
    names = [[name if name != "_" else "" for name in text.split()] for text in (inputs, outputs)]
    return helper.make_node(operator, *names, name=f"the {operator}", **attributes)


def random(*shape, seed=0, dtype="float32"):
    """Normal numbers; of an integer type all that it holds."""
    generator = numpy.random.default_rng(seed)
    if numpy.dtype(dtype).kind == "f":
        return generator.standard_normal(shape).astype(dtype)
    limits = numpy.iinfo(dtype)
    return generator.integers(limits.min, limits.max, shape, dtype, endpoint=True)
