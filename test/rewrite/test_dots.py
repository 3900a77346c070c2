"""Blocks of int8 products, sweeps, and copies for MVE: all shapes in one program for QEMU's Cortex-M55, held against NumPy."""

import re
import shutil
import subprocess

import numpy
import pytest
from iree_baremetal.rewrite.mve import copying, dots, sweep

pytestmark = pytest.mark.skipif(not shutil.which("qemu-system-arm"), reason="needs qemu-system-arm")

TILES = [(p, c) for p in range(1, 7) for c in range(1, 7) if p * c <= len(dots.SUMS)]
# (vectors, turns, step, pitch): taps that neighbours share; more offsets than registers; words nowhere; one turn; a long one
SHAPES = [(3, 3, 16, 176), (3, 2, 32, 288), (6, 2, 32, 400), (2, 3, 3, 48), (1, 4, 7, 60), (1, 1, 16, 16), (4, 1, 64, 64)]
BLOCKS = [dots.Block(*tile, *shape) for tile in TILES for shape in SHAPES]
BLOCKS = [block for block in BLOCKS if block.fits]
# (channels, bytes from one to the next, bytes from a pixel to the next, bytes of a pixel in the strip, pixels)
PLANAR = [(16, 40, 1, 16, 33), (3, 70000, 1, 3, 16), (1, 0, 12, 1, 25), (7, 1, 17, 16, 5)]

# (pixels, channels, what becomes of sums, bytes of the output from a pixel to the next, and from a channel)
PLANE = (4289131, 1621615, -76976647, 21, -128, 127)
SWEEPS = [
    (3, 2, sweep.Finish(2, 6, -128, 127, 0), 1, 50),
    (2, 3, sweep.Finish(2, 0, -100, 90, 2), 30, 1),
    (1, 6, sweep.Finish(2, 5, -128, 127, 1, PLANE), 1, 3),
    (3, 2, sweep.Finish(4, 3, -128, 127, 0, PLANE), 1, 600),
    (3, 1, sweep.Finish(4, 0, -17, 127, 0), 5, 2500),
    (2, 2, sweep.Finish(2, 4, -128, 127, 1, (*PLANE[:4], -5, 100)), 1, 2100),
]

START = """
#include <stdint.h>
extern int main(void);
static void begin(void) { *(volatile uint32_t *)0xE000ED88 |= 0xF << 20; __asm volatile("dsb; isb"); main(); }
__attribute__((section(".vectors"), used)) const uintptr_t vectors[16] = {0x30080000, (uintptr_t)begin};
static int call(int number, const void *with) {
  register int r0 __asm("r0") = number; register const void *r1 __asm("r1") = with;
  __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory"); return r0;
}
static void say(const char *text) { call(4, text); }
static void number(int value) { char text[8] = {0}; int at = 7; do text[--at] = '0' + value % 10; while (value /= 10); say(text + at); say(" "); }
static void end(void) { static const uint32_t done[2] = {0x20026, 0}; call(0x20, done); }
"""


def _function(name, text, stores):
    """A function whose first operands are in r0, r1 …; stores: lines that follow."""
    lines = [f".global {name}", f".thumb_func\n{name}:", "push {r4-r11, lr}", "vpush {d8-d15}", text, *stores]
    return "\n".join([*lines, "vpop {d8-d15}", "pop {r4-r11, pc}"])


def _array(name, values, kind="int8_t"):
    return (
        f"{'static ' if name != 'large' else ''}{kind} {name}[] __attribute__((aligned(16))) = {{{','.join(map(str, values))}}};"
    )


def _run(folder, assembly, program):
    """What the program says on QEMU's Cortex-M55."""
    (folder / "a.s").write_text(f".syntax unified\n.thumb\n{assembly}\n")
    (folder / "m.c").write_text(START + program)
    places = ["-Wl,--section-start=.vectors=0x10000000", "-Wl,-Ttext=0x10000100", "-Wl,-Tdata=0x30000000", "-Wl,-Tbss=0x30060000"]
    flags = ["-mcpu=cortex-m55", "-mthumb", "-mfloat-abi=hard", "-O1", "-nostdlib", *places, "-Wl,--entry=0"]
    elf = folder / "m.elf"
    subprocess.run(["arm-none-eabi-gcc", *flags, folder / "a.s", folder / "m.c", "-o", elf, "-lgcc"], check=True)
    command = ["qemu-system-arm", "-M", "mps3-an547", "-display", "none", "-semihosting-config", "enable=on,target=native"]
    done = subprocess.run([*command, "-kernel", elf], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    return (done.stdout + done.stderr).split()


def _inputs(constraints):
    """The registers of the operands, and how many outputs there are."""
    outputs = re.findall(r"=&?\{(\w+)\}", constraints)
    tied = constraints.split(",")[len(outputs) :]
    numbers = [int(one) for one in tied if one.isdigit()]
    return [outputs[number] for number in numbers], outputs


def test_blocks_give_the_sums_of_all_pairs(tmp_path):
    random = numpy.random.default_rng(1)
    longest = max(block.pitch * block.turns + 6 * block.step + 16 * block.vectors for block in BLOCKS)
    activations = random.choice([-128, 127, *random.integers(-128, 128, 6)], longest).astype(numpy.int8)
    assembly, parts, checks = [], [_array("x", activations)], []
    for number, block in enumerate(BLOCKS):
        weights = random.choice([-128, 127, *random.integers(-128, 128, 6)], (block.channels, block.turns, block.vectors, 16))
        starts = random.integers(-(2**20), 2**20, block.channels)
        packed = numpy.concatenate([starts, weights.astype("i1").transpose(1, 2, 0, 3).copy().view("<i4").reshape(-1)])
        places = [
            [[t * block.pitch + p * block.step + 16 * v for v in range(block.vectors)] for t in range(block.turns)]
            for p in range(block.pixels)
        ]
        windows = activations[numpy.array(places)[..., None] + numpy.arange(16)].astype(numpy.int64)
        wanted = starts[:, None] + numpy.einsum("ctvl,ptvl->cp", weights, windows)
        text, constraints = block.text()
        operands, outputs = _inputs(constraints)
        assert operands == ["r3", "r1"] and len(outputs) == block.sums + 2
        stores = ["pop {r5}", *(f"str {name}, [r5], #4" for name in outputs[:-2]), "str r1, [r5]"]
        assembly.append(_function(f"f{number}", f"push {{r2}}\nmov r3, r0\n{text}", stores))
        parts.append(_array(f"w{number}", packed, "int32_t") + _array(f"y{number}", wanted.reshape(-1), "int32_t"))
        parts.append(f"void f{number}(const void *, const void *, int32_t *);")
        same = f"for (int i = 0; i < {block.sums}; i++) if (z[i] != y{number}[i]) number({number});"
        checks.append(
            f'f{number}(x, w{number}, z); {same} if (z[{block.sums}] != (int32_t)(w{number} + {len(packed)})) say("end");'
        )
    body = "\n".join(checks)
    program = "\n".join(parts) + f'\nint main(void) {{ int32_t z[8];\n{body}\nsay("done"); end(); return 0; }}'
    assert len(BLOCKS) > 60 and _run(tmp_path, "\n".join(assembly), program) == ["done"]


def test_copies_lay_channels_side_by_side(tmp_path):
    random = numpy.random.default_rng(2)
    source = random.integers(-128, 128, 150000).astype(numpy.int8)
    cases = []  # (text and constraints, operand, what comes of it)
    for channels, apart, step, part, pixels in PLANAR:
        wanted = numpy.full(pixels * part, 99, numpy.int8)
        at = numpy.arange(pixels)[:, None] * step + numpy.arange(channels) * apart
        wanted.reshape(pixels, part)[:, :channels] = source[at]
        cases.append((copying.planar(channels, apart, step, part), pixels, wanted))
    cases += [(copying.whole(), count, source[:count]) for count in (1, 15, 16, 101)]
    at = numpy.arange(5)[:, None] * 48 + numpy.arange(16)
    cases.append((copying.vectors(48), 5, source[at].reshape(-1)))
    assembly, parts, checks = [], [_array("large", source)], ["static int8_t z[4096];"]
    for number, ((text, constraints), count, wanted) in enumerate(cases):
        assert _inputs(constraints)[0] == ["r0", "r1", "r2"]
        assembly.append(_function(f"f{number}", text, []))
        parts.append(_array(f"y{number}", wanted) + f"void f{number}(const void *, void *, int);")
        checks.append(f"for (int i = 0; i < 4096; i++) z[i] = 99; f{number}(large, z, {count});")
        checks.append(
            f"for (int i = 0; i < 4096; i++) if (z[i] != (i < {len(wanted)} ? y{number}[i] : 99)) {{ number({number}); break; }}"
        )
    text, constraints = copying.filling()
    assembly.append(_function("fill", text, []))
    parts.append("void fill(void *, int, int);")
    checks.append(
        'for (int i = 0; i < 64; i++) z[i] = 9; fill(z, 37, -5); for (int i = 0; i < 64; i++) if (z[i] != (i < 37 ? -5 : 9)) say("fill");'
    )
    program = "\n".join(parts) + "\nint main(void) {" + "\n".join(checks) + '\nsay("done"); end(); return 0; }'
    assert _run(tmp_path, "\n".join(assembly), program) == ["done"]


def _finished(finish, sums, lines, residual):
    """What becomes of sums, [channel][pixel], by lines [channel][…]."""
    factor, *others = (column[:, None].astype(object) for column in lines.T)
    if finish.words == 2:
        values = ((factor * sums >> 32) + others[0]) >> finish.shift
    else:
        first, second, shift = others
        sums = (sums << finish.shift) + first
        values = ((factor * sums >> 32) + second + (sums >> 31)) >> shift
    values = numpy.clip(values, finish.least, finish.greatest)
    if finish.plane:
        a, b, c, shift, low, high = finish.plane
        values = numpy.clip((values * a + residual * b + c) >> shift, low, high)
    return values.astype(numpy.int8)


def test_sweeps_requantize_and_store(tmp_path):
    random, tiles, size = numpy.random.default_rng(3), 3, 20000
    shape = (2, 3, 16, 80)  # vectors, turns, step, pitch
    activations, residual = (random.integers(-128, 128, count).astype(numpy.int8) for count in (400, size))
    assembly, parts, checks = [], [_array("x", activations), _array("large", residual)], [f"static int8_t z[{size}];"]
    for number, (pixels, channels, finish, pixel, channel) in enumerate(SWEEPS):
        block = dots.Block(pixels, channels, *shape)
        made = sweep.Sweep(block, finish, pixel, channel)
        assert made.fits
        count = tiles * channels
        weights = random.integers(-128, 128, (count, block.turns, block.vectors, 16))
        starts = random.integers(-3000, 3000, count)
        places = numpy.array([[[t * 80 + p * 16 + 16 * v for v in range(2)] for t in range(3)] for p in range(pixels)])
        sums = starts[:, None] + numpy.einsum(
            "ctvl,ptvl->cp", weights, activations[places[..., None] + numpy.arange(16)].astype(int)
        )
        columns = [random.integers(2**20, 2**23 if finish.words == 2 else 2**21, count) << (6 + (finish.words == 2))]
        columns += [random.integers(-500, 500, count) for _ in range(finish.words - 1)]
        if finish.words == 4:
            columns[-1] = random.integers(1, 7, count)
        lines = numpy.stack(columns, 1)
        # Of the channels of the last tile but one, a sum of each is an exception, and that for its neighbour.
        moved, rows, own = sums.copy(), [], slice(channels, 2 * channels)
        for turn in range(finish.exceptions):
            by = 1 - 2 * turn
            place = min(turn, pixels - 1)
            moved[own, place] = sums[own, place] + by
            rows.append(2 * sums[own, place] + (by < 0))
        wanted = numpy.full(size, 99, numpy.int8)
        at = numpy.arange(count)[:, None] * channel + numpy.arange(pixels) * pixel
        wanted[at] = _finished(finish, moved.astype(object), lines, residual[at].astype(object))
        stream, length = [], 0
        for tile in range(tiles):
            part = slice(tile * channels, (tile + 1) * channels)
            record = [starts[part], weights[part].astype("i1").transpose(1, 2, 0, 3).copy().view("<i4").reshape(-1)]
            after = [lines[part].reshape(-1), numpy.array(finish.plane[:3] if finish.plane else [], int)]
            rest = sum(map(len, after))
            length = sum(map(len, record)) + rest + bool(finish.exceptions)
            flag = 4 * (rest + (tiles - 1 - tile) * length) if tile == 1 else 0
            stream += [*record, *([[flag]] if finish.exceptions else []), *after]
        stream = numpy.concatenate([*stream, [len(rows)], *rows]).astype("<i8").astype("<i4")
        text, constraints = made.text()
        operands, outputs = _inputs(constraints)
        assert operands == ["r3", "r1", "r9", "r11", "r12"]
        begin = "mov r9, r2\nmov r11, r3\nmov r3, r0\nldr r12, =large\nldr r0, =z\nsub r12, r0\nmov r7, #77"
        stores = [f"ldr r5, =last\nstr {outputs[0]}, [r5]", "str r7, [r5, #4]"]
        assembly.append(_function(f"f{number}", f"{begin}\n{text}", stores) + "\n.ltorg")
        parts.append(
            _array(f"w{number}", stream, "int32_t")
            + _array(f"y{number}", wanted)
            + f"void f{number}(const void *, const void *, void *, int);"
        )
        checks.append(
            f'for (int i = 0; i < {size}; i++) z[i] = 99; f{number}(x, w{number}, z, {tiles}); if (last[1] != 77) say("r7");'
        )
        checks.append(f'if ((int8_t)last[0] != y{number}[{at[-1, -1]}]) say("last");')
        checks.append(f"for (int i = 0; i < {size}; i++) if (z[i] != y{number}[i]) {{ number({number}); number(i); break; }}")
    checks[0] = ""
    program = f"int8_t z[{size}]; int32_t last[2];\n" + "\n".join(parts).replace("static int8_t large", "int8_t large")
    program += "\nint main(void) {" + "\n".join(checks) + '\nsay("done"); end(); return 0; }'
    assert _run(tmp_path, "\n".join(assembly), program) == ["done"]
