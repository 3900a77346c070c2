"""Cortex-M33: no manual lists its instructions' timing; LLVM schedules for it by its model of Cortex-M4."""

from dataclasses import replace

from . import cortex_m4

CORE = replace(
    cortex_m4.CORE,
    name="Cortex-M33",
    source="LLVM's scheduling model, which for cortex-m33 is that of Cortex-M4; " + cortex_m4.CORE.source,
    leaves_out=cortex_m4.CORE.leaves_out + "; pairs of instructions that Cortex-M33 issues at once",
)
