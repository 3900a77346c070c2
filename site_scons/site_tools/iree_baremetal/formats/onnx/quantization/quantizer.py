"""Static quantization by onnxruntime.quantization: QDQ, weights per channel in int8, activations in int8 or int16."""

import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnxruntime import quantization

from ....errors import BaremetalError
from .. import reading
from . import border, calibration, loss, preparation

METHODS = {"minmax": "MinMax", "percentile": "Percentile", "entropy": "Entropy"}
ACTIVATIONS = {"int8": quantization.QuantType.QInt8, "int16": quantization.QuantType.QInt16}
BORDERS = ("float", "int8")


@dataclass(frozen=True)
class Choice:
    """How to quantize. keep: names of nodes, or operators, that stay in float."""

    method: str = "minmax"
    activations: str = "int8"
    keep: tuple = ()
    border: str = "float"

    def check(self):
        """A `BaremetalError` for a value that is none of the option's."""
        for option, value, known in (
            ("quantize_method", self.method, METHODS),
            ("quantize_activations", self.activations, ACTIVATIONS),
            ("quantize_border", self.border, BORDERS),
        ):
            if value not in known:
                raise BaremetalError(f"{option}={value}: not one of {', '.join(known)}.")


class _Reader(quantization.CalibrationDataReader):
    def __init__(self, feeds):
        self.feeds = feeds
        self.rewind()

    def rewind(self):
        self.left = iter(self.feeds)

    def get_next(self):
        return next(self.left, None)


def quantize(source, npz, target, choice, dims="", shapes="", inputs=""):
    """Writes the float model of source, quantized with the calibration data of npz, to target (.onnx).

    Beside it, as <stem>.quantization.json, what that cost: `loss.report`, on the calibration data and, where
    given, on the .npz inputs. Returns that report.
    """
    choice.check()
    logging.getLogger().setLevel(logging.ERROR)  # the quantizer warns of each node that it leaves
    with tempfile.TemporaryDirectory() as folder:
        prepared, quantized = Path(folder, "float.onnx"), Path(folder, "quantized.onnx")
        model = preparation.prepare(Path(source), prepared, dims, shapes)
        feeds, labels = calibration.read(npz, model)
        excluded = _kept(source, model, choice.keep)
        try:
            with loss.silent():
                quantization.quantize_static(
                    str(prepared),
                    str(quantized),
                    _Reader(feeds),
                    per_channel=True,
                    activation_type=ACTIVATIONS[choice.activations],
                    weight_type=quantization.QuantType.QInt8,
                    nodes_to_exclude=excluded,
                    calibrate_method=quantization.CalibrationMethod[METHODS[choice.method]],
                )
        except Exception as error:  # it raises what it meets: ValueError, KeyError, onnxruntime's own
            raise BaremetalError(f"{source}: onnxruntime.quantization failed: {reading.first_line(error)}") from error
        made = onnx.load(quantized)
        if not any(node.op_type == "QuantizeLinear" for node in made.graph.node):
            raise BaremetalError(
                f"{source}: nothing is left to quantize; quantize_keep= keeps {', '.join(choice.keep) or 'nothing'} in float."
            )
        fed = {"calibration": (feeds, labels)}
        if inputs:
            fed["inputs"] = calibration.read(inputs, model)
        report = loss.report(prepared, quantized, fed)
    report |= {"calibration": Path(npz).name, "method": choice.method, "activations": choice.activations, "kept": excluded}
    report["unused"] = calibration.unused(npz, model)
    if choice.border != "float":
        report["border"] = border.to_integers(made)
    _keep_used_opsets(made)
    onnx.save(made, target)
    Path(target).with_suffix(".quantization.json").write_text(json.dumps(report, indent=1) + "\n")
    return report


def _kept(source, model, keep):
    """The names of the nodes that stay in float; an error names what the model does not have."""
    result = []
    for word in keep:
        found = [node.name for node in model.graph.node if word in (node.name, node.op_type)]
        if not found:
            names = ", ".join(f"{node.name} ({node.op_type})" for node in model.graph.node)
            raise BaremetalError(f"quantize_keep={word}: {source} has no such node or operator. Its nodes: {names[:1000]}")
        result += found
    return result


def _keep_used_opsets(model):
    """Takes out the operator sets that no node is of: ONNX Runtime lists all it knows."""
    used = {node.domain for node in model.graph.node} | {""}
    kept = [opset for opset in model.opset_import if opset.domain in used]
    del model.opset_import[:]
    model.opset_import.extend(kept)
