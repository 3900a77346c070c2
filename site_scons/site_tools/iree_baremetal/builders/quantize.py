"""IreeQuantize: a float .onnx becomes one in int8, by calibration data.

    quantized = env.IreeQuantize("model.onnx", "calibration.npz")
    model = env.IreeModel(quantized)

Targets: <model>_quantized.onnx, and <model>_quantized.quantization.json, what it cost in answers. The option
quantize=calibration.npz (IREE_QUANTIZE) does it for every .onnx that IreeModel is given. Variables:
IREE_QUANTIZE_METHOD, IREE_QUANTIZE_ACTIVATIONS, IREE_QUANTIZE_KEEP (names of nodes, or operators, with commas
between) and IREE_QUANTIZE_BORDER (formats/onnx/quantization); IREE_DIMS and IREE_SHAPES.
What it costs beside the float model is told by quantization_cost.py.
"""

import os

import SCons.Errors
from SCons.Subst import Literal

from .. import compiler
from .action import tool_action
from .compile import WEIGHTS, require_compiler

_VARIABLES = ("METHOD", "ACTIVATIONS", "KEEP", "BORDER")


def iree_quantize(env, source, calibration, name=None, inputs=None):
    """The pseudo-builder env.IreeQuantize(source, calibration, name=None, inputs=None): [.onnx, .quantization.json].

    name: of the new model; inputs: a further .npz to compare float and int8 with (default: IREE_QUANTIZE_INPUTS).
    """
    inputs = inputs or env.get("IREE_QUANTIZE_INPUTS")
    require_compiler(env)
    model, data = env.File(source), env.File(calibration)
    if os.path.splitext(str(model))[1] != ".onnx":
        raise SCons.Errors.UserError(f"{model}: quantize= takes an .onnx; a .tflite comes quantized by its converter.")
    if not data.rexists() and not data.has_builder():
        raise SCons.Errors.UserError(
            f"quantize={calibration}: no such file. It is an .npz with an array for each input, one sample for each entry."
        )
    name = name or f"{os.path.splitext(model.name)[0]}_quantized"
    sources = [model, data, *([env.File(inputs)] if inputs else [])]
    env = env.Clone(IREE_ONNXRUNTIME_VERSION=compiler.package_version(env.subst("$IREE_COMPILE"), "onnxruntime"))
    env["IREE_QUANTIZEFLAGS"] = [
        *(["--inputs", "${SOURCES[2]}"] if inputs else []),
        *(
            flag
            for v in _VARIABLES
            for flag in (f"--{v.lower()}", Literal(env.subst(f"$IREE_QUANTIZE_{v}")))
            if env.subst(f"$IREE_QUANTIZE_{v}")
        ),
    ]
    action = tool_action("IREE_QUANTIZECOM", ["IREE_BAREMETAL_DIGEST", "IREE_ONNXRUNTIME_VERSION"])
    return env.Command([env.File(f"{name}.onnx"), env.File(f"{name}.quantization.json")], sources, action, source_scanner=WEIGHTS)


def add(env):
    """Adds the pseudo-builder and its variables to env."""
    env.SetDefault(
        IREE_QUANTIZE="",
        IREE_QUANTIZE_METHOD="minmax",
        IREE_QUANTIZE_ACTIVATIONS="int8",
        IREE_QUANTIZE_KEEP="",
        IREE_QUANTIZE_BORDER="float",
        IREE_QUANTIZE_INPUTS="",
        IREE_QUANTIZECOM=(
            "$( $IREE_PYTHON $IREE_BAREMETAL $) quantize ${SOURCES[0]} ${SOURCES[1]} -o $TARGET "
            "--dims=$IREE_DIMS --shapes=$IREE_SHAPES $IREE_QUANTIZEFLAGS"
        ),
    )
    env.AddMethod(iree_quantize, "IreeQuantize")
