"""What instructions do to the stack pointer and where they lead: Thumb and RISC-V, in capstone's spelling.

A semantics object follows one function, instruction by instruction. It is made with the names of
the image's functions by address, and with a reader of the words (signed) in its code.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """The effect of one instruction."""

    grows: int = 0  # bytes of stack taken; negative: given back
    target: int | None = None  # address that it calls or branches to
    is_call: bool = False
    pointer: bool = False  # calls, or leaves for, an address in a register
    ends: bool = False  # the next instruction is not reached from here
    exact: bool = True  # False: it takes stack by an amount that cannot be told


_NOTHING = Step()
_CONDITIONS = "(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)"


def _number(text):
    """The number in an operand such as ``#-0x10``, or None."""
    match = re.fullmatch(r"#?(-?)(0x[0-9a-f]+|\d+)", text)
    return match and int(match[1] + match[2], 0)


def _operands(text):
    """Operands at their commas, those within braces and brackets kept together."""
    return [o.strip() for o in re.split(r",(?![^{\[]*[}\]])", text)]


class Thumb:
    """Thumb-2 of the M profile. The architecture keeps sp a multiple of 8 at calls."""

    # "ble" is a branch if less or equal, "bleq" a call if equal.
    CALL = re.compile(rf"(blx?){_CONDITIONS}?")
    BRANCH = re.compile(rf"(b|cbn?z){_CONDITIONS}?")

    def __init__(self, names, word):
        self.word = word
        self.constants = {}  # registers with a known value
        self.masks = {}  # registers about to align sp -> bytes that this may cost

    def step(self, address, mnemonic, text):
        mnemonic = mnemonic.split(".")[0] if not mnemonic.startswith("v") else mnemonic
        operands = _operands(text)
        if self.BRANCH.fullmatch(mnemonic):
            return Step(target=_number(operands[-1]), ends=mnemonic == "b")
        if self.CALL.fullmatch(mnemonic):
            target = _number(operands[-1])
            if target is None:
                return Step(pointer=True)
            return Step(target=target & ~1, is_call=True)
        if mnemonic.startswith("bx"):
            return Step(pointer=operands[0] != "lr", ends=mnemonic == "bx")
        if mnemonic in ("tbb", "tbh", "udf") or (mnemonic in ("ldr", "mov") and operands[0] == "pc"):
            grows = -(_number(operands[-1]) or 0) if text.startswith("pc, [sp], ") else 0
            return Step(grows=grows, ends=True)
        return self._data(address, mnemonic, operands, text)

    def _data(self, address, mnemonic, operands, text):
        first = operands[0]
        if mnemonic in ("push", "vpush") or (mnemonic in ("stmdb", "vstmdb") and first == "sp!"):
            return Step(grows=_registers(operands[-1]))
        if mnemonic in ("pop", "vpop") or (mnemonic in ("ldm", "ldmia", "vldmia") and first == "sp!"):
            return Step(grows=-_registers(operands[-1]), ends="pc" in operands[-1])
        if match := re.search(r"\[sp, (#-\w+)\]!", text):  # a store, pre-indexed
            return Step(grows=-_number(match[1]))
        if match := re.search(r"\[sp\], (#\w+)$", text):  # a load, post-indexed
            return Step(grows=-_number(match[1]))
        if first == "sp" and mnemonic in ("sub", "subw", "add", "addw"):
            return self._moves(1 if mnemonic.startswith("sub") else -1, operands[-1])
        if mnemonic in ("mov", "movw") and len(operands) == 2:
            self.constants[first] = _number(operands[1])
            # An epilogue's, or the end of an alignment of sp: bfc rX, …; mov sp, rX.
            return Step(grows=self.masks.pop(operands[1], 0)) if first == "sp" else _NOTHING
        if mnemonic == "movt" and self.constants.get(first) is not None:
            self.constants[first] = self.constants[first] & 0xFFFF | _number(operands[1]) << 16
        elif mnemonic == "ldr" and (match := re.search(r"\[pc, (#\w+)\]$", text)):
            self.constants[first] = self.word((address + 4 & ~3) + _number(match[1]))
        elif mnemonic == "bfc" and _number(operands[1]) == 0:
            self.masks[first] = max(2 ** _number(operands[2]) - 8, 0)
        elif not mnemonic.startswith(("str", "cmp", "tst", "v")):
            self.constants.pop(first, None)
        return _NOTHING

    def _moves(self, sign, operand):
        amount = _number(operand)
        if amount is None:
            amount = self.constants.get(operand)
        return Step(exact=False) if amount is None else Step(grows=sign * amount)


def _registers(text):
    """Bytes of a register list."""
    names = text.strip("{}").split(", ")
    return sum(8 if name.startswith("d") else 4 for name in names)


class RiscV:
    """RV32 and RV64, IMFC. The ABI keeps sp a multiple of 16."""

    BRANCHES = {f"b{condition}" for condition in "eq ne lt ge ltu geu eqz nez lez gez ltz gtz".split()}
    STORES = {"sb", "sh", "sw", "swsp", "sd", "sdsp", "fsw", "fswsp", "fsd", "fsdsp"}

    def __init__(self, names, word):
        self.names = names
        self.values = {}  # registers with a known constant or address

    def step(self, address, mnemonic, text):
        mnemonic = mnemonic.removeprefix("c.")
        operands = _operands(text)
        last = _number(operands[-1])
        if mnemonic in ("j", "jal"):
            link = operands[0] if len(operands) == 2 else {"j": "zero", "jal": "ra"}[mnemonic]
            return self._jump(link, address + last)
        if mnemonic in ("jr", "jalr"):
            return self._jump_register(mnemonic, operands)
        if mnemonic in self.BRANCHES:
            return Step(target=address + last)
        if mnemonic == "ret":
            return Step(ends=True)
        first = operands[0]
        if first == "sp":
            return self._moves(mnemonic, operands, last)
        self._track(address, mnemonic, operands, last)
        return _NOTHING

    def _jump(self, link, target):
        if link == "zero":
            return Step(target=target, ends=True)
        # GCC's shared prologue takes stack for its caller.
        if saved := re.fullmatch(r"__riscv_save_(\d+)", self.names.get(target, "")):
            return Step(grows=16 * (int(saved[1]) // 4 + 1))
        return Step(target=target, is_call=True)

    def _jump_register(self, mnemonic, operands):
        # c.jr a5; c.jalr a5; jalr ra, 0x10(t1); jalr zero, t1, 0x10
        link, base, offset = {"jr": "zero", "jalr": "ra"}[mnemonic], operands[-1], 0
        if len(operands) > 1:
            link = operands[0]
            base = operands[1]
            offset = _number(operands[2]) if len(operands) > 2 else 0
            if match := re.fullmatch(r"(-?\w+)\((\w+)\)", base):
                base, offset = match[2], _number(match[1])
        if link == "zero" and base in ("ra", "t0"):
            return Step(ends=True)
        if self.values.get(base) is not None:
            return self._jump(link, self.values[base] + offset)
        return Step(pointer=True, ends=link == "zero")

    def _moves(self, mnemonic, operands, last):
        if mnemonic in ("addi", "addi16sp"):
            # addi sp, s0, -n is an epilogue's: it goes back to the frame.
            return Step(grows=-last) if operands[1] == "sp" or len(operands) == 2 else _NOTHING
        if mnemonic == "andi":
            return Step(grows=max(-last - 16, 0))
        if mnemonic in ("add", "sub"):
            value = self.values.get(operands[-1])
            if value is None:
                return Step(exact=False)
            return Step(grows=value if mnemonic == "sub" else -value)
        return _NOTHING

    def _track(self, address, mnemonic, operands, last):
        first = operands[0]
        if mnemonic == "li":
            self.values[first] = last
        elif mnemonic == "lui":
            self.values[first] = _signed(last << 12)
        elif mnemonic == "auipc":
            self.values[first] = (address + (last << 12)) & 0xFFFFFFFF
        elif mnemonic == "addi" and self.values.get(operands[-2]) is not None:
            self.values[first] = self.values[operands[-2]] + last
        elif mnemonic not in self.STORES:
            self.values.pop(first, None)


def _signed(value):
    return (value & 0xFFFFFFFF ^ 0x80000000) - 0x80000000
