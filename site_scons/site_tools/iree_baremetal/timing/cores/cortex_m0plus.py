"""Cortex-M0+: a pipeline of two stages, so that branches cost less than on Cortex-M0."""

from ..table import Core, Rule
from . import loops
from .armv6m import LEAVES_OUT, LOADS_AND_STORES, PRODUCTS

CORE = Core(
    name="Cortex-M0+",
    source="Arm DDI 0484C (Cortex-M0+ r0p1 Technical Reference Manual), table 3-1",
    rules=(
        *LOADS_AND_STORES,
        *PRODUCTS,
        Rule("bl", 2, kind="branch"),
        Rule("b[a-z]*", 1, kind="branch"),
        Rule("mrs|msr|dmb|dsb|isb", 3),
    ),
    taken=1,
    best=loops.ARMV6M,
    leaves_out=LEAVES_OUT,
)
