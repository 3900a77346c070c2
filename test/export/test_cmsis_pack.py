"""The pack's description, read by Arm's own reader, cmsis-pack-manager (PyPI), where it is installed."""

import json
import zipfile

import pytest
from test_formats import written

reader = pytest.importorskip("cmsis_pack_manager", reason="cmsis-pack-manager is not installed: pip install cmsis-pack-manager")


def components(folder, description):
    """What the reader finds in a .pdsc."""
    cache = reader.Cache(True, True, json_path=str(folder), data_path=str(folder))
    found = reader.lib.dumps_components(cache.add_pack_from_path(str(description)))
    return json.loads(reader.ffi.string(found))


def test_the_component_is_found(tmp_path):
    written(tmp_path, "cmsis-pack")
    with zipfile.ZipFile(tmp_path / "out" / "iree-baremetal.digits.1.2.3.pack") as pack:
        pack.extractall(tmp_path / "installed")
        names = pack.namelist()
    (found,) = components(tmp_path, tmp_path / "installed/iree-baremetal.digits.pdsc")
    assert (found["vendor"], found["class"], found["group"], found["sub_group"]) == (
        "iree-baremetal",
        "Machine Learning",
        "Model",
        "digits",
    )
    assert (found["version"], found["condition"]) == ("1.2.3", "core")
    kinds = {file["path"]: file["category"] for file in found["files"]}
    assert kinds["include/digits.h"] == "Header" and kinds["src/digits.c"] == "Source" and kinds["lib/libdigits.a"] == "Library"
    assert set(kinds) <= set(names)


def test_the_reader_finds_nothing_in_a_broken_one(tmp_path):
    (tmp_path / "broken.pdsc").write_text("<package><vendor>")
    assert components(tmp_path, tmp_path / "broken.pdsc") == []
