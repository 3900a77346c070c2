"""Where a model's weights and arena lie: IREE_WEIGHTS_REGION and IREE_ARENA_REGION, regions of the board's memory.

Weights that several models of one firmware have are stored once: those of IreeFirmware's, where it is given more than one, and of
any with IREE_SHARE_WEIGHTS, as for a Program or for libraries; with IREE_SHARE_WEIGHTS=False of none (codegen/constants.py).

Weights in a region that can be written, as a core's fast memory, are in flash as well and are copied at start.
A project with a linker script of its own finds sections .ext.<model>_weights and .bss..ccm.<model>_arena, say.
"""

import SCons.Errors

from ..board import linker_script


def flags(env, name):
    """codegen's options for the model called name; a UserError for a region that the board has not, or not for that."""
    found = []
    for what, form, ordinary in (("weights", ".{}.{}_weights", 0), ("arena", ".bss..{}.{}_arena", 1)):
        region = env.subst(f"$IREE_{what.upper()}_REGION").upper()
        section = region and _section(env["IREE_BOARD_DATA"], what, region, form, ordinary, name)
        if section:
            found += [f"--{what}-section", section]
    return found


def sharing(env, model):
    """codegen's option for constants that are stored once, known when model is built: IreeFirmware comes after IreeModel."""

    def flag(target, source, env, for_signature):
        wanted = env.get("IREE_SHARE_WEIGHTS", "")
        is_shared = model.has_neighbours and not env.subst("$IREE_WEIGHTS_REGION") if wanted in ("", None) else wanted
        return "--share-weights" if is_shared else ""

    return flag


def meet(nodes):
    """Tells the models of which nodes are, to be linked into one firmware, that there are others."""
    models = {id(model): model for model in (getattr(node.attributes, "model", None) for node in nodes) if model is not None}
    for model in models.values() if len(models) > 1 else ():
        model.has_neighbours = True


def refuse_other(env):
    """A UserError where a region is asked for in a deployment that cannot place anything."""
    wanted = [what for what in ("weights", "arena") if env.subst(f"$IREE_{what.upper()}_REGION")]
    if wanted:
        raise SCons.Errors.UserError(f"{wanted[0]}_region=: deploy={env['IREE_DEPLOY']} cannot place it; deploy=direct does.")


def _section(board, what, region, form, ordinary, name):
    if board.is_host:
        return ""
    if not board.memory:  # a core alone: the project's linker script knows the regions
        return form.format(linker_script.section(region), name)
    if region not in board.memory:
        raise SCons.Errors.UserError(
            f"{what}_region={region}: board {board.name} has no such memory, but {', '.join(board.memory)}."
        )
    if what == "arena" and "w" not in board.memory[region].access:
        raise SCons.Errors.UserError(f"arena_region={region}: board {board.name} has it as read-only; an arena is written to.")
    if region == (board.flash, board.ram)[ordinary][0]:
        return ""
    if region == board.ram[0]:
        return f".data.{name}_weights"
    return form.format(linker_script.section(region), name)
