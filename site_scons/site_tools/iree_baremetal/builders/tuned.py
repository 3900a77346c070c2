"""What `tune keep=1` left beside a model (compiler/tuned.py), for the build of the model.

It counts for optimize=speed, the default, where neither flags= nor rewrites= say otherwise, and deploy=direct; tuned=0 is
without it.
"""

import SCons.Errors

from ..compiler import tuned, tuning
from ..errors import BaremetalError


def beside(env, source):
    """The construction variables that the file beside source, a model's node, asks for; none where it does not count."""
    board, path = env["IREE_BOARD_DATA"], tuned.beside(source.srcnode().get_abspath())
    if not counts(env) or not path.is_file() or not source.rexists():
        return {}
    chosen = tuning.chosen(board, "speed")
    if (env["IREE_FLAGS"], env["IREE_REWRITES"]) != (chosen.flags, chosen.rewrites):
        return {}
    try:
        found, why_not = tuned.entry(path, source.srcnode().get_abspath(), env.subst("$IREE_COMPILE_VERSION"), board)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    if not found:
        print(f"scons: {why_not}")
        return {}
    forms = {"IREE_TUNED": env.File(str(path))} if found["kernels"] else {}
    return {"IREE_FLAGS": found["flags"], "IREE_REWRITES": found["rewrites"], **forms}


def counts(env):
    """Whether such files count for builds of env."""
    wanted = env.get("IREE_READ_TUNED", True) and env.get("IREE_OPTIMIZE", "speed") == "speed"
    return bool(wanted and env["IREE_DEPLOY"] == "direct" and not env["IREE_BOARD_DATA"].is_host and not env.get("IREE_QUANTIZE"))
