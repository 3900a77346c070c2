"""Models of MLIR, as text and bytecode."""

from cases.models.small import ADD, function, of_file
from corpus import ROOT


def mlir(name, says, content, file="net.mlir", **others):
    return of_file(name, says, file, content, **others)


def doubled(dtype, operation="arith.addf", shape="4"):
    tensor = f"tensor<{shape}x{dtype}>"
    return function(f"  %y = {operation} %x, %x : {tensor}\n  return %y : {tensor}", f"%x: {tensor}", tensor)


CASES = [
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
