"""The host reference: the same model, run by IREE's own runtime on this machine."""

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass, field

import numpy

from .. import packages
from ..errors import BaremetalError
from . import calls as calls_module


@contextlib.contextmanager
def loaded(vmfb):
    """The module of a .vmfb compiled for this machine.

    The runtime leaves a folder in TMPDIR for each library that it loads: they are made in one that goes.
    """
    try:
        import iree.runtime
    except ImportError as error:
        raise BaremetalError(
            f"the host reference needs iree-base-runtime ({error}): {packages.install('iree-base-runtime')}."
        ) from error
    given = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = folder
        try:
            yield iree.runtime.load_vm_flatbuffer_file(str(vmfb), driver="local-sync")
        finally:
            del os.environ["TMPDIR"]
            if given is not None:
                os.environ["TMPDIR"] = given


def run(vmfb, functions, calls):
    """The outputs of calls, in order, from the .vmfb compiled for this machine: a list of arrays each."""
    results = []
    with loaded(vmfb) as module:
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
    if tensor.dtype == "bf16":
        import ml_dtypes  # comes with iree-base-runtime

        return array.view(ml_dtypes.bfloat16)
    return array.view(f"<i{array.itemsize}") if tensor.dtype.startswith("ui") else array


def _as_declared(array, tensor):
    dtype = calls_module.numpy_dtype(tensor)
    if array.dtype != dtype:
        array = array.astype(dtype) if array.dtype == bool else array.view(dtype)
    return array if tensor.is_dynamic else array.reshape(tensor.shape)


@dataclass
class Reference:
    """An engine's answers: outputs, a list of arrays for each call, None for a call or an output that it says nothing of.

    engine: its name and version; words: what is to be told of the answers; steps: how many elements a quantized
    output may be off.
    """

    outputs: list
    engine: str = "host"
    words: list = field(default_factory=list)
    steps: int = 0


def save(path, reference):
    """Writes a `Reference` to an .npz."""
    about = {"engine": reference.engine, "words": reference.words, "steps": reference.steps}
    outputs = enumerate(reference.outputs)
    arrays = {f"call{c}_output{o}": a for c, given in outputs for o, a in enumerate(given or []) if a is not None}
    numpy.savez(path, about=json.dumps({**about, "silent": [c for c, o in enumerate(reference.outputs) if o is None]}), **arrays)


def load(path, functions, calls):
    """Reads what `save` wrote."""
    arrays = numpy.load(path)
    about = json.loads(str(arrays["about"]))
    silent = about.pop("silent")
    counts = [len(functions[call.function].outputs) for call in calls]
    outputs = [None if c in silent else [arrays.get(f"call{c}_output{o}") for o in range(n)] for c, n in enumerate(counts)]
    return Reference(outputs, **about)
