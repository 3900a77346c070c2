"""Arrays for flash: what the real compiler makes of them is what the .npz holds."""

import subprocess

import numpy as np
import pytest
from iree_baremetal.codegen import data
from iree_baremetal.errors import BaremetalError


def saved(folder, **arrays):
    np.savez(folder / "held.npz", **arrays)
    return folder / "held.npz"


def test_header(tmp_path):
    npz = saved(tmp_path, image=np.zeros((3, 1, 2, 2), np.uint8), label=np.zeros(3, np.int8))
    header, source = data.c_arrays(npz, "held")
    assert "#define HELD_IMAGE_COUNT 3\n#define HELD_IMAGE_SIZE 4\n" in header
    assert "extern const uint8_t held_image[HELD_IMAGE_COUNT][HELD_IMAGE_SIZE];" in header
    assert "#define HELD_LABEL_COUNT 3\n" in header and "HELD_LABEL_SIZE" not in header
    assert "extern const int8_t held_label[HELD_LABEL_COUNT];" in header
    assert '#include "held.h"' in source
    assert str(tmp_path) not in header + source


def extremes(dtype):
    if dtype == "bool":
        return [False, True]
    info = np.finfo(dtype) if np.dtype(dtype).kind == "f" else np.iinfo(dtype)
    values = [info.min, info.max, 0, 1]
    return values + ([-0.0, info.tiny, info.smallest_subnormal, 1 / 3, 16777217] if hasattr(info, "tiny") else [])


def test_every_type_keeps_its_values(tmp_path):
    names = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
    arrays = {f"a_{name}": np.array([extremes(name), extremes(name)[::-1]], name) for name in names}
    npz = saved(tmp_path, scalar=np.float32(2.5), **arrays)
    assert data.main([str(npz), str(tmp_path / "held.c")]) == 0
    writes = "".join(f"fwrite(held_{name}, 1, sizeof held_{name}, stdout);" for name in ["scalar", *arrays])
    main = f'#include <stdio.h>\n#include "held.h"\nint main(void) {{ {writes} return 0; }}\n'
    (tmp_path / "main.c").write_text(main)
    gcc = ["gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "main.c", "held.c", "-o", "held"]
    subprocess.run(gcc, cwd=tmp_path, check=True)
    written = subprocess.run([tmp_path / "held"], capture_output=True, check=True).stdout
    assert written == b"".join(a.tobytes() for a in [np.float32(2.5), *arrays.values()])


def test_same_text_every_time(tmp_path):
    npz = saved(tmp_path, b=np.arange(40.0), a=np.arange(3))
    assert data.c_arrays(npz, "held") == data.c_arrays(npz, "held")


@pytest.mark.parametrize("array, reason", [
    (np.zeros(2, np.complex64), "is of type complex64"),
    (np.array(["a"]), "is of type <U1"),
    (np.zeros((0, 3), np.int8), "is empty"),
    (np.array([1, np.nan], np.float32), "NaN or infinite"),
])  # fmt: skip
def test_what_c_cannot_hold(tmp_path, array, reason):
    with pytest.raises(BaremetalError, match=f"held.npz: array 'x'.*{reason}"):
        data.c_arrays(saved(tmp_path, x=array), "held")


def test_names(tmp_path):
    with pytest.raises(BaremetalError, match="array 'a-b': its name"):
        data.c_arrays(saved(tmp_path, **{"a-b": np.zeros(1)}), "held")
    with pytest.raises(BaremetalError, match="'3d' is no C identifier"):
        data.c_arrays(saved(tmp_path, a=np.zeros(1)), "3d")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"text"])
def test_not_an_npz(tmp_path, content):
    (tmp_path / "held.npz").write_bytes(content)
    with pytest.raises(BaremetalError, match="held.npz is not an .npz of arrays"):
        data.c_arrays(tmp_path / "held.npz", "held")


def test_a_lone_npy(tmp_path):
    np.save(tmp_path / "held.npy", np.zeros(3))
    with pytest.raises(BaremetalError, match="held.npy is not an .npz of arrays"):
        data.c_arrays(tmp_path / "held.npy", "held")


def test_objects_are_not_unpickled(tmp_path):
    npz = saved(tmp_path, x=np.array([{}], object))
    with pytest.raises(BaremetalError, match="cannot be read"):
        data.c_arrays(npz, "held")


def test_command_line_errors(tmp_path, capsys):
    assert data.main([str(tmp_path / "none.npz"), str(tmp_path / "held.c")]) == 2
    assert "none.npz is not an .npz of arrays" in capsys.readouterr().err
    assert data.main([str(saved(tmp_path, a=np.zeros(1))), str(tmp_path / "held.txt")]) == 2
    assert "must end in .c" in capsys.readouterr().err
    assert not (tmp_path / "held.txt").exists()
