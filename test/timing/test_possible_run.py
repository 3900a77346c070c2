"""The best inner loops of cores without DSP extension give the sums that their words say: a turn each, run on an emulated core, against NumPy."""

import subprocess

import numpy
import pytest
import unicorn
from iree_baremetal.timing import cores
from unicorn import arm_const

CODE, ACTIVATIONS, WEIGHTS, SIZE, HALF = 0x10000, 0x20000, 0x30000, 0x10000, 1 << 15
MODELS = {"cortex-m0": arm_const.UC_CPU_ARM_CORTEX_M0, "cortex-m3": arm_const.UC_CPU_ARM_CORTEX_M3}
# Sums of wholes and of upper halves; addresses of activations and weights.
BLOCKS = {"cortex-m0": ("r8 r9 r10", "r6 r7 r11", "r4", "r5"), "cortex-m3": ("r0 r1 r2", "r3 r4 r5", "r6", "r7")}
ROWS = {"cortex-m0": ("r4 r5 r6 r7 r8 r9 r10 r11 r12 lr", "r2", "r3"), "cortex-m3": ("r0 r1 r2 r3 r4", "r12", "lr")}


def _number(name):
    return getattr(arm_const, f"UC_ARM_REG_{name.upper()}")


def _run(folder, cpu, kind, registers, activations, weights, wanted):
    """The registers wanted, as signed words, after a turn of the loop."""
    source = folder / "loop.s"
    source.write_text(f".syntax unified\n.thumb\n.cpu {cpu}\n{cores.of(cpu).best[kind].text}\nbkpt #0\n")
    subprocess.run(["arm-none-eabi-gcc", "-c", source, "-o", folder / "loop.o"], check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", folder / "loop.o", folder / "loop.bin"], check=True)
    code = (folder / "loop.bin").read_bytes()
    machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB | unicorn.UC_MODE_MCLASS)
    machine.ctl_set_cpu_model(MODELS[cpu])
    for place, content in ((CODE, code), (ACTIVATIONS, activations), (WEIGHTS, weights.astype("i1").tobytes())):
        machine.mem_map(place, SIZE)
        machine.mem_write(place, content)
    for name, value in registers.items():
        machine.reg_write(_number(name), value)
    machine.emu_start(CODE | 1, CODE + code.rindex(b"\x00\xbe"))
    return numpy.array([machine.reg_read(_number(name)) for name in wanted.split()], numpy.uint32).astype(numpy.int32)


@pytest.mark.parametrize("cpu", BLOCKS)
@pytest.mark.parametrize("seed", range(6))
def test_two_pixels_in_one_multiplication(tmp_path, cpu, seed):
    random = numpy.random.default_rng(seed)
    activations = random.choice([-128, 127, *random.integers(-128, 128, 2)], (2, 2))  # [factor][pixel]
    weights = random.choice([-128, 127, *random.integers(-128, 128, 2)], (3, 2))  # [channel][factor]
    weights[(weights == -128).all(1)] += 1  # else a run takes more than 16 bits
    wholes, uppers, *addresses = BLOCKS[cpu]
    given = dict.fromkeys(f"{wholes} {uppers}".split(), 0) | dict(zip(addresses, (ACTIVATIONS, WEIGHTS)))
    start = HALF if cpu == "cortex-m0" else 0
    given |= {"r12": HALF} if start else {}
    words = (activations[:, 0] + (activations[:, 1] << 16)).astype("<i4").tobytes()
    found = _run(tmp_path, cpu, "int8 of many pixels", given, words, weights, f"{wholes} {uppers}").reshape(2, 3)
    rounding = numpy.array([start if name not in ("r6", "r7") else 0 for name in uppers.split()])
    assert (found[0] - rounding - (found[1] << 16)).tolist() == (weights @ activations[:, 0]).tolist()
    assert found[1].tolist() == (weights @ activations[:, 1]).tolist()


@pytest.mark.parametrize("cpu", ROWS)
def test_a_weight_for_each_product(tmp_path, cpu):
    random = numpy.random.default_rng(7)
    totals, *addresses = ROWS[cpu]
    names = totals.split()
    weights, activation = random.integers(-128, 128, len(names)), random.integers(-128, 128, 1)
    starts = dict(zip(names, range(1000, 1000 + len(names))))
    given = starts | dict(zip(addresses, (ACTIVATIONS, WEIGHTS)))
    found = _run(tmp_path, cpu, "int8 of one pixel", given, activation.astype("i1").tobytes(), weights, totals)
    assert found.tolist() == (numpy.array(list(starts.values())) + weights * activation).tolist()
