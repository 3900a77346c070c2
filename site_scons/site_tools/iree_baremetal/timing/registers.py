"""Which registers an instruction reads and writes, told from objdump's text: Thumb with MVE, and RISC-V.

A register of floating point goes by the 32-bit registers that it is made of; "flags" are Arm's condition flags.
"""

import re
from dataclasses import dataclass

_REGISTER = re.compile(r"\b(?:[rsdq]\d+|sp|lr|pc|zero|ra|gp|tp|[ast]\d+|f[ast]\d+|x\d+)\b")
_LISTED = re.compile(r"\b([rsdq])(\d+)-[rsdq](\d+)\b")
_ADDRESS = re.compile(r"\[([^\]]*)\](!?)(,?)|\(([^)]*)\)")
_COMPARES = re.compile(r"(?:cmp|cmn|tst|teq|vcmpe?|vpt\w*)(?:\..*)?")
_READS_FLAGS = re.compile(
    r"(?:b|mov|add|sub|it[te]*)(?:eq|ne|hs|cs|lo|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)(?:\..*)?|it[te]*|csel|csinc|cset|adc\w*|sbc\w*"
)
_WRITES_FLAGS = re.compile(r"(?:add|sub|mov|and|orr|eor|lsl|lsr|asr|ror|rsb|adc|sbc|mul|bic|mvn)s(?:\..*)?")
_PAIRS = re.compile(r"(?:ldrd|[su]mull|[su]mlal\w*|umaal|smlsld\w*|vr?ml[as]ldav\w*|vaddlv\w*|lsrl|asrl|lsll)(?:\..*)?")
_ACCUMULATES = re.compile(
    r"(?:[su]mlal\w*|umaal|smlsld\w*|vfn?m[as]\w*|vn?ml[as]\w*|vr?ml[as]ldava\w*|vml[as]v?a\w*|vaddl?va|vabav|movt|bfi|vcmla|vq?r?dml\w*)(?:\..*)?"
)
_LAST_ACCUMULATES = re.compile(r"(?:ml[as]|sml[as][bwtd]\w*|smmla\w*|usada8|fn?m(?:add|sub)\.\w+)(?:\..*)?")
_MOVES = re.compile(
    r"(?:v?movw?|v?mvn|[su]xt|v?rev|rbit|v?clz|vcvt|vabs|vneg|vsqrt|vrint|v?ldr|vdup|vmovl|vmovn|pop|adr|li|mv|la|neg|not|se[qn]z|lui|auipc|fmv|fcvt|fsqrt|[sz]ext).*"
)


@dataclass(frozen=True)
class Use:
    """Names of registers: address, of what makes a load's or store's address; accumulator, that a multiplication adds
    to; data, that a store writes; read, of the rest. written, with updated, the address that a load or store moves on.
    """

    read: frozenset
    address: frozenset
    accumulator: frozenset
    data: frozenset
    written: frozenset
    updated: frozenset


def use(instruction, kind):
    """The `Use` of an `code.Instruction`; kind: that of its rule."""
    text, mnemonic = instruction.operands, instruction.mnemonic
    addressed = _ADDRESS.search(text) if kind in ("load", "store") else None
    address = _names(addressed[1] or addressed[4]) if addressed else frozenset()
    updated = _names(addressed[1]) if addressed and (addressed[2] or addressed[3]) else frozenset()
    plain = _ADDRESS.sub("", text) if addressed else text
    listed = plain.partition("{")
    if kind in ("load", "store") and listed[1] and not addressed:  # of many registers
        address = updated = _names(listed[0])
        plain = listed[2]
    operands = [_names(part) for part in plain.split(",") if _names(part)]
    read = accumulator = frozenset()
    if kind == "store":
        return Use(frozenset(), address, frozenset(), frozenset().union(*operands), frozenset(), updated)
    if kind == "branch" or _COMPARES.fullmatch(mnemonic):
        flags = frozenset({"flags"})
        read = frozenset().union(*operands, flags if _READS_FLAGS.fullmatch(mnemonic) else ())
        return Use(read, address, accumulator, frozenset(), flags if kind != "branch" else frozenset(), updated)
    many = len(operands) if listed[1] else 2 if _PAIRS.fullmatch(mnemonic) else 1
    written, rest = operands[:many], operands[many:]
    if _ACCUMULATES.fullmatch(mnemonic):
        accumulator = frozenset().union(*written)
    elif _LAST_ACCUMULATES.fullmatch(mnemonic) and rest:
        accumulator, rest = rest[-1], rest[:-1]
    elif plain.count(",") == 1 and kind != "load" and not _MOVES.fullmatch(mnemonic):
        read |= frozenset().union(*written)  # add r0, r1
    read |= frozenset().union(*rest)
    if _READS_FLAGS.fullmatch(mnemonic):
        read |= {"flags"}
    changed = frozenset().union(*written)
    if _WRITES_FLAGS.fullmatch(mnemonic):
        changed |= {"flags"}
    return Use(read, address, accumulator, frozenset(), changed - {"zero"}, updated)


def _names(text):
    text = _LISTED.sub(lambda m: " ".join(f"{m[1]}{n}" for n in range(int(m[2]), int(m[3]) + 1)), text or "")
    return frozenset(part for name in _REGISTER.findall(text) for part in _parts(name))


def _parts(name):
    """The parts of Arm's d and q registers: s of 32 bits each."""
    width = {"d": 2, "q": 4}.get(name[0], 0) if name[1:].isdigit() else 0
    return [f"s{width * int(name[1:]) + n}" for n in range(width)] if width else [name]
