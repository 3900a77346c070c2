"""The best inner loops that are known of products, for the cores' tables: kind of product -> `possible.Loop`.

"of many pixels" and channels: blocks, as large as registers allow, use each input and weight several times. "of one
pixel": each weight is used once. Depthwise products have none here: what they take is not in their inner loops.
"""

from ..possible import Loop

INT8, FLOAT, MANY, ONE = "int8", "float", "of many pixels", "of one pixel"


def _lines(*parts):
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part))


def _smlad(sums, weights, inputs):
    """sums: names, weight by weight, for each of inputs."""
    pairs = [(weight, value) for weight in weights for value in inputs]
    return [f"smlad {total}, {weight}, {value}, {total}" for total, (weight, value) in zip(sums, pairs, strict=True)]


def _unpack(weights):
    return [f"sxtb16 {name}, {name}, ror #8" for name in weights]


def _products(sums, weights, inputs, instruction):
    """instruction: how one is added, of s (sum), w and x."""
    pairs = [(weight, value) for weight in weights for value in inputs]
    return [
        line.format(s=total, w=weight, x=value)
        for total, (weight, value) in zip(sums, pairs, strict=True)
        for line in instruction
    ]


def _named(letter, first, count):
    return [f"{letter}{n}" for n in range(first, first + count)]


_SUMS, _WORDS = _named("r", 0, 6), ["r10", "r11", "r12"]
# A word has four weights, of which two are used without being unpacked.
_DSP_BLOCK = Loop(
    "3 channels by 2 pixels, LDM, four weights by one SXTB16",
    24,
    _lines("ldm r6!, {r8, r9}", "ldm lr!, {r10, r11, r12}", _smlad(_SUMS, _WORDS, ["r8", "r9"]),
           "ldm r6!, {r8, r9}", _unpack(_WORDS), _smlad(_SUMS, _WORDS, ["r8", "r9"])),
)  # fmt: skip
_FIVE = ["r7", "r8", "r9", "r10", "r11"]
_DSP_ROW = Loop(
    "5 channels of one pixel, LDM, four weights by one SXTB16",
    20,
    _lines("ldm r12!, {r5, r6}", "ldm lr!, {r7, r8, r9, r10, r11}", _smlad(_named("r", 0, 5), _FIVE, ["r5"]),
           _unpack(_FIVE), _smlad(_named("r", 0, 5), _FIVE, ["r6"])),
)  # fmt: skip
DSP = {f"{INT8} {MANY}": _DSP_BLOCK, f"{INT8} {ONE}": _DSP_ROW}

_BLOCK, _ROW = _named("s", 0, 20), _named("s", 0, 12)
_LOADS = ("vldmia r0!, {s20-s24}", "vldmia r1!, {s25-s28}")
_SEPARATE, _FUSED = ("vmul.f32 s29, {w}, {x}", "vadd.f32 {s}, {s}, s29"), ("vfma.f32 {s}, {w}, {x}",)
# Where VFMA takes longer than VMUL and VADD.
FPU = {
    f"{FLOAT} {MANY}": Loop(
        "4 channels by 5 pixels, VLDM, VMUL and VADD",
        20,
        _lines(_LOADS, _products(_BLOCK, _named("s", 25, 4), _named("s", 20, 5), _SEPARATE)),
    ),
    f"{FLOAT} {ONE}": Loop(
        "12 channels of one pixel, VLDM, VMUL and VADD",
        48,
        _lines(
            "vldmia r0!, {s12-s15}",
            *[_lines("vldmia r1!, {s16-s27}", _products(_ROW, _named("s", 16, 12), [f"s{x}"], _SEPARATE)) for x in range(12, 16)],
        ),
    ),
}
# Where a load is issued beside it.
FUSED_FPU = {
    f"{FLOAT} {MANY}": Loop(
        "4 channels by 5 pixels, VLDM, VFMA",
        20,
        _lines(_LOADS, _products(_BLOCK, _named("s", 25, 4), _named("s", 20, 5), _FUSED)),
    ),
    f"{FLOAT} {ONE}": Loop(
        "8 channels of one pixel, each VFMA beside a VLDR",
        8,
        _lines(
            "vldr s16, [r0]",
            *[line for n in range(8) for line in (f"vldr s{17 + n}, [r1, #{4 * n}]", f"vfma.f32 s{n}, s{17 + n}, s16")],
        ),
    ),
}

_DOTS = [f"vmlava.s8 r{2 * n}, q{1 + n % 4}, q{5 + n // 4}" for n in range(8)]
_MVE_BLOCK = Loop(
    "4 channels by 2 pixels, VMLAVA, 16 products each",
    128,
    _lines("vldrb.u8 q5, [r1]", "vldrb.u8 q1, [r3]", _DOTS[0], "vldrb.u8 q2, [r5]", _DOTS[1], "vldrb.u8 q3, [r7]", _DOTS[2], "vldrb.u8 q4, [r9]",
           _DOTS[3], "vldrb.u8 q6, [r11]", _DOTS[4:]),
)  # fmt: skip
_MVE_ROW = Loop(
    "4 channels of one pixel, VMLAVA, 16 products each",
    64,
    _lines("vldrb.u8 q5, [r1]", *[_lines(f"vldrb.u8 q{n + 1}, [r{3 + 2 * n}]", _DOTS[n]) for n in range(4)]),
)
# Vectors are multiplied no quicker in a block of pixels.
_MVE_FLOAT = Loop(
    "8 channels of one pixel, VFMA by a scalar, 4 products each",
    8,
    _lines("ldr r2, [r1], #4", "vldrw.u32 q4, [r0]", "vfma.f32 q0, q4, r2", "vldrw.u32 q5, [r0]", "vfma.f32 q1, q5, r2"),
)
MVE = {f"{INT8} {MANY}": _MVE_BLOCK, f"{INT8} {ONE}": _MVE_ROW, f"{FLOAT} {MANY}": _MVE_FLOAT, f"{FLOAT} {ONE}": _MVE_FLOAT}


def _pairs(channel):
    """Two factors of a channel and two pairs of pixels; meanwhile the next channel's weights come."""
    first, following = (("t6", "t7"), ("t8", "t9"))[:: -1 if channel % 2 else 1]
    whole, upper = (_named("s", 2 * channel, 2), _named("s", 8 + 2 * channel, 2))
    yield from (f"mul t{2 + 2 * pair + n},a{2 * pair + n},{first[n]}" for pair in range(2) for n in range(2))
    yield from (f"lb {name},0(t1)" for name in following)
    yield from (f"add t{n},t{n},t{n + 1}" for n in (2, 4))
    yield from (f"add {total},{total},t{n}" for total, n in zip(whole, (2, 4)))
    yield from (f"{name} t{n},t{n},{number}" for name, number in (("addi", "-2048"), ("srai", "16")) for n in (2, 4))
    yield from (f"add {total},{total},t{n}" for total, n in zip(upper, (2, 4)))


# Without vectors and without packed products.
SCALAR_RISCV = {
    f"{INT8} {MANY}": Loop(
        "4 channels by 4 pixels, two in one MUL", 32, _lines([f"lw a{n},0(t0)" for n in range(4)], [line for c in range(4) for line in _pairs(c)])
    ),
    f"{FLOAT} {MANY}": Loop(
        "4 channels by 4 pixels, FMADD",
        16,
        _lines([f"flw ft{n},0(t0)" for n in range(4)], [f"flw fa{n},0(t1)" for n in range(4)],
               [f"fmadd.s fs{4 * c + p},ft{p},fa{c},fs{4 * c + p}" for c in range(4) for p in range(4)]),
    ),
}  # fmt: skip


# Cores without DSP extension: a word has an activation each of two pixels, a + (b << 16), as in rewrite/rv32/halves.py. Two products
# of it are added up and taken apart; the carry that a shift leaves rounds the upper half, or 1 << 15, r12 of Cortex-M0, does.
def _armv7m_channel(whole, upper, at):
    yield from (f"ldrsb {name}, [r7, #{at + n}]" for n, name in enumerate(("r10", "r11")))
    yield from ("mul r12, r10, r8", "mla r12, r11, r9, r12", f"add {whole}, {whole}, r12")
    yield from ("asrs r12, r12, #16", f"adc {upper}, {upper}, r12")


def _armv6m_channel(whole, upper, at):
    for n, name in enumerate(("r2", "r3")):
        yield from (f"ldrb {name}, [r5, #{at + n}]", f"sxtb {name}, {name}", f"muls {name}, r{n}, {name}")
    rounded = upper in ("r6", "r7")  # the others take no carry
    yield from ("adds r2, r2, r3", *([] if rounded else ["add r2, r12"]), f"add {whole}, r2", "asrs r2, r2, #16")
    yield f"adcs {upper}, {upper}, r2" if rounded else f"add {upper}, r2"


ARMV7M = {
    f"{INT8} {MANY}": Loop(
        "3 channels by 2 pixels, two in one MUL",
        12,
        _lines("ldm r6!, {r8, r9}", *[list(_armv7m_channel(f"r{c}", f"r{3 + c}", 2 * c)) for c in range(3)]),
    ),
    f"{INT8} {ONE}": Loop(
        "5 channels of one pixel, MLA",
        5,
        _lines(
            "ldrsb r5, [r12, #0]",
            [f"ldrsb r{6 + n}, [lr, #{n}]" for n in range(5)],
            [f"mla r{n}, r{6 + n}, r5, r{n}" for n in range(5)],
        ),
    ),
}
_TEN = [f"r{n}" for n in (4, 5, 6, 7, 8, 9, 10, 11, 12)] + ["lr"]
ARMV6M = {
    f"{INT8} {MANY}": Loop(
        "3 channels by 2 pixels, two in one MULS",
        12,
        _lines("ldm r4!, {r0, r1}", *[list(_armv6m_channel(*pair, 2 * c)) for c, pair in enumerate((("r8", "r6"), ("r9", "r7"), ("r10", "r11")))]),
    ),
    f"{INT8} {ONE}": Loop(
        "10 channels of one pixel, MULS",
        10,
        _lines("ldrb r0, [r2, #0]", "sxtb r0, r0",
               *[[f"ldrb r1, [r3, #{n}]", "sxtb r1, r1", "muls r1, r0, r1", f"add {total}, r1"] for n, total in enumerate(_TEN)]),
    ),
}  # fmt: skip
