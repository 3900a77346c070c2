"""What quantization costs in answers: the quantized model against the float one, both run by ONNX Runtime."""

import contextlib
import os
from pathlib import Path

import numpy
import onnx
import onnxruntime
from onnxruntime.quantization import qdq_loss_debug

from ....errors import BaremetalError
from ..reading import first_line
from ..reference import session_options

# What the quantizer takes together with the product before it.
_FUSED = ("Relu", "Clip")


def report(float_model, quantized, fed):
    """{"on": {name: agreement}, "layers": [loss of each]} of two models of the same inputs (paths).

    fed: name -> (feeds, labels or None). Losses are of the first set of feeds.
    """
    first, _ = next(iter(fed.values()))
    return {
        "on": {name: _agreement(float_model, quantized, *data) for name, data in fed.items()},
        "layers": layers(float_model, quantized, first),
    }


def _run(path, feeds):
    try:
        session = onnxruntime.InferenceSession(str(path), session_options())
        return [session.run(None, feed) for feed in feeds]
    except Exception as error:  # of its own kinds: NotImplemented where its operators are older than the model's
        opset = max(
            each.version for each in onnx.load(path, load_external_data=False).opset_import if each.domain in ("", "ai.onnx")
        )
        raise BaremetalError(
            f"ONNX Runtime {onnxruntime.__version__} cannot run the quantized model: {first_line(error)}. "
            f"Its operators are of opset {opset}: an older one may help, by onnx.version_converter or when exporting."
        ) from error


def _agreement(float_model, quantized, feeds, labels):
    """Calls, and for each output: its name, the share of equal top answers, signal to noise in dB, largest and mean difference.

    With labels, the accuracy of both models by the first output, too.
    """
    before, after = _run(float_model, feeds), _run(quantized, feeds)
    names = [value.name for value in onnx.load(float_model, load_external_data=False).graph.output]
    result: dict = {"calls": len(feeds), "outputs": []}
    for number, name in enumerate(names):
        one, other = (
            numpy.stack([answers[number] for answers in run]).astype("f8").reshape(len(feeds), -1) for run in (before, after)
        )
        difference = numpy.abs(one - other)
        top = float((one.argmax(1) == other.argmax(1)).mean()) if one.shape[1] > 1 else None
        noise = float(qdq_loss_debug.compute_signal_to_quantization_noice_ratio(one, other))
        result["outputs"].append(
            {"name": name, "top": top, "snr": noise, "largest": float(difference.max()), "mean": float(difference.mean())}
        )
        if number == 0 and labels is not None and one.shape[1] > 1:
            result["accuracy"] = [float((answers.argmax(1) == labels).mean()) for answers in (one, other)]
    return result


def layers(float_model, quantized, feeds):
    """Where the noise comes in: [{"node", "operator", "snr", "added"}], the layer that adds most first.

    snr: of the layer's output against that of the float model, in dB. added: noise over signal that the output
    has more than the noisiest of the layer's inputs (both as ratios of powers), by ONNX Runtime's comparison of
    inner tensors (qdq_loss_debug).
    """
    found = _noise(float_model, quantized, feeds)
    result, nodes = [], onnx.load(float_model, load_external_data=False).graph.node
    makers = {name: node for node in nodes for name in node.output}
    for node in nodes:
        out = next((name for name in node.output if name in found), None)
        if out is None:
            continue
        ratios = [10 ** (-found[name] / 10) for name in (out, *node.input) if name in found]
        while node.op_type in _FUSED and node.input[0] not in found and node.input[0] in makers:
            node = makers[node.input[0]]
        result.append(
            {"node": node.name, "operator": node.op_type, "snr": found[out], "added": ratios[0] - max(ratios[1:], default=0)}
        )
    return sorted(result, key=lambda layer: -layer["added"])


def _noise(float_model, quantized, feeds):
    """tensor -> signal to noise in dB, of the tensors that the quantized model quantizes."""
    collected = []
    with silent():
        for path in (quantized, float_model):
            seen = Path(path).with_suffix(".seen.onnx")
            qdq_loss_debug.modify_model_output_intermediate_tensors(str(path), str(seen))
            collected.append(qdq_loss_debug.collect_activations(str(seen), iter(feeds), session_options()))
        matching = qdq_loss_debug.create_activation_matching(*collected)
        matching = {name: found for name, found in matching.items() if found.get("float")}
        return {name: error["xmodel_err"] for name, error in qdq_loss_debug.compute_activation_error(matching).items()}


@contextlib.contextmanager
def silent():
    """Nothing on standard output: onnxruntime.quantization tells of its progress there."""
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield
