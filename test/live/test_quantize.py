"""quantize=: the sample's digits and a float network in int8, on a board."""

import json
import re
from pathlib import Path

import numpy
import pytest
from long_tests import LONG

ROOT = Path(__file__).resolve().parents[2]
DIGITS = "samples/digits/digits.onnx"


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    """50 digits to calibrate with, and 100 to judge by."""
    folder = tmp_path_factory.mktemp("halves")
    held_out = numpy.load(ROOT / "samples/digits/held_out.npz")
    for name, part in (("calibration", slice(50)), ("judged", slice(50, None))):
        numpy.savez(folder / f"{name}.npz", **{key: held_out[key][part] for key in held_out})
    return folder


def numbers(said):
    weights = re.search(r"weights ([\d,]+), arena", said)[1]
    instructions = re.search(r"an inference +([\d,]+)", said)[1]
    return int(weights.replace(",", "")), int(instructions.replace(",", ""))


def answers(said):
    return [numpy.array(row.split(), dtype=float).argmax() for row in re.findall(r"call \d+, .*: \[([^]]+)\]", said)]


def test_digits(checkout, halves):
    options = ["board=stm32f4", f"model={DIGITS}", f"inputs={halves}/judged.npz"]
    quantize = f"quantize={halves}/calibration.npz"
    before = checkout.scons(*options, "run", "bench")
    said = checkout.scons(*options, quantize, "run", "verify", "bench")
    assert (
        "int8 beside float, on 50 samples of the calibration data" in said and "accuracy by the labels: 100.0% in float" in said
    )
    assert "int8 beside float, on 100 samples of inputs=" in said and "agree with the host" in said
    [page] = checkout.folder.glob("build/stm32f4/own_model/**/digits_bench.html")
    assert "Beside the float model" in page.read_text() and "accuracy by the labels" in page.read_text()
    changed = numpy.not_equal(answers(before), answers(said))
    assert len(changed) == 100 and changed.sum() <= 1
    (weights, instructions), (weights_before, instructions_before) = numbers(said), numbers(before)
    assert weights <= 0.35 * weights_before and instructions < 0.7 * instructions_before


def test_it_is_made_again_for_other_data_only(checkout, halves, tmp_path):
    data = tmp_path / "calibration.npz"
    data.write_bytes((halves / "calibration.npz").read_bytes())
    call = ["board=mps2-an386", f"model={DIGITS}", f"quantize={data}"]
    assert "quantize build" in checkout.scons(*call)
    assert "quantize build" not in checkout.scons(*call)
    data.write_bytes((halves / "judged.npz").read_bytes())
    assert "quantize build" in checkout.scons(*call)
    assert "quantize build" in checkout.scons(*call, "quantize_method=percentile")


@pytest.mark.parametrize(
    "options, said",
    [
        (["quantize=none.npz"], "none.npz: no such file. It is an .npz with an array for each input"),
        (["quantize_method=best"], "quantize_method=best: not one of minmax, percentile, entropy"),
        (["model=samples/multiply/multiply.mlir"], "quantize= takes an .onnx"),
    ],
)
def test_refusals(checkout, halves, options, said):
    call = ["board=mps2-an386", f"model={DIGITS}", f"quantize={halves}/calibration.npz", *options]
    printed = checkout.scons(*call, code=2)
    assert said in printed and "Traceback" not in printed


@pytest.mark.parametrize("network, shape", [("cnn_1d", (3, 64)), pytest.param("mobilenet_v2", (3, 32, 32), marks=LONG)])
def test_float_networks(checkout, tmp_path, network, shape):
    """Random weights, so that answers mean little: it builds, the board agrees with ONNX Runtime, and it costs less."""
    import float_networks
    import onnx

    onnx.save(getattr(float_networks, network)(), tmp_path / f"{network}.onnx")
    numpy.savez(tmp_path / "data.npz", x=numpy.random.default_rng(0).normal(0, 1, (20, *shape)).astype("f4"))
    call = ["board=mps2-an386", f"model={tmp_path}/{network}.onnx", f"quantize={tmp_path}/data.npz", "quantize_border=int8"]
    checkout.scons(*call)  # with its cost; "." would tune, too
    said = checkout.scons(*call, "verify")
    assert said.count("agree with") == 2 and "ONNX Runtime" in said
    [path] = checkout.folder.glob(f"build/**/{network}_quantization_cost.json")
    cost = json.loads(path.read_text())
    assert cost["quantized"]["weights"] < 0.35 * cost["float"]["weights"]
    assert (
        cost["quantized"]["cycles"] < 0.75 * cost["float"]["cycles"] and cost["quantized"]["arena"] < 0.4 * cost["float"]["arena"]
    )


def test_a_model_exported_by_torch(checkout, tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("onnxscript", reason="onnxscript is not installed")
    torch.manual_seed(1)
    nn = torch.nn
    layers = [nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU()]
    net = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)).eval()
    torch.onnx.export(
        net, (torch.zeros(1, 1, 16, 16),), str(tmp_path / "net.onnx"), dynamo=True, external_data=False, verbose=False
    )
    numpy.savez(tmp_path / "data.npz", inputs=numpy.random.default_rng(0).normal(0, 1, (20, 1, 16, 16)).astype("f4"))
    call = ["board=mps2-an386", f"model={tmp_path}/net.onnx", f"quantize={tmp_path}/data.npz"]
    checkout.scons(*call)
    said = checkout.scons(*call, "verify")
    assert said.count("agree with") == 2
    [path] = checkout.folder.glob("build/mps2-an386/own_model/**/net_quantization_cost.json")
    cost = json.loads(path.read_text())
    assert cost["quantized"]["weights"] < 0.4 * cost["float"]["weights"] and cost["quantized"]["cycles"] < cost["float"]["cycles"]
