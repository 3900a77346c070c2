"""RISC-V cores that issue one instruction a cycle in order: Rocket, by which LLVM schedules for SiFive's E20 to E34 and U54."""

from ..pipeline import Op, Pipeline
from . import loops

CORE = Pipeline(
    name="RISC-V in order (Rocket)",
    source="LLVM's scheduling model of Rocket (sifive-e31 and the like), llvm/lib/Target/RISCV/RISCVSchedRocket.td",
    width=1,
    units={"memory": 1, "divide": 1, "float": 1},
    mispredicted=3,
    best=loops.SCALAR_RISCV,
    rules=(
        Op(r"l[bh]u?", "memory", 3, kind="load"),
        Op(r"l[wd]u?|fl[wd]|lr\.[wd]\S*", "memory", 2, kind="load"),
        Op(r"s[bhwd]|fs[wd]|sc\.[wd]\S*", "memory", kind="store"),
        Op(r"amo\S+", "memory", 2, kind="load"),
        Op(r"mulh?(?:s?u)?w?", "", 4, kind="multiply"),
        Op(r"(?:div|rem)u?w?", "divide:34", 34, kind="divide"),
        Op(r"b\w+|j\w*|ret|call|tail", kind="branch"),
        Op(r"fn?m(?:add|sub)\.s|fmul\.s", "float", 5, kind="multiply"),
        Op(r"fn?m(?:add|sub)\.d|fmul\.d", "float", 7, kind="multiply"),
        Op(r"f(?:div|sqrt)\.[sd]", "divide:20", 20, kind="divide"),
        Op(r"fcvt\S+", "float", 2, kind="convert"),
        Op(r"f(?:class|eq|lt|le|gt|ge|mv\.[xw]\.[xw])\S*", "float", 2),
        Op(r"f\w+\.d", "float", 6),
        Op(r"f\w+\.s", "float", 4),
    ),
    leaves_out="caches and wait states, what is under way from one block to the next, early ends of divisions (34 cycles)",
)
