"""Models that are right, as small as can be, and cases of a model in their place."""

from corpus import Case
from onnx import TensorProto, helper

RUN = "board=mps2-an386 model={} run"


def of_file(name, says, file, content, options="", **others):
    """A case of a model in file; then a good one in its place."""
    mended = {"net.mlir": ADD, "net.onnx": model().SerializeToString()}
    good = RUN.format(file if file in mended else "model.mlir")
    return Case(
        name,
        says,
        RUN.format(file) + options,
        {file: content},
        good=good,
        mended={f: c for f, c in mended.items() if f == file},
        **others,
    )


def value(name, shape, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def model(nodes=None, inputs=None, outputs=None, initializers=(), opset=17, ir_version=8, **others):
    nodes = [helper.make_node("Relu", ["x"], ["y"], name="only")] if nodes is None else nodes
    inputs = [value("x", [1, 4])] if inputs is None else inputs
    graph = helper.make_graph(nodes, "net", inputs, [value("y", [1, 4])] if outputs is None else outputs, list(initializers))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir_version, **others)


def function(body, arguments="%x: tensor<4xf32>", result="tensor<4xf32>", name="f"):
    return f"func.func @{name}({arguments}) -> {result} {{\n{body}\n}}\n"


ADD = function("  %y = arith.addf %x, %x : tensor<4xf32>\n  return %y : tensor<4xf32>")
