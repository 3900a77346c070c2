"""Where a model rounds reals to integers: ONNX Runtime's answers from the integers on that IREE took.

ONNX leaves open in which order floats are added, so that a sum in the middle between two steps of its scale
goes to either. What follows may carry such a step on to several steps of an output.
"""

import numpy
import onnx.numpy_helper
from onnx import helper

from ...errors import BaremetalError
from .reading import read
from .reference import declared, run, types_of

# How far from ONNX Runtime's a float may be that is rounded: in steps of its scale, and of its magnitude. A sum of n
# products is off by at most n * 2**-24 of the sum of their magnitudes: 144 products of together 600 steps by 0.005 steps.
OF_A_STEP, RELATIVE = 0.01, 1e-5


def tensors(source, dims="", shapes=""):
    """The names of the tensors of the file source that QuantizeLinear makes, of one constant scale."""
    return [node.output[0] for node, _, _ in _quantizers(read(source, dims, shapes))]


def follow(source, functions, calls, dims, shapes, taken):
    """(outputs, engine, words): as `reference.answers`, where the tensors of taken (name -> array of each call) are those arrays.

    Each element of them must be what QuantizeLinear may make of ONNX Runtime's value; a `BaremetalError` names one
    that is not. words: of how many elements ONNX Runtime takes another integer.
    """
    model = read(source, dims, shapes)
    outputs = [value.name for value in model.graph.output]
    quantizers = [(node, scale, zero) for node, scale, zero in _quantizers(model) if node.output[0] in taken]
    own, reals, types = {}, {}, types_of(model)
    for node, scale, zero in quantizers:
        name = node.output[0]
        node.output[0] = own[name] = f"{name}/own"
        reals[name] = (node.input[0], scale, zero)
        model.graph.input.append(helper.make_tensor_value_info(name, types[name], taken[name][0].shape))
    del model.graph.output[:]
    wanted = list(
        dict.fromkeys([*(own.get(name, name) for name in outputs), *own.values(), *(real for real, *_ in reals.values())])
    )
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in wanted)
    results, odd = [], {}
    found, engine, words = run(source, model, functions[0], calls, wanted, given=taken)
    for number, arrays in enumerate(found):
        values = dict(zip(wanted, arrays))
        for name, (real, scale, zero) in reals.items():
            _check(name, number, taken[name][number], values[real], scale, zero)
            odd[name] = odd.get(name, 0) + int((taken[name][number] != values[own[name]]).sum())
        results.append([declared(source, values[own.get(name, name)], t) for name, t in zip(outputs, functions[0].outputs)])
    return results, engine, [*words, *(f"{count} of {name}" for name, count in odd.items() if count)]


def _quantizers(model):
    """(node, scale, zero point) of each QuantizeLinear of one constant scale; the zero point has the type of its elements."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        known = [constants.get(name) for name in node.input[1:3]] if node.op_type == "QuantizeLinear" else []
        if len(known) == 2 and all(known):
            scale, zero = map(onnx.numpy_helper.to_array, known)
            if scale.size == 1 and zero.dtype.name in ("int8", "uint8", "int16", "uint16"):
                yield node, float(scale.item()), zero.reshape(())


def _check(name, call, taken, reals, scale, zero):
    limits = numpy.iinfo(zero.dtype)
    steps = numpy.asarray(reals, "f8") / scale
    right = numpy.clip(steps + int(zero), limits.min, limits.max)
    off = numpy.abs(taken - right) - 0.5 - OF_A_STEP - RELATIVE * numpy.abs(steps)
    if not off.max(initial=-1) <= 0:
        place = numpy.unravel_index(int(off.argmax()), off.shape)
        raise BaremetalError(
            f"call {call}, {name}[{', '.join(map(str, place))}]: IREE {taken[place]}, ONNX Runtime {right[place]:.3f} before it is rounded: no tie"
        )
