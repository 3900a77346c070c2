"""Models that are none, or that no board can run: .onnx, .mlir, .mlirbc."""

import contextlib
import os

import numpy
from corpus import ROOT, Case
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


def mlir(name, says, content, file="net.mlir", **others):
    return of_file(name, says, file, content, **others)


def function(body, arguments="%x: tensor<4xf32>", result="tensor<4xf32>", name="f"):
    return f"func.func @{name}({arguments}) -> {result} {{\n{body}\n}}\n"


ADD = function("  %y = arith.addf %x, %x : tensor<4xf32>\n  return %y : tensor<4xf32>")


def doubled(dtype, operation="arith.addf", shape="4"):
    tensor = f"tensor<{shape}x{dtype}>"
    return function(f"  %y = {operation} %x, %x : {tensor}\n  return %y : {tensor}", f"%x: {tensor}", tensor)


MLIR = [
    mlir("an .mlir that is empty", ["net.mlir: the model exports no function"], ""),
    mlir("an .mlir of blanks", ["exports no function"], "\n \n"),
    mlir("an .mlir that is prose", ["net.mlir:1:1: error:"], "this is no model\n"),
    mlir("an .mlir that ends too soon", ["net.mlir:", "error:"], ADD[:60]),
    mlir("an .mlir of random bytes", ["net.mlir:", "error:"], bytes(range(128, 256)) * 4),
    mlir("an .mlir of zeros", ["net.mlir: the model exports no function"], bytes(64)),
    mlir(
        "an .mlir of a dialect that nobody knows",
        ["net.mlir:2:", "'nobody.add'"],
        function('  %y = "nobody.add"(%x) : (tensor<4xf32>) -> tensor<4xf32>\n  return %y : tensor<4xf32>'),
    ),
    mlir(
        "an .mlir of TensorFlow's dialect",
        ["net.mlir:2:", "tf.Add"],
        function('  %y = "tf.Add"(%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>\n  return %y : tensor<4xf32>'),
    ),
    mlir("an operation that the dialect lacks", ["net.mlir:2:", "arith.addd"], ADD.replace("addf", "addd")),
    mlir("an operation on wrong types", ["net.mlir:2:", "error:"], ADD.replace("addf", "addi")),
    mlir("a value that is nowhere", ["net.mlir:2:", "undeclared SSA value"], ADD.replace("%x, %x", "%x, %z")),
    mlir(
        "a value that is defined twice",
        ["net.mlir:3:", "redefinition"],
        ADD.replace("  return", "  %y = arith.addf %x, %x : tensor<4xf32>\n  return"),
    ),
    mlir("a function that is defined twice", ["net.mlir:5:", "redefinition of symbol"], ADD + ADD),
    mlir("no function", ["exports no function"], "module {}\n"),
    mlir("a private function only", ["exports no function"], ADD.replace("func.func @", "func.func private @")),
    mlir("a function without a body", ["net.mlir"], "func.func @f(tensor<4xf32>) -> tensor<4xf32>\n"),
    mlir("a function without a result", ["net.mlir:", "computes nothing"], "func.func @f(%x: tensor<4xf32>) {\n  return\n}\n"),
    mlir("a dynamic dimension", ["@f", "dimension 0 of input 0 is dynamic", "static shapes"], doubled("f32", shape="?x4")),
    mlir("a rank that is not known", ["net.mlir"], function("  return %x : tensor<*xf32>", "%x: tensor<*xf32>", "tensor<*xf32>")),
    mlir("numbers of 4 bits at the border", ["i4"], doubled("i4", "arith.addi")),
    mlir("numbers of 3 bits at the border", ["i3"], doubled("i3", "arith.addi")),
    mlir("complex numbers at the border", ["complex<f32>"], doubled("complex<f32>", "complex.add")),
    mlir("numbers of 128 bits at the border", ["i128"], doubled("i128", "arith.addi")),
    mlir("a dimension of 0", ["@f", "a dimension of size 0"], doubled("f32", shape="0")),
    mlir("an input that does not fit any board", ["RAM of mps2-an386"], doubled("f32", shape="4194304")),
    mlir("an input that does not fit any memory", ["@f", "4,294,967,296 bytes"], doubled("f32", shape="1073741824")),
    mlir("a strange name of a function", ["kernel 'a b", "a name that C can have"], ADD.replace("@f", '@"a b"')),
    mlir("functions whose names are the same in C", [], ADD.replace("@f", '@"a.b"') + ADD.replace("@f", "@a_b"), works=True),
    mlir("a function with the name main", [], ADD.replace("@f", "@main"), works=True),
    mlir(
        "data that decides what is done",
        ["deploy=direct cannot express", "in @f at net.mlir:", "deploy=static"],
        function(
            "  %c = tensor.extract %b[] : tensor<i1>\n  %r = scf.if %c -> tensor<4xf32> {\n    %y = arith.addf %x, %x : tensor<4xf32>\n"
            "    scf.yield %y : tensor<4xf32>\n  } else {\n    scf.yield %x : tensor<4xf32>\n  }\n  return %r : tensor<4xf32>",
            "%b: tensor<i1>, %x: tensor<4xf32>",
        ),
    ),
    mlir(
        "a call of a function that is elsewhere",
        ["net.mlir: function @elsewhere has no body"],
        "func.func private @elsewhere(tensor<4xf32>) -> tensor<4xf32>\n"
        + function("  %y = call @elsewhere(%x) : (tensor<4xf32>) -> tensor<4xf32>\n  return %y : tensor<4xf32>"),
    ),
    mlir("an .mlirbc that is text", ["net.mlirbc:1:1: error:"], "no bytecode\n", "net.mlirbc"),
    mlir("an .mlirbc that is empty", ["net.mlirbc: the model exports no function"], "", "net.mlirbc"),
    mlir("an .mlirbc that ends after its mark", ["net.mlirbc"], b"ML\xefR", "net.mlirbc"),
    mlir("an .mlirbc of a version to come", ["net.mlirbc"], b"ML\xefR\xff\x01future\0" + bytes(64), "net.mlirbc"),
    mlir("an .onnx named .mlir", ["net.mlir:", "error:"], (ROOT / "samples/digits/digits.onnx").read_bytes()),
    mlir("a file without a suffix", ["net: a model is an .mlir, .mlirbc, .onnx or .tflite file"], ADD, "net"),
    mlir("a file with a suffix in capitals", ["NET.ONNX: a model is an .mlir"], "", "NET.ONNX"),
    mlir("a .pb of TensorFlow", ["net.pb: a model is an .mlir"], "", "net.pb"),
]


def onnx_case(name, says, made, options="", **others):
    content = made if isinstance(made, bytes) else made.SerializeToString()
    return of_file(name, says, "net.onnx", content, options=options, **others)


def node(operator, inputs="x", outputs="y", **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), name="only", **attributes)


def external(location, offset=None, length=None):
    """A model whose weights are in another file."""
    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1, 4], data_location=TensorProto.EXTERNAL)
    for key, given in (("location", location), ("offset", offset), ("length", length)):
        if given is not None:
            weights.external_data.add(key=key, value=str(given))
    return model([node("Add", "x w")], initializers=[weights])


def raw(data, dims=(1, 4), dtype=TensorProto.FLOAT):
    return TensorProto(name="w", data_type=dtype, dims=dims, raw_data=data)


DIGITS = (ROOT / "samples/digits/digits.onnx").read_bytes()
DYNAMIC = model(inputs=[value("x", ["batch", 4])], outputs=[value("y", ["batch", 4])])
UNNAMED = model(inputs=[value("x", [None, 4])], outputs=[value("y", [None, 4])])
NO_MODEL = ["net.onnx is not a valid ONNX model"]


def without(field):
    made = model()
    made.ClearField(field)
    return made


def changed(change):
    made = model()
    change(made)
    return made


ONNX = [
    onnx_case("an .onnx that is empty", ["net.onnx is not a valid ONNX model: it is empty"], b""),
    onnx_case("an .onnx that is text", NO_MODEL, b"this is no model\n"),
    onnx_case("an .onnx of zeros", NO_MODEL, bytes(100)),
    *(onnx_case(f"an .onnx that ends after {part} of 8", NO_MODEL, DIGITS[: len(DIGITS) * part // 8]) for part in range(1, 8)),
    onnx_case("an .onnx with more at its end", NO_MODEL, DIGITS + b"\xff\xff\xff"),
    onnx_case("an .mlir named .onnx", NO_MODEL, ADD.encode()),
    onnx_case("a .zip named .onnx", NO_MODEL, (ROOT / "samples/digits/held_out.npz").read_bytes()),
    onnx_case("no graph", NO_MODEL, without("graph")),
    onnx_case("no opset", NO_MODEL, without("opset_import")),
    onnx_case("no version of the format", NO_MODEL, without("ir_version")),
    onnx_case("a version of the format that is to come", NO_MODEL, model(ir_version=99)),
    onnx_case("an opset that is to come", ["net.onnx", "999"], model(opset=999)),
    onnx_case("an opset below 0", ["net.onnx"], model(opset=-1)),
    onnx_case("an opset in which the operator was not yet", NO_MODEL + ["HardSwish"], model([node("HardSwish")], opset=7)),
    onnx_case("an operator that nobody knows", NO_MODEL + ["NoSuchOperator"], model([node("NoSuchOperator")])),
    onnx_case(
        "an operator of a domain that nobody knows",
        ["NoSuchOperator", "only"],
        changed(
            lambda m: (
                m.graph.node[0].CopyFrom(helper.make_node("NoSuchOperator", ["x"], ["y"], name="only", domain="nowhere")),
                m.opset_import.append(helper.make_opsetid("nowhere", 1)),
            )
        ),
    ),
    onnx_case(
        "an operator that IREE lacks",
        ["IREE has no lowering for the ONNX operator MaxRoiPool, node 'only'"],
        model(
            [node("MaxRoiPool", "x r", pooled_shape=[2, 2])],
            [value("x", [1, 1, 4, 4]), value("r", [1, 5])],
            [value("y", [1, 1, 2, 2])],
        ),
    ),
    onnx_case("an operator without its inputs", NO_MODEL + ["Relu"], model([helper.make_node("Relu", [], ["y"])])),
    onnx_case("an operator with too many inputs", NO_MODEL + ["Relu"], model([node("Relu", "x x x")])),
    onnx_case("an attribute that the operator lacks", NO_MODEL + ["alpha"], model([node("Relu", alpha=1.0)])),
    onnx_case("an attribute of another type", NO_MODEL, model([node("LeakyRelu", alpha="much")])),
    onnx_case("a tensor that nobody computes", NO_MODEL + ["nobody"], model([node("Add", "x nobody")])),
    onnx_case("a tensor that is computed twice", NO_MODEL, model([node("Relu"), node("Neg")])),
    onnx_case("nodes in a circle", NO_MODEL, model([node("Add", "x z", "y"), node("Relu", "y", "z")])),
    onnx_case("an output that nobody computes", ["net.onnx", "z"], model(outputs=[value("z", [1, 4])])),
    onnx_case("no nodes", ["net.onnx"], model([])),
    onnx_case("no outputs", ["net.onnx", "output"], model(outputs=[])),
    onnx_case("no inputs, and nothing known", NO_MODEL, model(inputs=[])),
    onnx_case("an input without a type", NO_MODEL, changed(lambda m: m.graph.input[0].ClearField("type"))),
    onnx_case(
        "an input without a shape",
        NO_MODEL + ["'shape'"],
        changed(lambda m: m.graph.input[0].type.tensor_type.ClearField("shape")),
    ),
    onnx_case(
        "an input of an element type that is none",
        ["net.onnx: input x has elements of type number 77"],
        model(inputs=[value("x", [1, 4], 77)]),
    ),
    onnx_case(
        "an input of strings",
        ["net.onnx: input x has elements of type STRING"],
        model([node("Identity")], [value("x", [4], TensorProto.STRING)], [value("y", [4], TensorProto.STRING)]),
    ),
    onnx_case(
        "an input that is a sequence",
        ["net.onnx: input x is no tensor"],
        model(
            [node("SequenceAt", "x i")],
            [helper.make_tensor_sequence_value_info("x", TensorProto.FLOAT, [1, 4])],
            initializers=[helper.make_tensor("i", TensorProto.INT64, [], [0])],
        ),
    ),
    onnx_case(
        "shapes that cannot be added",
        ["IREE cannot compile the ONNX operator Add, node 'only'"],
        model([node("Add", "x w")], initializers=[raw(bytes(12), [3])]),
    ),
    onnx_case(
        "a dynamic dimension with a name",
        ["net.onnx: input x, dimension 0 ('batch') is dynamic. Fix it: dims=batch=1, or shapes=x=1x"],
        DYNAMIC,
    ),
    onnx_case("a dynamic dimension without a name", ["net.onnx: input x, dimension 0 is dynamic. Fix it: shapes=x=1x"], UNNAMED),
    onnx_case(
        "dims of another name",
        ["dims=length=…: the model has no such dimension. Dynamic dimensions: batch"],
        DYNAMIC,
        " dims=*=1,length=2",
    ),
    onnx_case("dims of more than memory", ["net", "bytes"], DYNAMIC, " dims=batch=2147483647"),
    onnx_case(
        "dims that no sum fits",
        ["dims=batch=9223372036854775808", "from 1 to 2147483647"],
        DYNAMIC,
        " dims=batch=9223372036854775808",
    ),
    onnx_case("a dimension below 0", ["net.onnx: input x, dimension 0"], model(inputs=[value("x", [-2, 4])])),
    onnx_case("a dimension of 0 in an .onnx", ["net.onnx: input x, dimension 0"], model(inputs=[value("x", [0, 4])])),
    onnx_case("weights that are elsewhere, and are not", ["net.onnx", "weights.bin"], external("weights.bin")),
    onnx_case("weights that are above the folder", ["net.onnx", "../weights.bin"], external("../weights.bin")),
    onnx_case("weights at an absolute path", ["net.onnx", "/etc/passwd"], external("/etc/passwd")),
    onnx_case("weights at no path", ["net.onnx"], external("")),
    onnx_case("weights in a folder", ["net.onnx"], external("samples")),
    onnx_case("weights in the model's folder", ["net.onnx"], external(".")),
    onnx_case("weights in what no file can be called", ["net.onnx"], external("a\0b")),
    Case(
        "weights in a file that is too short",
        [*NO_MODEL, "tensor name: w"],
        "board=mps2-an386 model=net.onnx run",
        {"net.onnx": external("weights.bin").SerializeToString(), "weights.bin": bytes(7)},
        good="board=mps2-an386 model=model.mlir run",
    ),
    Case(
        "weights at an offset beyond the file",
        [*NO_MODEL, "tensor 'w'"],
        "board=mps2-an386 model=net.onnx run",
        {"net.onnx": external("weights.bin", 4096, 16).SerializeToString(), "weights.bin": bytes(16)},
        good="board=mps2-an386 model=model.mlir run",
    ),
    Case(
        "weights in a file beside the model",
        [],
        "board=mps2-an386 model=net.onnx run",
        {"net.onnx": external("weights.bin").SerializeToString(), "weights.bin": numpy.ones(4, "f4").tobytes()},
        works=True,
    ),
    onnx_case("weights of fewer bytes than their shape", ["net.onnx"], model([node("Add", "x w")], initializers=[raw(bytes(8))])),
    onnx_case("weights of more bytes than their shape", ["net.onnx"], model([node("Add", "x w")], initializers=[raw(bytes(64))])),
    onnx_case(
        "weights of a type that is none",
        ["net.onnx: tensor w has elements of type number 99"],
        model([node("Add", "x w")], initializers=[raw(bytes(16), dtype=99)]),
    ),
    onnx_case(
        "weights of a dimension below 0", ["net.onnx"], model([node("Add", "x w")], initializers=[raw(bytes(16), [-1, -4])])
    ),
    onnx_case(
        "weights twice under one name", ["net.onnx"], model([node("Add", "x w")], initializers=[raw(bytes(16)), raw(bytes(16))])
    ),
    onnx_case(
        "names with blanks and quotes",
        [],
        changed(lambda m: (m.graph.node[0].input.__setitem__(0, 'a "b" c'), setattr(m.graph.input[0], "name", 'a "b" c'))),
        works=True,
    ),
    onnx_case(
        "names that would end a comment of C",
        [],
        changed(lambda m: (m.graph.node[0].input.__setitem__(0, "*/ #error"), setattr(m.graph.input[0], "name", "*/ #error"))),
        works=True,
    ),
    onnx_case(
        "names with line breaks",
        [],
        changed(
            lambda m: (m.graph.node[0].input.__setitem__(0, "a\n#error b"), setattr(m.graph.input[0], "name", "a\n#error b"))
        ),
        works=True,
    ),
    onnx_case(
        "a scale that is no scale",
        ["net.onnx"],
        model(
            [helper.make_node("DequantizeLinear", ["x", "w"], ["y"])],
            [value("x", [1, 4], TensorProto.INT8)],
            initializers=[raw(b"\0", [], TensorProto.FLOAT)],
        ),
    ),
]


@contextlib.contextmanager
def dangling(project):
    """net.mlir is a link to nothing."""
    (project / "net.mlir").symlink_to("nowhere.mlir")
    yield
    (project / "net.mlir").unlink()


@contextlib.contextmanager
def unreadable(project):
    os.chmod(project / "model.mlir", 0)
    yield
    os.chmod(project / "model.mlir", 0o644)


def sconscript(name, says, text, **files):
    """A case of samples/multiply/SConscript."""
    return Case(name, says, files={"samples/multiply/SConscript": 'Import("env")\n' + text, **files})


OTHERS = [
    Case(
        "a link to no model",
        ["model={folder}/net.mlir: no such file"],
        RUN.format("net.mlir"),
        around=dangling,
        good="board=mps2-an386 model=model.mlir run",
    ),
    Case("a model that must not be read", ["model.mlir", "ermission"], RUN.format("model.mlir"), around=unreadable),
    sconscript(
        "IreeModel of a file that is not there",
        ["IreeModel: no file {folder}/samples/multiply/none.mlir"],
        'env.IreeModel("none.mlir")\n',
    ),
    sconscript("IreeModel of a folder", ["IreeModel('.'): not the name of one file"], 'env.IreeModel(".")\n'),
    sconscript("IreeModel of nothing", ["IreeModel"], "env.IreeModel(None)\n"),
    sconscript("IreeModel of a number", ["IreeModel"], "env.IreeModel(4)\n"),
    sconscript("IreeModel of a list", ["IreeModel"], 'env.IreeModel(["multiply.mlir", "main.c"])\n'),
    sconscript(
        "IreeModel with a name that C cannot have",
        ["'2-nets' is no C identifier"],
        'env.IreeModel("multiply.mlir", name="2-nets")\n',
    ),
    sconscript(
        "IreeModel with a name of letters that C lacks",
        ["'größe' is no C identifier"],
        'env.IreeModel("multiply.mlir", name="größe")\n',
    ),
    sconscript(
        "two models of one name",
        ["a model 'multiply' is built in ", "name='other'"],
        'env.IreeModel("multiply.mlir")\nenv.IreeModel("#model.onnx", name="multiply")\n',
    ),
    sconscript("IreeModel of a source of C", ["main.c: a model is an .mlir"], 'env.IreeModel("main.c")\n'),
]

CASES = [*MLIR, *ONNX, *OTHERS]
