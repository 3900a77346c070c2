"""Models of ONNX."""

import numpy
from cases.models.small import ADD, model, of_file, value
from corpus import ROOT, Case
from onnx import TensorProto, helper


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


CASES = [
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
