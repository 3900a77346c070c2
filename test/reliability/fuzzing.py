"""Bad input at random: what a reader makes of it is a result or a `BaremetalError`, never another exception.

    python test/reliability/fuzzing.py [READER [EXAMPLES]]

Hypothesis mutates good files and makes others of random parts; the same examples each time.
"""

import importlib.util
import io
import signal
import sys
import tempfile
import zipfile
from pathlib import Path

import corpus
import hypothesis
import numpy
import onnx
from hypothesis import strategies as st
from iree_baremetal import board, compiler, toolchain
from iree_baremetal.board import bsp, info, linker_script
from iree_baremetal.codegen import data
from iree_baremetal.errors import BaremetalError
from iree_baremetal.formats import options as import_options
from iree_baremetal.formats.onnx import description, reading
from iree_baremetal.formats.tflite import importer as tflite_importer
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.report import link_map
from iree_baremetal.runtime import cmake, options
from iree_baremetal.verify import calls
from onnx import helper

ROOT = corpus.ROOT
SECONDS = 20  # what takes longer hangs


def mutated(goods):
    """Strategy: one of goods (bytes) with some bytes taken out, doubled, replaced or put in."""

    @st.composite
    def strategy(draw):
        content = bytearray(draw(st.sampled_from(goods)))
        if draw(st.booleans()):  # the lengths within stay right
            for _ in range(draw(st.integers(1, 3))):
                content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
            return bytes(content)
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(content)))
            piece = content[start : start + draw(st.integers(0, 16))]
            new = draw(st.one_of(st.just(b""), st.just(bytes(piece) * 2), st.binary(max_size=8), st.sampled_from(list(goods)).map(lambda g: g[:64])))
            content[start : start + len(piece)] = new
        return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 9)) == 0 else content)

    return strategy()


# Board files: literals only, for they are run.

_NUMBERS = st.one_of(st.integers(-(2**70), 2**70), st.sampled_from([0, 1, 16, 1024, 4096, 2**20, 2**31, 2**32]))
_TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["arm-none-eabi", "cortex-m4", "hard", "rx", "rw", "FLASH", "RAM", "start.c", "-mcpu=cortex-m4", "\ud800"]))
_SIMPLE = st.one_of(
    st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS, st.binary(max_size=4)).map(repr),
    st.sampled_from(["1.5", "float('nan')", "float('inf')", "10 ** 5000", "-10 ** 5000", "object()", "len"]),
)
_REGION = st.tuples(_SIMPLE, _SIMPLE, _SIMPLE).map(lambda v: f"Region({', '.join(v)})")
_QEMU = st.tuples(_SIMPLE, _SIMPLE, _SIMPLE, _SIMPLE).map(lambda v: "Qemu({}, {}, icount_shift={}, options={})".format(*v))
_LITERAL = st.recursive(
    st.one_of(_SIMPLE, _REGION, _QEMU),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda v: f"[{', '.join(v)}]"),
        st.lists(inner, max_size=3).map(lambda v: f"({', '.join(v)},)" if v else "()"),
        st.lists(st.tuples(_SIMPLE, inner), max_size=3).map(lambda v: "{%s}" % ", ".join(f"{k}: {i}" for k, i in v)),
    ),
    max_leaves=6,
)
_WHOLE = corpus.families()["boards"][0].files["boards/mine.py"]
_ASSIGNMENT = st.tuples(st.sampled_from([*board.FIELDS, "base"]), _LITERAL).map(lambda pair: "{} = {}\n".format(*pair))


@st.composite
def _board_files(draw):
    lines = _WHOLE.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 3))):
        where = draw(st.integers(0, len(lines)))
        lines[where : where + draw(st.integers(0, 2))] = [draw(_ASSIGNMENT)] if draw(st.booleans()) else []
    text = "".join(lines) + draw(st.one_of(st.just(""), _ASSIGNMENT))
    if draw(st.integers(0, 4)) == 0:  # no ** by accident: a power takes for ever
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(st.text("=[]{}()\"',#\\\n\0 é", max_size=4)) + text[start + draw(st.integers(0, 4)) :]
    return text.encode(errors="surrogatepass")


def _read_board(folder, content):
    path = folder / "mine.py"
    path.write_bytes(content)
    try:
        found = board.load("mine", [folder])
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise
    compiler.target_flags(found), toolchain.compile_flags(found), toolchain.link_flags(found), info.values(found)
    if found.memory and not found.vmfb_only and not found.is_host:
        linker_script.text(found)


def _read_bsp(folder, content):
    (folder / "bsp.py").write_bytes(content)
    bsp.apply(board.load("stm32f4"), folder / "bsp.py")


_BSP = st.lists(st.tuples(st.sampled_from(["root", "sources", "include", "libraries", "linker_script", "defines", "entry", "link_flags"]), _LITERAL), max_size=3)


# ONNX.

_DIGITS = (ROOT / "samples/digits/digits.onnx").read_bytes()


def _small():
    graph = helper.make_graph(
        [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]), helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"])],
        "net",
        [helper.make_tensor_value_info("x", 1, ["batch", 4])],
        [helper.make_tensor_value_info("y", 1, ["batch", 4])],
        [helper.make_tensor("s", 1, [], [0.5]), helper.make_tensor("z", 2, [], [3])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


@st.composite
def _onnx_models(draw):
    """A small model with random fields."""
    made = onnx.ModelProto.FromString(_small())
    numbers, texts = st.integers(-(2**63), 2**63 - 1), st.text(max_size=6)
    for _ in range(draw(st.integers(1, 4))):
        value = draw(st.sampled_from([*made.graph.input, *made.graph.output]))
        weights = draw(st.sampled_from(list(made.graph.initializer)))
        node = draw(st.sampled_from(list(made.graph.node)))
        extents = value.type.tensor_type.shape.dim
        match draw(st.integers(0, 9)):
            case 0:
                value.type.tensor_type.elem_type = draw(st.integers(-1, 40))
            case 1:
                extents.add().dim_value = draw(numbers)
            case 2:
                extents.add().dim_param = draw(texts)
            case 3:
                value.type.Clear()
            case 4:
                weights.data_type = draw(st.integers(-1, 40))
            case 5:
                weights.raw_data = draw(st.binary(max_size=9))
                weights.dims[:] = draw(st.lists(st.integers(-2, 5), max_size=3))
            case 6:
                del node.input[draw(st.integers(0, 3)) :]
            case 7:
                node.op_type = draw(st.one_of(texts, st.sampled_from(["Constant", "Relu", "If", "QuantizeLinear"])))
            case 8:
                value.name = draw(texts)
            case _:
                made.opset_import[0].version = draw(numbers)
    return made.SerializeToString()


def _read_onnx(folder, content):
    path = folder / "net.onnx"
    path.write_bytes(content)
    try:
        description.describe(path, reading.read(path, "*=2"))
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise


# TensorFlow Lite.


def _tflite_net():
    """An empty net, of the tests of single operators."""
    spec = importlib.util.spec_from_file_location("net", ROOT / "test/formats/tflite/net.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Net()


def _tflite_small():
    """Quantized: a convolution, a pool, a reshape, a vector product, softmax."""
    net = _tflite_net()
    x = net.input("int8", (1, 4, 4, 2), 0.5, 3, name="image")
    weights = net.constant(numpy.ones((2, 3, 3, 2), "i1"), [0.1, 0.2])
    maps = net.tensor("int8", (1, 4, 4, 2), 0.7, -128)
    net.op("CONV_2D", [x, weights, net.constant(numpy.arange(2, dtype="i4"))], [maps], "Conv2DOptions", strideH=1, strideW=1, padding="SAME", fusedActivationFunction="RELU")
    pooled = net.tensor("int8", (1, 1, 1, 2), 0.7, -128)
    net.op("AVERAGE_POOL_2D", [maps], [pooled], "Pool2DOptions", filterHeight=4, filterWidth=4, strideH=1, strideW=1, padding="VALID")
    flat = net.tensor("int8", (1, 2), 0.7, -128)
    net.op("RESHAPE", [pooled, net.constant(numpy.array([1, 2], "i4"))], [flat], "ReshapeOptions", newShape=[1, 2])
    sums = net.tensor("int8", (1, 3), 0.3, 1)
    net.op("FULLY_CONNECTED", [flat, net.constant(numpy.ones((3, 2), "i1"), 0.1), -1], [sums], "FullyConnectedOptions")
    net.op("SOFTMAX", [sums], [net.tensor("int8", (1, 3), 1 / 256, -128)], "SoftmaxOptions", beta=1.0)
    return net.bytes()


def _tflite_sparse():
    """Floats: a sparse product beside float16 weights, and a variable."""
    net = _tflite_net()
    x = net.input("float32", (1, 4), name="x")
    weights = net.tensor("float32", (3, 4))
    net.op("DEQUANTIZE", [net.constant(numpy.ones((3, 4), "f2"))], [weights])
    sums = net.tensor("float32", (1, 3))
    net.op("FULLY_CONNECTED", [x, weights, net.constant(numpy.zeros(3, "f4"))], [sums], "FullyConnectedOptions", fusedActivationFunction="RELU6")
    net.op("CONCATENATION", [sums, sums], [net.tensor("float32", (1, 6))], "ConcatenationOptions", axis=1)
    return net.bytes()


@st.composite
def _tflite_words(draw):
    """Good files with a few of their words, which are offsets, lengths and numbers, replaced."""
    content = bytearray(draw(st.sampled_from([_tflite_small(), _tflite_sparse()])))
    odd = st.sampled_from([0, 1, 2, 4, 8, 255, 0x7FFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFC, len(content), len(content) - 4])
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content) // 4 - 1)) * 4
        content[place : place + 4] = draw(st.one_of(odd, st.integers(0, 2**32 - 1))).to_bytes(4, "little")
    return bytes(content)


def _read_tflite(folder, content):
    path = folder / "net.tflite"
    path.write_bytes(content)
    try:
        tflite_importer.import_model(path, folder / "net.mlirbc", "iree-compile")
    except BaremetalError as error:
        assert str(path) in str(error), f"the message names no file: {error}"
        raise


# Arrays.

_FUNCTIONS = [Function("f", [Tensor("x", "f32", (2, 3)), Tensor("n", "i8", ())], [Tensor("y", "f32", (4,))], [], [])]
_DTYPES = ["f4", "f8", "f2", "i1", "u1", "i8", "u8", "?", "c8", "U2", "S3", "M8[s]", "m8[s]", ">f4", "f4,i4", "V3", "O"]


@st.composite
def _arrays(draw):
    made = {}
    for name in draw(st.lists(st.sampled_from(["x", "n", "f/x", "f/n", "inputs", "my array", "x.npy", "../x", ""]), max_size=3, unique=True)):
        shape = tuple(draw(st.lists(st.integers(0, 3), max_size=4)))
        made[name] = numpy.zeros(shape, draw(st.sampled_from(_DTYPES)))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in made.items():
            inner = io.BytesIO()
            numpy.save(inner, array)
            content = inner.getvalue()
            archive.writestr(f"{name}.npy", draw(mutated([content])) if draw(st.integers(0, 3)) == 0 else content)
    return stream.getvalue()


def _npz(**arrays):
    stream = io.BytesIO()
    numpy.savez(stream, **arrays)
    return stream.getvalue()


def _read_npz(folder, content):
    path = folder / "inputs.npz"
    path.write_bytes(content)
    errors = []
    for read in (lambda: calls.npz_calls(_FUNCTIONS, path), lambda: data.c_arrays(path, "inputs")):
        try:
            read()
        except BaremetalError as error:
            errors.append(error)
            assert str(path) in str(error), f"the message names no file: {error}"
    if errors:
        raise errors[0]


# Text on the command line.

_SIZES = st.one_of(st.text(max_size=12), st.text("a=x,*0123456789²٣ _-+.", max_size=14))


def _read_options(folder, text):
    errors = []
    readers = (import_options.parse_dims, import_options.parse_shapes, import_options.parse_opset, lambda t: options.configure({"IREE_STATUS_MODE": t}))
    for read in readers:
        try:
            read(text)
        except BaremetalError as error:
            errors.append(error)
    if len(errors) == len(readers):
        raise errors[0]


# What other tools write.

_MAP = b"""Linker script and memory map

 .text          0x00000000       0x40 build/main.o
                0x00000000                main
 .data          0x20000000        0x4 build/main.o
 *fill*         0x20000004        0xc
"""
_CMAKE = b"""iree_cc_library(
  NAME
    "base"
  SRCS
    "a.c" "b.c"
)
if(IREE_ENABLE_THREADING AND NOT A STREQUAL "b")
  list(APPEND SRCS "${X}/c.c")
else()
  set(A "x;y")
endif()
"""


def _read_map(folder, content):
    (folder / "a.map").write_bytes(content)
    link_map.read(folder / "a.map")


def _read_cmake(folder, content):
    (folder / "CMakeLists.txt").write_bytes(content)
    cmake.read(folder / "CMakeLists.txt", {"IREE_ENABLE_THREADING": "OFF"}, {"iree_cc_library"}, lambda text: False)


# reader -> strategy, what reads it, examples: for a test, and for the long run.
READERS = {
    "board files": (_board_files(), _read_board, 150, 2000),
    "files of bsp=": (_BSP.map(lambda pairs: "".join(f"{k} = {v}\n" for k, v in pairs).encode(errors="surrogatepass")), _read_bsp, 60, 800),
    "ONNX models, mutated bytes": (mutated([_DIGITS, _small()]), _read_onnx, 60, 1000),
    "ONNX models, random fields": (_onnx_models(), _read_onnx, 60, 1500),
    ".tflite models, mutated bytes": (mutated([_tflite_small(), _tflite_sparse()]), _read_tflite, 60, 1500),
    ".tflite models, random words": (_tflite_words(), _read_tflite, 100, 4000),
    ".npz files": (st.one_of(_arrays(), mutated([_npz(x=numpy.zeros((2, 2, 3), "f4"), n=numpy.zeros(2, "i1"))])), _read_npz, 80, 1500),
    "sizes and options": (_SIZES, _read_options, 150, 3000),
    "map files of the linker": (mutated([_MAP]), _read_map, 60, 800),
    "CMakeLists.txt": (mutated([_CMAKE]), _read_cmake, 80, 1500),
}


def _late(*_):
    raise AssertionError(f"it takes more than {SECONDS} s")


def fuzz(reader, examples):
    """(read, refused): how many random files the reader took, and how many it refused clearly."""
    strategy, read, *_ = READERS[reader]
    counts = {"read": 0, "refused": 0}
    old = signal.signal(signal.SIGALRM, _late)
    with tempfile.TemporaryDirectory() as folder:

        def tried(content):
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                read(Path(folder), content)
                counts["read"] += 1
            except BaremetalError as error:
                counts["refused"] += 1
                str(error).encode()  # it can be printed
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)

        quick = hypothesis.settings(
            max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
        )
        try:
            quick(hypothesis.given(strategy)(tried))()
        finally:
            signal.signal(signal.SIGALRM, old)
    return counts["read"], counts["refused"]


def main(reader="", examples=0):
    for name in [reader] if reader else READERS:
        read, refused = fuzz(name, int(examples) or READERS[name][3])
        print(f"{name}: {read} read, {refused} refused", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
