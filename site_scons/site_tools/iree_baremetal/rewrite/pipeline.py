"""All rewrites of a program at the flow phase, in their order, and what became of each dispatch."""

import re

from ..errors import BaremetalError
from ..modules import bytecode, parsed
from . import depthwise, dispatches, mve, product, rounding, smlad
from .product import NoMatch

# Arm cores of the M profile with the DSP extension, by LLVM's names.
MVE_CORES = {"cortex-m55", "cortex-m85"}
DSP_CORES = {"cortex-m4", "cortex-m7", "cortex-m33", "cortex-m35p"} | MVE_CORES


class Core:
    """What the program's target can do, from the attribute that iree-compile puts into it."""

    def __init__(self, module):
        attributes = [op.operation.attributes for op in module.body if op.operation.name == "util.global"]
        devices = [str(a["initial_value"]) for a in attributes if str(a["type"]) == "!hal.device" and "initial_value" in a]
        found = re.search(r'\bcpu = "([^"]*)"', " ".join(devices))
        self.cpu = found[1] if found else ""
        features = re.search(r'\bcpu_features = "([^"]*)"', " ".join(devices))
        self.features = features[1].split(",") if features else []

    @property
    def has_dsp(self):
        return self.cpu in DSP_CORES and "-dsp" not in self.features

    @property
    def has_mve(self):
        return self.cpu in MVE_CORES and "-mve" not in self.features


def _mve(dispatch, core):
    if not core.has_mve:
        raise NoMatch("the core has no MVE")
    mve.rewrite(product.find(dispatch))
    return "int8 product"


def _smlad(dispatch, core, compact=False):
    if not core.has_dsp:
        raise NoMatch("the core has no DSP extension")
    smlad.rewrite(product.find(dispatch), compact)
    return "int8 product"


def _compact(dispatch, core):
    return _smlad(dispatch, core, compact=True)


def _depthwise(dispatch, core):
    if not core.has_dsp:
        raise NoMatch("the core has no DSP extension")
    depthwise.rewrite(product.find(dispatch))
    return "depthwise int8 product"


def _round(dispatch, core):
    count = rounding.apply(dispatch.function, core.has_dsp)
    if not count:
        raise NoMatch("nothing is quantized")
    return f"{count} quantizations"


# Products first: their epilogues become scalar code, which rounding does better.
REWRITES = {"mve": _mve, "smlad": _smlad, "compact": _compact, "depthwise": _depthwise, "round": _round}


def parse_names(text):
    """["smlad", "round"] from "smlad,round"; "all" stands for every one, "none" for no one."""
    if text in ("all", "none"):
        return list(REWRITES) if text == "all" else []
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in REWRITES:
            raise BaremetalError(f"rewrites={text}: there is no '{name}'. There are: {', '.join(REWRITES)}; all; none.")
    return names


def rewrite(program, names):
    """(the program rewritten, a line for each dispatch and rewrite) of a program at the flow phase, as bytes.

    A program in which nothing matches comes back as it is.
    """
    with parsed(program, "flow") as module:
        core, lines, changed = Core(module), [], False
        for dispatch in dispatches.find(module):
            for name in (n for n in REWRITES if n in names):
                try:
                    outcome = REWRITES[name](dispatch, core)
                    changed = True
                except NoMatch as reason:
                    outcome = f"no: {reason}"
                lines.append(f"{dispatch.name}: {name}: {outcome}")
            dispatches.sweep(dispatch.function)
        return (bytecode(module) if changed else program), lines
