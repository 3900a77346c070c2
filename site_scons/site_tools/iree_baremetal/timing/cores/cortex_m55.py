"""Cortex-M55: a vector instruction takes two cycles of its pipe and overlaps with those of others. Arm publishes no table."""

from ..pipeline import Op, Pipeline
from . import armv7e as arm
from . import loops, mve

CORE = Pipeline(
    name="Cortex-M55",
    source="LLVM's scheduling model, llvm/lib/Target/ARM/ARMScheduleM55.td",
    width=2,
    units={"alu": 1, "vector": 1, "float": 1, "memory": 1, "system": 1},
    mispredicted=3,
    predicts=False,
    narrow=True,
    best=loops.MVE,
    rules=(
        Op("letp|le|lctp", free=True, kind="branch"),
        Op("[dw]ls(?:tp)?\\S*", "alu", kind="branch"),
        Op(arm.LOAD_DOUBLE, "alu", 2, kind="load", per_cycle=1),
        Op(arm.LOAD_MANY, "alu", 2, kind="load", per_cycle=1),
        Op(f"{arm.LOAD}|{arm.SMALL_LOAD}", "alu", 2, kind="load"),
        Op(f"{arm.STORE_MANY}|{arm.STORE_DOUBLE}", "alu", kind="store", per_cycle=1),
        Op(arm.STORE, "alu", kind="store"),
        Op(f"{arm.PRODUCT}|{arm.ACCUMULATION}", "alu", 2, kind="multiply"),
        Op(arm.DIVISION, "alu", 2, kind="divide"),
        Op(f"{arm.TABLE_BRANCH}|{arm.BRANCH}", "alu", kind="branch"),
        Op(f"{arm.SATURATE}|{arm.EXTEND_ADD}|{arm.PARALLEL}|(?:[au]?s[rh][rl]+l|[su]q?r?sh[lr]l?)", "alu", 2),
        Op("nop|it[te]*", free=True),
        Op(f"{arm.named('add|sub|mov')}|{arm.EXTEND}"),  # beside another of 16 bits
        Op(f"{mve.LOAD}|{mve.LOAD_MANY}", "memory:2", kind="load"),
        Op(mve.STORE, "memory:2", kind="store", late=1),
        Op(mve.DOT, "float:2", 2, kind="multiply"),
        Op(f"{mve.PRODUCT}|{mve.FLOAT_SUM}|{mve.FLOAT_PRODUCT}", "float:2", 2, kind="multiply"),
        Op(f"{mve.FLOAT}|{mve.COMPARE}", "float:2"),
        Op(mve.CONVERT, "float:2", 2, kind="convert"),
        Op(mve.PREDICATE, "system"),
        Op(f"{mve.SLOW}|{mve.REDUCE}", "vector:2", 3),
        Op(mve.ANY, "vector:2"),
        Op(r"vldr\S*", "memory", 2, kind="load"),
        Op(r"vldm\S*|vpop", "memory", 2, kind="load", per_cycle=1),
        Op(r"vstr\S*", "memory", kind="store"),
        Op(r"vstm\S*|vpush", "memory", kind="store", per_cycle=1),
        Op(r"v(?:div|sqrt)\.f32", "float:16", 16, kind="divide"),
        Op(r"v(?:div|sqrt)\.f64", "float:30", 30, kind="divide"),
        Op(r"vfn?m[as]\.f32|vn?mul\.f32", "float", 2, kind="multiply"),
        Op(r"vn?ml[as]\.f32", "float", 4, kind="multiply"),
        Op(r"vfn?m[as]\.f64", "float:24", 24, kind="multiply"),
        Op(r"vn?ml[as]\.f64", "float:36", 36, kind="multiply"),
        Op(r"vn?mul\.f64", "float:21", 21, kind="multiply"),
        Op(r"v(?:add|sub)\.f64", "float:15", 15),
        Op(r"v(?:cvt|rint)\S*", "float", 2, kind="convert"),
        Op(r"v(?:cmpe?|mov|mrs|msr)\S*", "float"),
        Op(r"v\S+", "float", 2),
        Op(r"\S+", "alu"),
    ),
    leaves_out="caches and wait states, what is under way from one block to the next, instructions that read a shifted operand "
    "(a cycle more); LLVM's 2 cycles of an integer division; that a load or store of several moves a word a cycle is assumed",
)
