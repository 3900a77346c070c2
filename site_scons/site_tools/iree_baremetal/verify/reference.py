"""The host reference: the same model, run by IREE's own runtime on this machine."""

import numpy

from ..errors import BaremetalError
from . import calls as calls_module


def run(vmfb, functions, calls):
    """The outputs of calls, in order, from the .vmfb compiled for this machine: a list of arrays each."""
    try:
        import iree.runtime
    except ImportError as error:
        raise BaremetalError(f"the host reference needs iree-base-runtime ({error}): pip install iree-base-runtime.") from error
    module = iree.runtime.load_vm_flatbuffer_file(str(vmfb), driver="local-sync")
    results = []
    for call in calls:
        function = functions[call.function]
        arguments = [a.item() if t.is_scalar else _as_signed(a, t) for a, t in zip(call.inputs, function.inputs)]
        found = module[function.name](*arguments)
        found = found if isinstance(found, (tuple, list)) else [found]
        results.append([_as_declared(_own(array), t) for array, t in zip(found, function.outputs)])
    return results


def _own(array):
    # A device array's memory goes with it.
    return numpy.array(array.to_host() if hasattr(array, "to_host") else array)


def _as_signed(array, tensor):
    # IREE's types are signless: unsigned data goes in as its bits.
    if tensor.dtype == "i1":
        return array.astype(bool)
    return array.view(f"<i{array.itemsize}") if tensor.dtype.startswith("ui") else array


def _as_declared(array, tensor):
    dtype = calls_module.numpy_dtype(tensor)
    if array.dtype != dtype:
        array = array.astype(dtype) if array.dtype == bool else array.view(dtype)
    return array.reshape(tensor.shape)


def save(path, results):
    """Writes what `run` gave to an .npz."""
    numpy.savez(path, **{f"call{c}_output{o}": a for c, outputs in enumerate(results) for o, a in enumerate(outputs)})


def load(path, functions, calls):
    """Reads what `save` wrote."""
    arrays = numpy.load(path)
    return [[arrays[f"call{c}_output{o}"] for o in range(len(functions[call.function].outputs))] for c, call in enumerate(calls)]
