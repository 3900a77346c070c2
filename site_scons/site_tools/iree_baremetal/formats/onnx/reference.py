"""What the model's own engine answers: ONNX Runtime, or onnx.reference for what that lacks or is too old for.

ONNX Runtime runs without its graph optimizations and in one thread: its fused int8 kernels saturate at 16 bits
on x86 machines without VNNI, and the answers must not depend on the machine.
"""

import numpy
import onnx
import onnx.numpy_helper
import onnx.shape_inference

from ...errors import BaremetalError
from .folding import RANDOM
from .graph import inputs_of
from .reading import first_line, read

# Requantizing by floats, as both sides do, may round an element to either of two neighbours.
STEPS = 1


def answers(source, functions, calls, dims="", shapes=""):
    """(outputs, engine, words): what the model of the file source answers to calls, a list of arrays each, in order.

    functions: as of the plan; dims, shapes: as for the import. In place of a call's outputs, or of one of them, there is
    None where ONNX does not say what they are. engine: its name and version; words: what is to be told of the answers.
    """
    model = read(source, dims, shapes)
    outputs, casts = [value.name for value in model.graph.output], _casts(model)
    wanted = list(dict.fromkeys([*outputs, *casts]))
    _expose(model, [name for name in casts if name not in outputs])
    found, engine, words = run(source, model, functions[0], calls, wanted)
    drawn, results = _drawn(model), []
    words += [f"output {name} is not compared: node '{drawn[name]}' draws random numbers" for name in outputs if name in drawn]
    for number, arrays in enumerate(found):
        values = dict(zip(wanted, arrays))
        undefined = [said for name in casts for said in _beyond(casts[name], values[name])]
        words += [f"call {number} is not compared: {said}" for said in undefined]
        plain = [None if n in drawn else declared(source, values[n], t) for n, t in zip(outputs, functions[0].outputs)]
        results.append(None if undefined or drawn.keys() >= set(outputs) else plain)
    return results, engine, words


def flushed_answers(source, functions, calls, dims="", shapes=""):
    """As `answers`, with denormal numbers taken as zero, as IREE's runtime does; once in a process, and first."""
    model = read(source, dims, shapes)
    wanted = [value.name for value in model.graph.output]
    found, engine, words = run(source, model, functions[0], calls, wanted, {"session.set_denormal_as_zero": "1"})
    return [[declared(source, a, t) for a, t in zip(arrays, functions[0].outputs)] for arrays in found], engine, words


def run(source, model, function, calls, wanted, configuration=None, given=None):
    """(arrays, engine, words): of each call the tensors of model whose names are wanted, as the engine has them.

    given: name -> array of each call, for inputs of model beyond those of function.
    """
    import onnxruntime

    given = given or {}
    inputs = [value for value in inputs_of(model) if value.name not in given]
    if len(inputs) != len(function.inputs):
        raise BaremetalError(f"{source}: the model has {len(inputs)} inputs, what was built of it {len(function.inputs)}.")
    names = [value.name for value in inputs]
    feeds = [dict(zip(names, map(_typed, call.inputs, inputs, function.inputs))) for call in calls]
    for number, feed in enumerate(feeds):
        feed.update((name, arrays[number]) for name, arrays in given.items())
    engine = f"ONNX Runtime {onnxruntime.__version__}"
    try:
        return _by_runtime(model, feeds, wanted, configuration or {}), engine, []
    except Exception as error:  # of ONNX Runtime, whose exceptions have no common class
        word = f"{engine} cannot run it ({first_line(error)}): onnx.reference does"
    return _by_reference(source, model, feeds, wanted), f"onnx.reference {onnx.__version__}", [word]


def _typed(array, value, tensor):
    """An input as the engines take it; the plan has booleans as bytes, and bfloat16 as its bits."""
    dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    shape = array.shape if tensor.is_dynamic else [extent.dim_value for extent in value.type.tensor_type.shape.dim]
    return (array.view(dtype) if tensor.dtype == "bf16" else array.astype(dtype)).reshape(shape)


def declared(source, array, tensor):
    """An output as the plan has it."""
    from ...verify.calls import numpy_dtype

    dtype, array = numpy_dtype(tensor), numpy.asarray(array)
    if tensor.dtype == "bf16":
        array = array.view("<u2")
    if not tensor.is_dynamic and array.size != tensor.elements:
        raise BaremetalError(f"{source}: output {tensor.name} is of shape {array.shape}, what was built gives {tensor.shape}.")
    return array.astype(dtype).reshape(array.shape if tensor.is_dynamic else tensor.shape)


def session_options():
    """Of an ONNX Runtime session that runs the graph as it is, on one thread; what it cannot do is an exception, not a log."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return options


def _by_runtime(model, feeds, wanted, configuration):
    import onnxruntime

    options = session_options()
    for key, value in configuration.items():
        options.add_session_config_entry(key, value)
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [session.run(wanted, feed) for feed in feeds]


def _by_reference(source, model, feeds, wanted):
    from onnx.reference import ReferenceEvaluator

    try:
        evaluator = ReferenceEvaluator(model)
        return [evaluator.run(wanted, feed) for feed in feeds]
    except Exception as error:  # what its operators raise is whatever NumPy raises
        raise BaremetalError(
            f"{source}: neither ONNX Runtime nor onnx.reference can run the model: {type(error).__name__}: {first_line(error)}. "
            "Verify it against IREE alone: reference=iree."
        ) from error


def _casts(model):
    """name of a float tensor -> [(node, integer type that it is cast to)]."""
    types, found = types_of(model), {}
    floats = (onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE, onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16)
    for node in model.graph.node:
        to = next((a.i for a in node.attribute if a.name == "to"), 0) if node.op_type == "Cast" else 0
        if (
            types.get(node.input[0] if node.input else "") in floats
            and to
            and onnx.helper.tensor_dtype_to_np_dtype(to).kind in "iu"
        ):
            found.setdefault(node.input[0], []).append((node, to))
    return found


def types_of(model):
    """name -> element type of each tensor of the graph that is not constant, as far as ONNX's inference goes."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    return {value.name: value.type.tensor_type.elem_type for value in [*graph.input, *graph.value_info, *graph.output]}


def _drawn(model):
    """{name of a tensor that random numbers reach: the node that draws them}."""
    found = {}
    for node in model.graph.node:
        source = next((found[name] for name in node.input if name in found), None)
        if node.op_type in RANDOM:
            source = source or node.name or node.output[0]
        if source and node.op_type not in ("Shape", "Size", "ConstantOfShape"):
            found.update(dict.fromkeys(node.output, source))
    return found


def _expose(model, names):
    """Makes tensors of the graph its outputs, too."""
    types = types_of(model)
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, types[name], None) for name in names)


def _beyond(casts, array):
    """What to say of each cast to an integer type that cannot hold an element of array."""
    for node, to in casts:
        info, values = numpy.iinfo(onnx.helper.tensor_dtype_to_np_dtype(to)), numpy.trunc(array.astype("f8"))
        odd = ~((values >= info.min) & (values <= info.max))
        if odd.any():
            value, name = array[odd].flat[0], onnx.TensorProto.DataType.Name(to)
            yield f"node '{node.name or node.output[0]}' casts {value} to {name}, which cannot hold it; ONNX does not say what comes of it"
