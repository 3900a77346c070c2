"""Cycles by hand: a few instructions with counts, against what a manual says of them."""

from dataclasses import replace

import pytest
from iree_baremetal.device.executions import Block, Segment
from iree_baremetal.timing import cores
from iree_baremetal.timing.code import Instruction, parse, words
from iree_baremetal.timing.estimate import estimate


class Code:
    """Instructions one after the other from address 0, four bytes each."""

    def __init__(self, *texts):
        self.texts = texts

    def at(self, address):
        mnemonic, _, operands = self.texts[address // 4].partition(" ")
        return Instruction(address, 4, mnemonic, operands, words(mnemonic, operands))


def cycles(cpu, *texts, count=1, fell=1):
    block = Block(tuple(range(0, 4 * len(texts), 4)))
    return estimate(Segment({block: [count, fell]}), Code(*texts), cores.of(cpu)).cycles


# The manuals' tables: DDI 0439B (M4), DDI 0337H (M3), DDI 0432C (M0), DDI 0484C (M0+).
@pytest.mark.parametrize(
    "cpu, text, expected",
    [
        ("cortex-m4", "add r0, r1", 1),
        ("cortex-m4", "ldr r0, [r1]", 2),
        ("cortex-m4", "ldrsb.w r0, [r1, #4]", 2),
        ("cortex-m4", "ldrd r0, r1, [r2]", 3),
        ("cortex-m4", "ldm.w r0!, {r1, r2, r3, r4}", 5),
        ("cortex-m4", "push {r4, r5, lr}", 4),
        ("cortex-m4", "str r0, [r1]", 1),
        ("cortex-m4", "strd r0, r1, [r2]", 3),
        ("cortex-m4", "smlad r0, r1, r2, r3", 1),
        ("cortex-m4", "smlal r0, r1, r2, r3", 1),
        ("cortex-m4", "sdiv r0, r1, r2", 7),
        ("cortex-m4", "vfma.f32 s0, s1, s2", 3),
        ("cortex-m4", "vmul.f32 s0, s1, s2", 1),
        ("cortex-m4", "vadd.f32 s0, s1, s2", 1),
        ("cortex-m4", "vdiv.f32 s0, s1, s2", 14),
        ("cortex-m4", "vldr s0, [r0]", 2),
        ("cortex-m4", "vldr d0, [r0]", 3),
        ("cortex-m4", "vldmia r0!, {s0, s1, s2, s3}", 5),
        ("cortex-m4", "vpush {d8, d9}", 5),
        ("cortex-m3", "mla r0, r1, r2, r3", 2),
        ("cortex-m3", "smull r0, r1, r2, r3", 4),
        ("cortex-m0", "muls r0, r1", 1),
        ("cortex-m0", "str r0, [r1]", 2),
        ("cortex-m0", "pop {r4, r5}", 3),
        ("cortex-m33", "smlad r0, r1, r2, r3", 1),
    ],
)
def test_one_instruction(cpu, text, expected):
    assert cycles(cpu, text) == expected


@pytest.mark.parametrize("cpu, taken", [("cortex-m4", 3), ("cortex-m3", 3), ("cortex-m0", 3), ("cortex-m0plus", 2)])
def test_branches_cost_more_where_they_are_taken(cpu, taken):
    assert cycles(cpu, "bne #0x0", count=10, fell=10) == 10
    assert cycles(cpu, "bne #0x0", count=10, fell=1) == 9 * taken + 1


def test_loads_follow_each_other_in_one_cycle():
    assert cycles("cortex-m4", "ldr r0, [r1]", "ldr r2, [r1, #4]", "ldr r3, [r4]") == 2 + 1 + 1
    assert cycles("cortex-m4", "str r0, [r1]", "ldr r2, [r1, #4]") == 1 + 1
    assert cycles("cortex-m4", "ldr r0, [r1]", "ldr r2, [r0]") == 2 + 2  # its address is on the way
    assert cycles("cortex-m4", "ldr r0, [r1]", "add r3, r4", "ldr r2, [r1]") == 2 + 1 + 2
    assert cycles("cortex-m4", "ldrd r0, r5, [r1]", "ldr r2, [r1]") == 3 + 2
    assert cycles("cortex-m4", "vldr s0, [r1]", "vldr s1, [r1, #4]") == 2 + 2
    assert cycles("cortex-m0", "ldr r0, [r1]", "ldr r2, [r1, #4]") == 2 + 2


def test_executions_are_told_apart():
    found = estimate(
        Segment({Block((0, 4)): [5, 0], Block((4,)): [2, 2]}), Code("ldr r0, [r1]", "bne #0x0"), cores.of("cortex-m4")
    )
    assert {a: (line.executions, line.cycles) for a, line in found.lines.items()} == {0: (5, 10), 4: (7, 17)}
    assert found.cycles == 27 and found.instructions == 12


def test_what_measuring_costs_is_taken_off():
    inner, around = Block((0,)), Block((4,))
    left = Segment({inner: [5, 0], around: [2, 2]}).minus(Segment({around: [2, 2], Block((8,)): [1, 1]}))
    assert left.instructions() == 4 and around not in left.blocks


@pytest.mark.parametrize(
    "cpu, features, known", [("generic-rv32", "+m,+c", True), ("generic-rv32", "+m,+zve32f", False), ("cortex-m23", "", False)]
)
def test_cores_without_a_table(cpu, features, known):
    assert bool(cores.of(cpu, features)) == known


# Cycles an iteration that llvm-mca 19 gives (-iterations=100) for these loops, without the branch.
@pytest.mark.parametrize(
    "cpu, texts, expected",
    [
        # A vector takes its pipe for two cycles, and overlaps with one in another pipe.
        ("cortex-m55", ("vldrw.u32 q0, [r8], #16", "vldrw.u32 q1, [r3, #-32]", "vmlava.s8 r2, q1, q0", "vldrw.u32 q1, [r3, #-16]",
                        "vmlava.s8 r0, q1, q0", "vldrw.u32 q1, [r3], #64", "vmlava.s8 r4, q1, q0", "vldrw.u32 q1, [r3, #-48]",
                        "vmlava.s8 r6, q1, q0", "le lr, #0x0"), 10),
        ("cortex-m55", ("vadd.i32 q0, q0, q1", "vadd.i32 q2, q2, q1", "le lr, #0x0"), 4),
        ("cortex-m55", ("vadd.i32 q0, q0, q1", "vmul.i32 q2, q2, q1", "le lr, #0x0"), 2),
        # Two independent additions at once; a chain of them one by one.
        ("cortex-m7", ("add.w r0, r0, #1", "add.w r1, r1, #1", "add.w r2, r2, #1", "add.w r3, r3, #1"), 2),
        ("cortex-m7", ("add.w r0, r0, #1", "add.w r0, r0, #1", "add.w r0, r0, #1"), 3),
        ("cortex-m7", ("vadd.f32 s0, s0, s1",), 3),
        ("cortex-m7", ("vadd.f32 s0, s0, s1", "vadd.f32 s2, s2, s1", "vadd.f32 s4, s4, s1"), 3),
        ("cortex-m85", ("add.w r0, r0, #1", "add.w r1, r1, #1"), 1),
        ("generic-rv32", ("lw a0,0(a1)", "add a2,a2,a0"), 3),
        ("generic-rv32", ("mul a0,a0,a1",), 4),
    ],
)  # fmt: skip
def test_pipelines(cpu, texts, expected):
    code = Code(*texts)
    loop = [code.at(4 * n) for n in range(len(texts))]
    repeated = [
        replace(loop[-1], operands=loop[-1].operands if "#0x0" in loop[-1].operands else f"{loop[-1].operands} #0x0"),
        *(),
    ]
    assert sum(cores.of(cpu).times([*loop[:-1], *repeated])) == expected


def test_a_branch_that_is_guessed_costs_where_it_goes_the_rarer_way():
    for cpu, penalty in (("cortex-m7", 4), ("cortex-m85", 4)):
        assert cores.of(cpu).branch(Code("bne #0x0").at(0), 100, 1) == penalty
    assert cores.of("generic-rv32").branch(Code("bne a0,a1,#0x0").at(0), 100, 98) == 2 * 3
    assert cores.of("cortex-m55").branch(Code("bne #0x0").at(0), 100, 1) == 99 * 3
    assert cores.of("cortex-m55").branch(Code("le lr, #0x0").at(0), 100, 1) == 0


@pytest.mark.parametrize(
    "line, expected",
    [
        ("   44510:\ted18 1f04 \tvldrw.u32\tq0, [r8], #16", (0x44510, 4, "vldrw.u32", "q0, [r8], #16")),
        ("   456a6:\td1ee      \tbne.n\t45686 <board_print_hex+0x12>", (0x456A6, 2, "bne", "#0x45686")),
        ("   4461c:\tf00f c039 \tle\tlr, 445b0 <f+0x30>", (0x4461C, 4, "le", "lr, #0x445b0")),
        ("   4460c:\t3128      \tadds\tr1, #40\t@ 0x28", (0x4460C, 2, "adds", "r1, #40")),
        ("80044204:\tfcce18e3          \tbne\tt3,a2,800441d4 <f+0x10>", (0x80044204, 4, "bne", "t3,a2,#0x800441d4")),
        ("80044200:\t98fa                \tadd\ta7,a7,t5", (0x80044200, 2, "add", "a7,a7,t5")),
    ],
)
def test_what_objdump_says(line, expected):
    found = parse(line)
    assert (found.address, found.size, found.mnemonic, found.operands) == expected


@pytest.mark.parametrize("line", ["", "00044510 <f>:", "Disassembly of section .text:", "a.elf:     file format elf32-littlearm"])
def test_what_is_no_instruction(line):
    assert parse(line) is None
