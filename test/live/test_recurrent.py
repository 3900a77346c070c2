"""Recurrent and dynamically quantized models on boards: against IREE and ONNX Runtime, poisoned, measured."""

import json
import re
import sys
from pathlib import Path

import onnx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "formats" / "onnx"))
from test_dynamic_quantization import dynamic  # noqa: E402
from test_recurrent_models import recurrent  # noqa: E402

BOARDS = ["mps2-an386", "qemu-rv32"]


@pytest.mark.parametrize("name", BOARDS)
def test_a_loop_of_the_table(checkout, name):
    onnx.save(recurrent("LSTM", 100), checkout.folder / "lstm.onnx")
    text = checkout.scons(f"board={name}", "model=lstm.onnx", "poison=1", "verify")
    for reference in ("the host", "ONNX Runtime"):
        assert re.search(rf"4 calls on {name} agree with {reference}\S*.*, 1,632 values", text)


def test_every_dispatch_of_a_loop_is_measured(checkout):
    onnx.save(recurrent("LSTM", 100), checkout.folder / "lstm.onnx")
    checkout.scons("board=mps2-an386", "model=lstm.onnx", "bench")
    (found,) = checkout.folder.glob("build/mps2-an386/own_model/**/lstm_bench.json")
    (record,) = json.loads(found.read_text())["records"]
    assert len(record["kernels"]) >= 200 and record["macs"] >= 100 * 4 * 4 * (3 + 4)
    assert all(kernel["count"] > 0 for kernel in record["kernels"])


@pytest.mark.parametrize("name", BOARDS)
def test_scales_of_run_time(checkout, name):
    onnx.save(dynamic(), checkout.folder / "dynamic.onnx")
    text = checkout.scons(f"board={name}", "model=dynamic.onnx", "verify")
    assert text.count(f"calls on {name} agree with") == 2
