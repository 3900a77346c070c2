"""What a sweep tries: "optimize=speed,size overlap=0,1" is four settings."""

import itertools
import re

from ..compiler import tuning
from ..errors import BaremetalError

# Option -> construction variable. A + joins the names of one value: flags=width4+unroll,none.
VARIABLES = {
    "optimize": "IREE_OPTIMIZE",
    "flags": "IREE_FLAGS",
    "rewrites": "IREE_REWRITES",
    "overlap": "IREE_OVERLAP",
    "push_rows": "IREE_PUSH_ROWS",
    "opt_level": "IREE_OPT_LEVEL",
}
_SWITCHED = ("overlap", "push_rows")
_SWITCHES = {"0": False, "1": True, "no": False, "yes": True, "false": False, "true": True}


def parse(text):
    """[{option: value}] of all combinations, the first option's values the slowest to change; one empty setting of no text.

    `BaremetalError` for an option that no sweep varies, or one that is named twice or has no values.
    """
    options = {}
    for part in text.split():
        name, _, values = part.partition("=")
        if name not in VARIABLES:
            raise BaremetalError(
                f"grid={text}: '{name}' is not one of {', '.join(VARIABLES)}. As in grid=\"optimize=speed,size overlap=0,1\"."
            )
        if name in options or not all(values.split(",")):
            raise BaremetalError(f"grid={text}: {name} is named twice, or lacks a value.")
        options[name] = list(dict.fromkeys(values.split(",")))
    for name, values in options.items():
        for value in values:
            _check(name, value)
    return [dict(zip(options, values)) for values in itertools.product(*options.values())]


def _check(name, value):
    if name == "optimize" and value not in tuning.GOALS:
        raise BaremetalError(f"grid: optimize={value}: not one of {', '.join(tuning.GOALS)}.")
    if name in _SWITCHED and value not in _SWITCHES:
        raise BaremetalError(f"grid: {name}={value}: 0 or 1.")
    if name == "flags":
        tuning.flags(value.replace("+", ","))
    if name == "opt_level":
        tuning.level(value)


def variables(setting):
    """The construction variables of a setting."""
    values = {name: _SWITCHES[value] if name in _SWITCHED else value.replace("+", ",") for name, value in setting.items()}
    return {VARIABLES[name]: value for name, value in values.items()}


def text(setting):
    """As on the command line."""
    return " ".join(f"{name}={value}" for name, value in setting.items()) or "default"


def folder(setting):
    """A name for the folder of what is made so."""
    return re.sub(r"[^\w+.-]", "-", "-".join(f"{name}-{value}" for name, value in setting.items())) or "default"
