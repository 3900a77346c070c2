"""Spectra: what IREE computes of DFT and STFT is ONNX Runtime's."""

import numpy
import pytest
from mended import differences, model, node, random


def spectrum(shape, opset=20, length=None, axis=None, **attributes):
    """A model of one DFT, and its input."""
    inputs = {"x": random(*shape)}
    constants = {"n": numpy.array(length)} if length else {}
    if axis is not None and opset >= 20:
        constants["a"] = numpy.array(axis)
    elif axis is not None:
        attributes["axis"] = axis
    names = f"x {'n' if length else '_'} {'a' if 'a' in constants else '_'}" if opset >= 20 else f"x {'n' if length else ''}"
    return model(node("DFT", names.rstrip(" _"), **attributes), inputs, "y", opset, **constants), inputs


def frames(shape, window=None, length=None, **attributes):
    inputs = {"x": random(*shape)}
    constants = (
        {"s": numpy.array(4)} | ({"w": window} if window is not None else {}) | ({"l": numpy.array(length)} if length else {})
    )
    names = " ".join(name if name in constants else "_" for name in "swl")
    return model(node("STFT", f"x {names}".rstrip(" _"), **attributes), inputs, "y", 17, **constants), inputs


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(spectrum((1, 16, 1)), id="real"),
        pytest.param(spectrum((2, 15, 1), onesided=1), id="one side"),
        pytest.param(spectrum((1, 16, 2)), id="complex"),
        pytest.param(spectrum((2, 9, 2), inverse=1), id="inverse"),
        pytest.param(spectrum((2, 9, 1), length=6, onesided=1), id="cut"),
        pytest.param(spectrum((2, 9, 2), length=12), id="padded"),
        pytest.param(spectrum((2, 6, 5, 2), axis=1), id="another axis"),
        pytest.param(spectrum((2, 6, 5, 1), axis=-3, onesided=1), id="an axis from the end"),
        pytest.param(spectrum((2, 6, 5, 1), 17, axis=1, onesided=1), id="opset 17"),
        pytest.param(spectrum((2, 6, 5, 2), 17, length=4, axis=2), id="opset 17, cut"),
        pytest.param(frames((1, 32, 1), numpy.hanning(8).astype("float32")), id="frames by a window"),
        pytest.param(frames((2, 33, 1), length=16), id="frames by their length"),
        pytest.param(frames((2, 33, 1), numpy.hanning(8).astype("float32"), 8, onesided=0), id="frames, both sides"),
    ],
)
def test_spectra(tmp_path, made):
    assert not differences(tmp_path, *made)
