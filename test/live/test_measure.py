"""measure() from Python, here and on Dask's workers; the search of docs/sweep.md."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from iree_baremetal import measure
from iree_baremetal.errors import BaremetalError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Four sums: y = x W, with the greatest weight of each row at a place that is known."""
    weights = numpy.eye(4, dtype="f4")[[2, 0, 3, 1]] + 0.1
    file = tmp_path_factory.mktemp("measure") / "sums.onnx"
    file.write_bytes(sums(weights).SerializeToString())
    return file


def sums(weights):
    from onnx import TensorProto, helper, numpy_helper

    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 4)) for name in ("x", "y")]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    graph = helper.make_graph([node], "sums", ends[:1], ends[1:], [numpy_helper.from_array(weights, "w")])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


def test_here(path):
    fed = {"x": numpy.eye(4, dtype="f4")[:, None], "label": numpy.array([2, 0, 3, 3])}
    cost = measure(path, inputs=fed, reference="own", optimize="size")
    assert cost.accuracy == 0.75  # the last label is wrong on purpose
    assert cost.flash == cost.code + cost.weights and cost.ram == cost.arena + cost.state + cost.stack
    assert cost.code + cost.weights >= 64 and 16 < cost.instructions < cost.cycles < 2000


@pytest.mark.parametrize(
    "how, said",
    [
        ({"board": "stm32f5"}, "no board 'stm32f5'"),
        ({"optimize": "small"}, "optimize=small: not one of speed"),
        ({"bord": "stm32f4"}, "unknown option 'bord'. Did you mean board?"),
        ({"model": "nowhere.onnx"}, "nowhere.onnx: no file of a model"),
    ],
)
def test_refused(path, how, said):
    with pytest.raises(BaremetalError, match=re.escape(said)):
        measure(**{"model": path, **how})


def test_the_search_of_the_page(tmp_path):
    for module in ("optuna", "sklearn", "distributed"):
        pytest.importorskip(module)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/sweep.md").read_text(), re.DOTALL)
    assert code.count("n_trials=20") == 1 and len(code.splitlines()) < 45
    (tmp_path / "search.py").write_text(code.replace("n_trials=20", "n_trials=2"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "site_scons/site_tools"), "PATH": path}
    done = subprocess.run([sys.executable, "search.py"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = re.search(r"\{'layers': \d.*\} (\d\.\d+) \{'ram': (\d+)\}", done.stdout)
    assert float(found[1]) > 0.8 and int(found[2]) <= 1000, done.stdout
