"""For boards that are no more than a target for iree-compile: models become .vmfb files, and no firmware.

The same SConscript serves them: IreeModel gives a .vmfb with its code inside, IreeFirmware the
.vmfb files among its sources, and what would run a firmware says why there is none.
"""

import SCons.Errors

from ..errors import BaremetalError
from . import model
from .action import message_action
from .compile import require_compiler


def iree_model(env, source, name=None, folder=None):
    """IreeModel on such a board: the .vmfb; its name and mlir as attributes, as elsewhere."""
    require_compiler(env)
    found = model.Model()
    found.name = model.name_of(source, name)
    found.folder = env.Dir(folder or f"iree_{found.name}")
    found.mlir, *found.names = model.mlir_of(env, env.File(source), found.name, found.folder)
    found.extend(env.IreeVmfb(f"{found.name}.vmfb", found.mlir))
    return found


def iree_firmware(env, name, sources):
    """IreeFirmware on such a board: the .vmfb files of its models."""
    found = [node for node in env.Flatten(sources) if str(node).endswith(".vmfb")]
    if not found:
        raise SCons.Errors.UserError(
            f"IreeFirmware({name}): board {env['IREE_BOARD']} is for .vmfb files only, and no source is one."
        )
    return found


def _refusal(alias):
    def refuse(target, source, env):
        raise BaremetalError(f"{alias}: board {env['IREE_BOARD']} is for .vmfb files only; `scons boards` shows the others.")

    def pseudo_builder(env, *_, **__):
        return env.AlwaysBuild(env.Alias(alias, [], message_action(refuse, None)))

    return pseudo_builder


def add(env):
    """Replaces the pseudo-builders of env."""
    env.AddMethod(iree_model, "IreeModel")
    env.AddMethod(iree_firmware, "IreeFirmware")
    env.AddMethod(lambda env, model, inputs=None: [], "IreeQuantizeReport")
    for method, alias in (
        ("Run", "run"),
        ("Answers", "run"),
        ("Size", "size"),
        ("Verify", "verify"),
        ("Bench", "bench"),
        ("Tune", "tune"),
        ("Export", "export"),
    ):
        env.AddMethod(_refusal(alias), f"Iree{method}")
