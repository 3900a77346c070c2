"""Files of arrays that cannot be read: what the message has to say, and what is to be made of it."""

import io
import zipfile

import numpy
import pytest
from iree_baremetal import npz, processes
from iree_baremetal.errors import BaremetalError


def test_an_array_of_absurd_size_is_the_files_fault(tmp_path):
    """Not the model's, which would be told to take more memory."""
    header = io.BytesIO()
    numpy.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**15, 8)})
    with zipfile.ZipFile(tmp_path / "inputs.npz", "w") as archive:
        archive.writestr("image.npy", header.getvalue())
    with pytest.raises(BaremetalError, match="inputs.npz: array image cannot be read: Unable to allocate .* PiB") as error:
        npz.load(tmp_path / "inputs.npz")
    assert not processes.ran_out_of_memory(str(error.value))
