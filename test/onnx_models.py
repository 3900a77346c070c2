"""Small ONNX models, their answers on this machine by our generated C, and those of ONNX Runtime."""

import numpy
import onnx
import onnxruntime
import tools
from iree_baremetal import compiler, formats
from iree_baremetal.plan import described
from iree_baremetal.verify import calls
from onnx import TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def value(name, shape, dtype=FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def model(nodes, inputs, outputs, opset=17, **constants):
    """inputs, outputs: of `value`; constants: arrays by name."""
    initializers = [numpy_helper.from_array(array, name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "net", inputs, outputs, initializers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(made)
    return made


def plan_of(folder, made):
    """The plan of the model compiled for this machine, its tensors named as in the model."""
    file, mlir = folder / "model.onnx", folder / "model.mlir"
    onnx.save(made, file)
    formats.of(file).import_model(file, mlir, compiler.find())
    return described.named(tools.plan_of(folder, mlir), folder / "model.names.json")


def expected(made, fed):
    """ONNX Runtime's answers to fed, a list of arrays for each call."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(made.SerializeToString(), options)
    names = [i.name for i in session.get_inputs()]
    return [session.run(None, dict(zip(names, call.inputs))) for call in fed]


def check(folder, made, relative=1e-4, absolute=1e-5, count=4, defines=()):
    """The plan of made, whose answers must be ONNX Runtime's."""
    plan = plan_of(folder, made)
    fed = calls.random_calls(plan.functions, count)
    for answer, wanted in zip(tools.answers(folder, plan, fed, *defines), expected(made, fed)):
        assert answer.status == 0
        for mine, theirs in zip(answer.outputs, wanted):
            if mine.dtype.kind == "f":
                numpy.testing.assert_allclose(mine, theirs, relative, absolute)
            else:
                numpy.testing.assert_array_equal(mine, theirs)
    return plan
