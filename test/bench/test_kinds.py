"""What instructions are for: loops whose kinds are told by hand, from their disassembly."""

import pytest
from iree_baremetal.bench import kinds
from iree_baremetal.timing import cores
from iree_baremetal.timing.code import parse
from iree_baremetal.timing.estimate import Estimate


class Code:
    """The instructions of one function, four bytes each from 0x100 on; label: the number that a branch goes to."""

    def __init__(self, texts):
        self.decoded = {}
        for number, text in enumerate(texts):
            mnemonic, _, operands = text.partition(" ")
            address = 0x100 + 4 * number
            before, at, target = operands.partition("@")
            operands = f"{before}{0x100 + 4 * int(target):x} <k>" if at else operands
            self.decoded[address] = parse(f" {address:x}:\t0000 0000\t{mnemonic}\t{operands}")

    def at(self, address):
        return self.decoded[address]

    def function(self, address):
        return "k"


def told(core, *lines):
    """(expected, found) kinds of lines "instruction | kind"."""
    code = Code([line.partition("|")[0].strip() for line in lines])
    estimate = Estimate()
    for number, address in enumerate(code.decoded):
        estimate.lines[address].executions, estimate.lines[address].cycles = 10, number + 1
    found = kinds.of(estimate, code, cores.of(core, ""))
    expected = [line.partition("|")[2].strip() for line in lines]
    shares = kinds.cycles(estimate, found)
    assert sum(shares.values()) == sum(line.cycles for line in estimate.lines.values())
    return expected, list(found.values())


LOOPS = {
    "a dot product of int8 and its requantization": (
        "cortex-m4",
        "ldr.w r4, [r0], #4 | load",
        "ldr r5, [r1, r6] | load",
        "sxtb16 r7, r4 | other",
        "smlad r3, r7, r5, r3 | multiply",
        "adds r6, #4 | address",
        "subs r2, #1 | other",
        "bne.n @0 | branch",
        "smull r8, r9, r3, r10 | requantize",
        "ssat r9, #8, r9 | requantize",
        "add.w r11, r12, lr | address",
        "strb.w r9, [r11] | store",
    ),
    "an address by way of others": (
        "cortex-m4",
        "lsl.w r1, r2, #2 | address",
        "add.w r3, r1, r0 | address",
        "vldr s0, [r3] | load",
        "vcvt.f32.s32 s1, s0 | requantize",
        "vmul.f32 s2, s1, s1 | multiply",
        "vadd.f32 s3, s2, s2 | other",
    ),
    "a pointer that the next turn uses": (
        "cortex-m3",
        "ldr r3, [r1, #0] | load",
        "add r2, r3 | other",
        "adds r1, #4 | address",
        "cmp r1, r4 | other",
        "bne.n @0 | branch",
    ),
    "a register that is set anew before it is an address": (
        "cortex-m3",
        "adds r1, #4 | other",
        "mov r1, r2 | address",
        "ldr r3, [r1, #0] | load",
    ),
    "two counters that feed but each other": (
        "cortex-m3",
        "adds r1, r2, #4 | other",
        "adds r2, r1, #4 | other",
        "bne.n @0 | branch",
    ),
    "RISC-V": (
        "generic-rv32",
        "lw a3,0(a1) | load",
        "mul a4,a3,a3 | multiply",
        "mulh a5,a4,a6 | requantize",
        "addi a1,a1,4 | address",
        "slli s1,s2,2 | address",
        "add s1,s1,a0 | address",
        "sw a5,0(s1) | store",
        "addi t0,t0,-1 | other",
        "bnez t0,@0 | branch",
    ),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_kinds(loop):
    expected, found = told(*LOOPS[loop])
    assert found == expected


@pytest.mark.parametrize("end, kind", [("ldr r3, [r1, #0]", "address"), ("cmp r1, r4", "other")])
def test_a_long_chain_of_results(end, kind):
    expected, found = told(
        "cortex-m3", *["adds r1, r1, #4 | " + kind] * 3000, f"{end} | {'load' if kind == 'address' else 'other'}"
    )
    assert found == expected
