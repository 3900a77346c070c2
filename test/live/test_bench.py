"""bench: deterministic, complete, and exact where the cost of a kernel is known."""

import json
import subprocess

import pytest
from iree_baremetal import board, toolchain
from iree_baremetal.board import linker_script
from iree_baremetal.device import emulator
from tools import INCLUDE

BENCH = "build/mps2-an386/digits/iree_digits/digits_harness/digits_bench.json"

# A "kernel" of 3 instructions a turn, as the direct deployment would call it.
PROGRAM = """
#include "board.h"
#include "iree_direct.h"

static int turns;
__attribute__((naked)) static int kernel(const iree_direct_environment_t *e, const iree_direct_dispatch_t *d,
                                         const iree_direct_workgroup_t *w) {
  __asm__("ldr r0, [r1, #24]\\n"      // constants
          "ldr r0, [r0]\\n"
          "1: nop\\n subs r0, #1\\n bne 1b\\n"
          "bx lr");
}

static uint64_t cost;
void iree_direct_profile(uint64_t spent) { cost = spent; }

int main(void) {
  static iree_direct_kernel_t *const kernels[] = {kernel};
  static const uint8_t steps[] = {4, 1, 1, 0, 0};  // kernel 0: one workgroup, one constant, no binding
  static const iree_direct_program_t program = {.steps = steps, .kernels = kernels, .constants = true};
  uint8_t *bases[] = {0};
  for (uint32_t turns = 1000; turns <= 4000; turns *= 2) {
    iree_direct_run(&program, bases, 0, 0, &turns);
    board_print_int((int64_t)cost, 0);
    board_print("\\n");
  }
  return 0;
}
"""


@pytest.mark.parametrize("name", ["stm32f4", "mps2-an386"])
def test_a_known_loop_counts_exactly(tmp_path, name):
    on = board.load(name)
    tools = toolchain.find(on)
    (tmp_path / "main.c").write_text(PROGRAM)
    (tmp_path / "board.ld").write_text(linker_script.text(on))
    flags = [*toolchain.compile_flags(on), "-w", "-DIREE_DIRECT_PROFILE", *INCLUDE]
    flags += [f"-D{key}={value}" for key, value in on.defines.items()]
    link = [f for f in toolchain.link_flags(on) if f not in flags]
    sources = ["main.c", *on.source_files]
    subprocess.run([tools.cc, *flags, *sources, *link, "-T", "board.ld", "-o", "a.elf"], cwd=tmp_path, check=True)
    counts = [int(word) for word in emulator.run(on, tmp_path / "a.elf").stdout.split()]
    assert counts[1] - counts[0] == 3 * 1000
    assert counts[2] - counts[1] == 3 * 2000


def test_rows_add_up_and_two_runs_are_equal(checkout):
    first = checkout.scons("board=mps2-an386", "bench")
    record = json.loads((checkout.folder / BENCH).read_text())
    assert "digits_dispatch" not in first and "an inference" in first
    (found,) = record["records"]
    assert found["count"] == sum(row["count"] for row in found["kernels"]) + found["glue"]
    assert found["glue"] > 0 and len(found["kernels"]) >= 4
    # 8x6x6 outputs of 3x3 products, 16x4x4 of 8x3x3, and the last layer.
    assert found["macs"] == 8 * 6 * 6 * 9 + 16 * 4 * 4 * 72 + 64 * 10
    # What the best loops would take, for the products of all layers: less than the layers do.
    best = found["possible"]
    assert best["macs"] == found["macs"] and best["cycles"] == sum(
        round(row["macs"] * (row["possible"] or 0)) for row in found["kernels"]
    )
    assert best["cycles"] < best["now"] < found["cycles"] and "possible: by the best inner loops" in first
    # The nodes of samples/digits/digits.onnx, by their names in it.
    layers = [row["layer"] for row in found["kernels"]]
    assert layers[1] == "Conv node_conv2d + Relu node_relu" and layers[-1] == "Gemm node_linear"
    assert all(f"\n{layer} " in first for layer in layers)
    steps = found["over_time"]["steps"]
    assert steps[found["over_time"]["peak"]]["used"] == max(row["arena"] for row in found["kernels"]) == found["arena"]
    again = checkout.scons("board=mps2-an386", "bench", f"compare={BENCH}")
    assert json.loads((checkout.folder / BENCH).read_text()) == record
    assert (
        again.splitlines()[-1].split()[-1] == "1.000"
        and "Beside the other run" in (checkout.folder / BENCH).with_suffix(".html").read_text()
    )


def test_the_page_stands_alone(checkout):
    checkout.once("board=mps2-an386", "bench")
    page = (checkout.folder / BENCH).with_suffix(".html").read_text()
    assert "src=" not in page and "href=" not in page
    [record] = json.loads((checkout.folder / BENCH).read_text())["records"]
    assert ">possible</th>" in page and page.count('title="4 channels by 5 pixels, VLDM') == 2
    text = (checkout.folder / BENCH).with_suffix(".txt").read_text()
    for row in record["kernels"]:
        assert f">{row['layer']}</td>" in page and f"\n{row['layer']}: {row['cycles']:,} cycles: " in text
        for loop in row["loops"]:
            for address, executions, cycles, instruction, kind in loop["lines"]:
                assert f"{address:#10x} {executions:>12,} {cycles:>12,}  {kind:<10}  {instruction}\n" in text
