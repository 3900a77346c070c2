"""Models in a PlatformIO project: an extra script.

    [env:disco]
    extra_scripts = post:iree-baremetal/site_scons/site_tools/iree_baremetal/platformio/script.py
    custom_iree_model = models/digits.onnx
    custom_iree_board = stm32f407-discovery

The models are built with the project's compiler and flags, their headers are on the include path of its sources and
libraries, and they are linked. Targets: verify, bench, export. Further options: custom_iree_inputs, an .npz for each
model, to verify and measure with, and each option of `scons -h`, as custom_iree_<option>.
"""
# ruff: noqa: F821

import os

from SCons.Errors import UserError

Import("env")
try:
    Import("projenv")
except UserError as error:
    raise UserError(
        "platformio.ini: models come after the platform's own script: extra_scripts = post:…/platformio/script.py"
    ) from error

PREFIX = "custom_iree_"
HERE = Dir(".").get_abspath()

section = f"platformio.ini: [env:{env['PIOENV']}]"
found = env.GetProjectConfig().items(env=env["PIOENV"], as_dict=True)
options = {key.removeprefix(PREFIX): value for key, value in found.items() if key.startswith(PREFIX)}


def files(name):
    """The files in the lines of an option, whose paths begin at the project's folder."""
    lines = [line.strip() for line in options.pop(name, "").splitlines() if line.strip()]
    paths = [os.path.join(env.subst("$PROJECT_DIR"), line) for line in lines]
    missing = next((line for line, path in zip(lines, paths) if not os.path.isfile(path)), None)
    if missing:
        raise UserError(f"{section}: {PREFIX}{name}: no file {missing}.")
    return paths


models, inputs = files("model"), files("inputs")
if not models:
    raise UserError(f"{section} has no {PREFIX}model, the file of a model.")
if len(inputs) > len(models):
    raise UserError(f"{section}: {PREFIX}inputs has more files than {PREFIX}model.")
if "board" not in options:
    raise UserError(
        f"{section} has no {PREFIX}board: a board, as `scons boards` names it, or a core, as cortex-m4f, of the float ABI "
        "that this one has."
    )

env.Tool("iree_baremetal", toolpath=[os.path.dirname(os.path.dirname(HERE))], variables=Variables(None, options))
# What the tool makes has its place beside the SConscript that asks for it: here, that is the project's folder for results.
env.SConscript(
    os.path.join(HERE, "SConscript"),
    variant_dir="$BUILD_DIR/iree",
    duplicate=False,
    exports={"env": env, "projenv": projenv, "models": models, "fed": dict(zip(models, inputs))},
)
