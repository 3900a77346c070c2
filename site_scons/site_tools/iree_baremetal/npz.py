"""Reading .npz files, of which nothing is trusted: they are people's own."""

import numpy

from .errors import BaremetalError


def load(path):
    """name -> array of the file at path; `BaremetalError` where it is no .npz, or an array of it is broken.

    Pickled objects are refused: to read them is to run their code.
    """
    try:
        archive = numpy.load(path, allow_pickle=False)
        names = archive.files
    except FileNotFoundError as error:
        raise BaremetalError(f"{path} is not an .npz of arrays: {error.strerror}.") from error
    except Exception as error:  # of zipfile, zlib and numpy, or a lone .npy, which has no files
        raise BaremetalError(f"{path} is not an .npz of arrays, as numpy.savez writes one.") from error
    arrays = {}
    with archive:
        for name in names:
            try:
                arrays[name] = archive[name]
            except MemoryError as error:  # of a file that says so, not of a model that takes much: processes.ran_out_of_memory
                raise BaremetalError(f"{path}: array {name} cannot be read: {error}") from error
            except Exception as error:
                raise BaremetalError(f"{path}: array {name} cannot be read: {type(error).__name__}: {error}") from error
            if not isinstance(arrays[name], numpy.ndarray):  # a file of another kind
                raise BaremetalError(f"{path}: {name} is no array. Write the file with numpy.savez.")
    return arrays
