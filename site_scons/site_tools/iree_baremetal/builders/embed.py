"""IreeEmbedData: a .vmfb, or any file, as a constant in C, by upstream's iree-c-embed-data.

    source, header = env.IreeEmbedData("simple_mul.vmfb")    simple_mul_c.c and .h, with simple_mul_create()

IREE_EMBED_IDENTIFIER is what its functions are called after, the file's name unless said otherwise. The data are aligned to 64
bytes, as the runtime wants a .vmfb to be.
"""

import re

import SCons.Builder
import SCons.Errors
from SCons.Subst import Literal

from ..errors import BaremetalError
from ..runtime import generated
from .action import tool_action


def _emitter(target, source, env):
    try:
        env["IREE_EMBED_DATA"] = env.get("IREE_EMBED_DATA") or Literal(str(generated.find_tool(generated.EMBED_DATA)))
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    return [target[0], target[0].dir.File(target[0].name.removesuffix(".c") + ".h")], source


def _identifier(target, source, env, for_signature):
    return re.sub(r"\W", "_", target[0].name.removesuffix("_c.c"), flags=re.ASCII)


def add(env):
    """Adds the builder to env."""
    env.SetDefault(
        IREE_EMBED_IDENTIFIER=_identifier,
        IREE_EMBEDDATACOM=(
            "$( $IREE_EMBED_DATA $) --identifier=$IREE_EMBED_IDENTIFIER --flatten --output_header=${TARGETS[1]} --output_impl=${TARGETS[0]} $SOURCES"
        ),
    )
    env["BUILDERS"]["IreeEmbedData"] = SCons.Builder.Builder(
        action=tool_action("IREE_EMBEDDATACOM"), emitter=_emitter, suffix="_c.c", src_suffix=".vmfb"
    )
