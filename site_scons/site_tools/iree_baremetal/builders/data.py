"""IreeData: .npz -> a C source and header with one constant array for each array in it."""

from pathlib import Path

import SCons.Builder

from .action import message_action


def _write(target, source, env):
    from ..codegen import data  # not before: numpy takes longer to load than a build to read

    source_path, header_path = (Path(node.get_abspath()) for node in target)
    header, text = data.c_arrays(str(source[0].rfile()), source_path.stem)
    source_path.write_text(text)
    header_path.write_text(header)


def _emitter(target, source, env):
    return [target[0], str(target[0]).removesuffix(".c") + ".h"], source


def add(env):
    """Adds the builder to env."""
    env["BUILDERS"]["IreeData"] = SCons.Builder.Builder(
        action=message_action(_write, "data $TARGET", ["IREE_BAREMETAL_DIGEST"]),
        emitter=_emitter,
        suffix=".c",
        src_suffix=".npz",
        single_source=True,
    )
