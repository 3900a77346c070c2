"""Cortex-M3."""

from ..table import Core
from . import loops
from .armv7m import BRANCHES, DIVISION, LOADS, STORES, rule

CORE = Core(
    name="Cortex-M3",
    source="Arm DDI 0337H (Cortex-M3 r2p0 Technical Reference Manual), table 3-1",
    rules=(
        *DIVISION,
        *LOADS,
        *STORES,
        *BRANCHES,
        rule("mul", 1, kind="multiply"),
        rule("mla|mls", 2, kind="multiply"),
        # 3 to 5 and 4 to 7, by the size of the factors: the middle.
        rule("[su]mull", 4, kind="multiply"),
        rule("[su]mlal", 5, kind="multiply"),
    ),
    taken=2,
    pipelined=1,
    best=loops.ARMV7M,
    leaves_out="wait states of flash and RAM, early end of divisions (7 cycles, of 2 to 12) and of long multiplications (4 and 5)",
)
