"""IreeTflite: .tflite -> .onnx, by tf2onnx, which needs TensorFlow.

Neither is among the requirements: they take 1.2 GB. IREE_TFLITE_PYTHON names the interpreter that
has them (default: this one).
"""

import importlib.util
import sys

import SCons.Builder
import SCons.Errors
from SCons.Subst import Literal

from .action import tool_action


def require(env, source):
    """A UserError that says what to install, where this interpreter lacks it."""
    if not env.get("IREE_TFLITE_PYTHON"):
        if not (importlib.util.find_spec("tf2onnx") and importlib.util.find_spec("tensorflow")):
            raise SCons.Errors.UserError(
                f"{source}: a .tflite is converted to ONNX by tf2onnx, with TensorFlow: 1.2 GB that nothing else here "
                "needs. Install them, pip install tf2onnx tensorflow-cpu, here or in an environment of their own "
                "(tflite_python=its/bin/python); or convert the model elsewhere and give the .onnx."
            )
        env["IREE_TFLITE_PYTHON"] = Literal(sys.executable)


def add(env):
    """Adds the builder to env."""
    env.SetDefault(
        IREE_TFLITE_PYTHON="",
        IREE_TFLITECOM="$( $IREE_TFLITE_PYTHON $) -m tf2onnx.convert --opset 17 --tflite $SOURCE --output $TARGET",
    )
    env["BUILDERS"]["IreeTflite"] = SCons.Builder.Builder(
        action=tool_action("IREE_TFLITECOM"), suffix=".onnx", src_suffix=".tflite", single_source=True
    )
