"""Cycles by hand: a few instructions with counts, against what a manual says of them."""

import pytest
from iree_baremetal.device.executions import Block, Segment
from iree_baremetal.timing import cores
from iree_baremetal.timing.code import Instruction, _words
from iree_baremetal.timing.estimate import estimate


class Code:
    """Instructions one after the other from address 0, four bytes each."""

    def __init__(self, *texts):
        self.texts = texts

    def at(self, address):
        mnemonic, _, operands = self.texts[address // 4].partition(" ")
        return Instruction(address, 4, mnemonic, operands, _words(mnemonic, operands))


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


def test_executions_and_kinds_are_told_apart():
    found = estimate(Segment({Block((0, 4)): [5, 0], Block((4,)): [2, 2]}), Code("ldr r0, [r1]", "bne #0x0"), cores.of("cortex-m4"))
    assert {a: (line.executions, line.cycles) for a, line in found.lines.items()} == {0: (5, 10), 4: (7, 17)}
    assert found.kinds == {"load": 10, "branch": 17} and found.instructions == 12


def test_what_measuring_costs_is_taken_off():
    inner, around = Block((0,)), Block((4,))
    left = Segment({inner: [5, 0], around: [2, 2]}).minus(Segment({around: [2, 2], Block((8,)): [1, 1]}))
    assert left.instructions() == 4 and around not in left.blocks


def test_cores_without_a_table():
    assert cores.of("generic-rv32") is None
