"""IreeData: .npz -> a C source and header with one constant array for each array in it.

    source, header = env.IreeData("held_out.npz")    in iree_held_out; or IreeData("folder/data.c", "held_out.npz")

The header's folder goes on env's CPPPATH.
"""

from pathlib import Path

import SCons.Builder
import SCons.Errors
import SCons.Util

from ..codegen import reserved
from .action import message_action


def _write(target, source, env):
    from ..codegen import data  # not before: numpy takes longer to load than a build to read

    source_path, header_path = (Path(node.get_abspath()) for node in target)
    header, text = data.c_arrays(str(source[0].rfile()), source_path.stem)
    source_path.write_text(text)
    header_path.write_text(header)


def _emitter(target, source, env):
    return [target[0], target[0].dir.File(Path(target[0].name).stem + ".h")], source


def iree_data(env, *target_and_source):
    """The pseudo-builder env.IreeData([target,] source). See the module."""
    *target, source = target_and_source
    stem = Path(str(env.Flatten([source])[0])).stem
    source, header = env.IreeDataFiles(*(target or [f"iree_{stem}/{stem}.c"]), source)
    owner = reserved.owner(Path(header.name).stem)
    if owner:
        raise SCons.Errors.UserError(
            f"IreeData({source}): its header {header.name} would hide that of {owner}; give it another name."
        )
    env.AppendUnique(CPPPATH=[header.dir])
    return SCons.Util.NodeList([source, header])


def add(env):
    """Adds the builder and the pseudo-builder to env."""
    env["BUILDERS"]["IreeDataFiles"] = SCons.Builder.Builder(
        action=message_action(_write, "data $TARGET", ["IREE_BAREMETAL_DIGEST"]),
        emitter=_emitter,
        suffix=".c",
        src_suffix=".npz",
        single_source=True,
    )
    env.AddMethod(iree_data, "IreeData")
