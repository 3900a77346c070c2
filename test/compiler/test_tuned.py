"""The file beside a model that tune keeps its choice in."""

import json

import pytest
from iree_baremetal import board
from iree_baremetal.compiler import tuned
from iree_baremetal.errors import BaremetalError

M4, M7 = board.load("mps2-an386"), board.load("mps2-an500")
KERNELS = {"a": {"form": "width16,size", "cost": [20, 10], "bytes": [8, 8]}, "b": {"form": "2x3"}}
ENTRY = {"flags": "width4,unroll", "rewrites": "all", "kernels": KERNELS}


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(b"a model")
    return path


def test_each_core_finds_its_own(model):
    path = tuned.beside(model)
    assert path.name == "net.tuned.json"
    tuned.keep(path, model, "3.13.0", M4, ENTRY)
    assert tuned.entry(path, model, "3.13.0", M4) == (ENTRY, None)
    found, why_not = tuned.entry(path, model, "3.13.0", M7)
    assert found is None and "nothing for the core of mps2-an500" in why_not
    tuned.keep(path, model, "3.13.0", M7, ENTRY | {"kernels": {}})
    assert tuned.entry(path, model, "3.13.0", M4)[0] == ENTRY
    assert tuned.forms(path, tuned.core(M4)) == {"a": "width16,size", "b": "2x3"}
    assert tuned.widths(path, tuned.core(M4)) == {"a": 16} and tuned.widths(path, tuned.core(M7)) == {}


def test_a_core_s_name_is_one_word():
    assert not any(c.isspace() for name in ("mps2-an386", "qemu-rv32", "mps2-an505") for c in tuned.core(board.load(name)))


def test_another_model_or_compiler_is_told_and_not_used(model):
    path = tuned.beside(model)
    tuned.keep(path, model, "3.13.0", M4, ENTRY)
    assert "is for iree-compile 3.13.0, not 3.14.0: not used" in tuned.entry(path, model, "3.14.0", M4)[1]
    model.write_bytes(b"another model")
    found, why_not = tuned.entry(path, model, "3.13.0", M4)
    assert found is None and "is for another net.onnx: not used" in why_not
    # Kept anew, what was for the other model is gone.
    tuned.keep(path, model, "3.13.0", M7, ENTRY)
    assert list(json.loads(path.read_text())["cores"]) == [tuned.core(M7)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"cores": []}',
        '{"cores": {"cortex-m4": {"flags": 3, "rewrites": "all", "kernels": {}}}}',
        '{"cores": {"cortex-m4": {"flags": "none", "rewrites": "all", "kernels": {"a": {"form": "width3"}}}}}',
        '{"cores": {"cortex-m4": {"flags": "none", "rewrites": "all", "kernels": {"a": {"form": "wide"}}}}}',
        '{"cores": {"cortex-m4": {"flags": "none", "rewrites": "all", "kernels": {"a": {"form": "width4"}}}}}',
    ],
)
def test_a_file_of_somebody_else_s(model, text):
    path = tuned.beside(model)
    path.write_text(text)
    with pytest.raises(BaremetalError, match="net.tuned.json: not what `tune keep=1` writes"):
        tuned.entry(path, model, "3.13.0", M4)
