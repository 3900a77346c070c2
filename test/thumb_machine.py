"""Thumb code assembled, and run on an emulated Cortex-M4."""

import re
import subprocess

import numpy
import unicorn
from unicorn import arm_const

CODE, DATA, STACK, SIZE = 0x10000, 0x20000, 0x50000, 0x10000
REGISTERS = [*(f"r{n}" for n in range(13)), "lr"]
_NUMBERS = {name: getattr(arm_const, f"UC_ARM_REG_{name.upper()}") for name in REGISTERS}
_KEPT = 0x5A5A5A5A


def _machine(folder, text):
    source, binary = folder / "block.s", folder / "block.bin"
    source.write_text(f".syntax unified\n.thumb\n.cpu cortex-m4\n{text}\nbkpt #0\n")
    subprocess.run(["arm-none-eabi-gcc", "-c", source, "-o", folder / "block.o"], check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", folder / "block.o", binary], check=True)
    code = binary.read_bytes()
    machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
    machine.ctl_set_cpu_model(arm_const.UC_CPU_ARM_CORTEX_M4)
    for place in (CODE, DATA, DATA + SIZE, STACK - SIZE):
        machine.mem_map(place, SIZE)
    machine.mem_write(CODE, code)
    return machine, CODE + code.rindex(b"\x00\xbe")


def _operands(constraints, inputs):
    """The registers of the outputs, of which the last are tied to the inputs; and those that may change."""
    outputs = re.findall(r"(?<!~)\{(\w+)\}", constraints)
    count = len(outputs)
    assert constraints.split(",")[count : count + inputs] == [str(count - inputs + n) for n in range(inputs)]
    return outputs, re.findall(r"~\{(\w+)\}", constraints)


def run(folder, text, constraints, inputs, *memory):
    """The outputs that are no inputs, as int32, of inline assembly (text, constraints).

    inputs: numbers in the registers of the last outputs. memory: bytes at DATA, at DATA + SIZE. Raises AssertionError if other
    registers, the frame pointer among them, or the stack pointer are not as before.
    """
    machine, end = _machine(folder, text)
    for number, content in enumerate(memory):
        machine.mem_write(DATA + number * SIZE, content)
    outputs, clobbered = _operands(constraints, len(inputs))
    first = len(outputs) - len(inputs)
    before = dict.fromkeys(REGISTERS, _KEPT) | dict(zip(outputs[first:], inputs))
    for name, value in before.items():
        machine.reg_write(_NUMBERS[name], value)
    machine.reg_write(arm_const.UC_ARM_REG_SP, STACK)
    machine.emu_start(CODE | 1, end)
    after = {name: machine.reg_read(_NUMBERS[name]) for name in REGISTERS}
    kept = set(REGISTERS) - {*outputs, *clobbered}
    assert "r7" in kept and all(after[name] == before[name] for name in kept)
    assert machine.reg_read(arm_const.UC_ARM_REG_SP) == STACK
    return numpy.array([after[name] for name in outputs[:first]], numpy.uint32).astype(numpy.int32)
