"""Arrays in .npz files."""

import io
import zipfile

import numpy
from hypothesis import strategies as st
from iree_baremetal.codegen import data
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan.model import Function, Tensor
from iree_baremetal.verify import calls

from .mutation import mutated

_FUNCTIONS = [Function("f", [Tensor("x", "f32", (2, 3)), Tensor("n", "i8", ())], [Tensor("y", "f32", (4,))], [], [])]
_DTYPES = ["f4", "f8", "f2", "i1", "u1", "i8", "u8", "?", "c8", "U2", "S3", "M8[s]", "m8[s]", ">f4", "f4,i4", "V3", "O"]


@st.composite
def _arrays(draw):
    made = {}
    for name in draw(
        st.lists(st.sampled_from(["x", "n", "f/x", "f/n", "inputs", "my array", "x.npy", "../x", ""]), max_size=3, unique=True)
    ):
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


READERS = {
    ".npz files": (
        st.one_of(_arrays(), mutated([_npz(x=numpy.zeros((2, 2, 3), "f4"), n=numpy.zeros(2, "i1"))])),
        _read_npz,
        80,
        1500,
    ),
}
