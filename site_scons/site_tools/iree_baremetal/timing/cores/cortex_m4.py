"""Cortex-M4, with or without FPU."""

from ..table import Core
from . import loops
from .armv7m import BRANCHES, DIVISION, LOADS, STORES, rule

CORE = Core(
    name="Cortex-M4",
    source="Arm DDI 0439B (Cortex-M4 r0p0 Technical Reference Manual), tables 3-1, 3-2 and 7-1",
    rules=(
        *DIVISION,
        *LOADS,
        *STORES,
        *BRANCHES,
        rule(
            "mul|mla|mls|[su]mull|[su]mlal|umaal|sm(?:la|ul|lal|lsl|lsd|lald|lsld|uad|usd|lad|mul|mla|mls)\\w*",
            1,
            kind="multiply",
        ),
        rule(r"v(?:div|sqrt)\.f32", 14, kind="divide"),
        rule(r"v(?:fma|fms|fnma|fnms|mla|mls|nmla|nmls)\.f32", 3, kind="multiply"),
        rule(r"v(?:mul|nmul)\.f32", 1, kind="multiply"),
        rule(r"vldr(?:\.32|\.64)?|vldm(?:ia|db)?(?:\.32|\.64)?|vpop", 1, 1, kind="load"),
        rule(r"vstr(?:\.32|\.64)?|vstm(?:ia|db)?(?:\.32|\.64)?|vpush", 1, 1, kind="store"),
        rule(r"vcvtr?\S*|vrint\S*", 1, kind="convert"),
    ),
    taken=2,
    pipelined=1,
    best=loops.DSP | loops.FPU,
    leaves_out="wait states of flash and RAM, stalls on results of the FPU, early end of divisions (7 cycles each, of 2 to 12)",
)
