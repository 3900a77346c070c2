"""Cortex-M0."""

from ..table import Core, Rule
from . import loops
from .armv6m import LEAVES_OUT, LOADS_AND_STORES, PRODUCTS

CORE = Core(
    name="Cortex-M0",
    source="Arm DDI 0432C (Cortex-M0 r0p0 Technical Reference Manual), table 3-1",
    rules=(
        *LOADS_AND_STORES,
        *PRODUCTS,
        Rule("bl", 2, kind="branch"),
        Rule("b[a-z]*", 1, kind="branch"),
        Rule("mrs|msr|dmb|dsb|isb", 4),
    ),
    taken=2,
    best=loops.ARMV6M,
    leaves_out=LEAVES_OUT,
)
