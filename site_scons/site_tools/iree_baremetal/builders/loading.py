"""How the tool is being loaded: what SCons's own calls know of it, and do not hand on."""

import sys
import types

import SCons.Errors


def _call(env, name):
    """The local variables of the nearest call of env's method name that is under way; {} where there is none."""
    frame: types.FrameType | None = sys._getframe()
    while frame:
        if frame.f_code.co_name == name and frame.f_locals.get("self") is env:
            return frame.f_locals
        frame = frame.f_back
    return {}


def to_come(env):
    """What Environment(…) will put back when the tools that it is loading, this one among them, are done."""
    return _call(env, "__init__").get("kw") or {}


def _dropped(env, generate):
    """The keywords of env.Tool(generate, …): SCons calls a function without them."""
    call = _call(env, "Tool")
    return (call.get("kwargs") or call.get("kw") or {}) if call.get("tool") is generate else {}


def arguments(env, generate, variables, board, unknown):
    """(variables, board) as the caller has them; a UserError for what generate does not take."""
    given = {"variables": variables, "board": board, **unknown, **_dropped(env, generate)}
    variables, board = given.pop("variables"), given.pop("board")
    for name in given:
        variable = name if name.startswith("IREE_") else f"IREE_{name.upper()}"
        said = (
            f"board=… in place of {name}="
            if variable == "IREE_BOARD"
            else f"set env['{variable}'] before, or Environment({variable}=…)"
        )
        raise SCons.Errors.UserError(f"iree_baremetal takes no {name}= as it is loaded, but board= and variables=: {said}.")
    return variables, board
