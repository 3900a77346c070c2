"""The best inner loops: what they take, by hand, and that they are what their words say."""

import re
from pathlib import Path

import pytest
from iree_baremetal.timing import cores, possible

ROOT = Path(__file__).resolve().parents[2]
CORES = (
    *("cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m33", "cortex-m7", "cortex-m55", "cortex-m85"),
    "generic-rv32",
)
ALL = [(cpu, kind) for cpu in CORES for kind in cores.of(cpu).best]
# Multiply-accumulates of one instruction; of words with two pixels, and of vectors, more.
PRODUCTS = {"smlad": 2, "vmul.f32": 1, "vfma.f32": 1, "vmlava.s8": 16, "mul": 1, "muls": 1, "mla": 1, "fmadd.s": 1}


@pytest.mark.parametrize(
    "cpu, kind, cycles",
    [
        # LDM of 2 and of 3 words, 6 SMLAD, LDM of 2, 3 SXTB16, 6 SMLAD: 3 + 4 + 6 + 3 + 3 + 6 for 24 products.
        ("cortex-m4", "int8 of many pixels", 25 / 24),
        # LDM of 2 and of 5 words, 10 SMLAD, 5 SXTB16.
        ("cortex-m4", "int8 of one pixel", (3 + 6 + 10 + 5) / 20),
        # VLDM of 5 and of 4 words, 20 VMUL, 20 VADD.
        ("cortex-m4", "float of many pixels", (6 + 5 + 40) / 20),
        ("cortex-m4", "float of one pixel", (5 + 4 * 13 + 96) / 48),
        # Two cycles for each VFMA, beside which vectors are loaded.
        ("cortex-m55", "float of many pixels", 4 / 8),
        ("generic-rv32", "float of many pixels", 24 / 16),
        # For 8 pairs of pixels and channels 2 MUL and 5 additions and shifts, 4 loads of pairs, 8 of weights.
        ("generic-rv32", "int8 of many pixels", (8 * 7 + 4 + 8) / 32),
        # LDM of 2 words; for each channel 2 loads, MUL, MLA, ADD, ASR, ADC.
        ("cortex-m3", "int8 of many pixels", (3 + 3 * (3 + 1 + 2 + 3)) / 12),
        ("cortex-m3", "int8 of one pixel", (2 + 5 + 5 * 2) / 5),
        # For each channel 2 loads and extensions, 2 MULS, 2 ADD, ASR, and ADC or 2 ADD.
        ("cortex-m0", "int8 of many pixels", (3 + 2 * 12 + 13) / 12),
        ("cortex-m0", "int8 of one pixel", (3 + 10 * 5) / 10),
        # Two cycles for each VMLAVA and the load that nothing is beside.
        ("cortex-m85", "int8 of many pixels", 17 / 128),
    ],
)
def test_by_hand(cpu, kind, cycles):
    found, what = possible.of(cores.of(cpu), kind)
    assert found == pytest.approx(cycles, abs=0.001) and what


@pytest.mark.parametrize("cpu, kind", ALL)
def test_a_loop_has_as_many_products_as_it_says(cpu, kind):
    loop = cores.of(cpu).best[kind]
    names = [line.partition(" ")[0] for line in loop.text.splitlines()]
    per = {**PRODUCTS, "vfma.f32": 4} if " q" in loop.text else PRODUCTS
    if "two in one" in loop.what:
        per = {name: 2 * macs for name, macs in per.items()}
    assert sum(per.get(name, 0) for name in names) == loop.macs


@pytest.mark.parametrize("cpu, kind", ALL)
def test_a_loop_has_no_more_registers_than_the_core(cpu, kind):
    text = cores.of(cpu).best[kind].text
    for first, last in re.findall(r"\bs(\d+)-s(\d+)", text):
        text += "".join(f" s{n}" for n in range(int(first), int(last) + 1))
    if cpu == "generic-rv32":
        assert len(set(re.findall(r"\b[ast]\d+", text))) <= 30
        assert len(set(re.findall(r"\bf[ast]\d+", text))) <= 32
    else:
        assert set(re.findall(r"\br(\d+)\b", text)) <= {str(n) for n in range(15)} - {"13"}
        assert set(re.findall(r"\bs(\d+)\b", text)) <= {str(n) for n in range(32)}
        assert set(re.findall(r"\bq(\d+)\b", text)) <= {str(n) for n in range(8)}


def test_where_nothing_is_known():
    assert possible.of(None, "int8 of many pixels") is None
    assert possible.of(cores.of("cortex-m4"), None) is None
    assert possible.of(cores.of("cortex-m0"), "float of many pixels") is None


@pytest.mark.parametrize("cpu", CORES)
def test_the_page_tells_the_same(cpu):
    core = cores.of(cpu)
    kinds = [f"{element} of {pixels}" for element in ("int8", "float") for pixels in ("many pixels", "one pixel")]
    cells = ["{:.2f}: {}".format(*found) if (found := possible.of(core, kind)) else "–" for kind in kinds]
    assert f"| {core.name} | {' | '.join(cells)} |" in (ROOT / "docs/cycles.md").read_text()
