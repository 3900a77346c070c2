"""Stack depth read from instructions, against what the compiler and hand-written code say."""

import subprocess

import pytest
from iree_baremetal import board as boards
from iree_baremetal import toolchain
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import stack

# Frames of many kinds: none, small, large, one more than an immediate holds, early exits.
SOURCE = """
int use(void *);
double slow(double, float);
int leaf(int a) { return a * 3; }
int small(int a) { char b[40]; b[0] = a; return use(b) + b[1]; }
int large(int a) { char b[1500]; b[0] = a; return use(b) + b[1]; }
int huge(int a) { char b[70000]; b[0] = a; return use(b) + b[1]; }
int early(int a) { if (a < 3) return a; char b[300]; b[0] = a; return use(b) + use(&a); }
double floats(double a, float b) { double c = slow(a, b); return slow(c, b + 1) + c * a + b; }
int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j) {
  return use(&a) + use(&b) + use(&c) + use(&d) + e + f + g + h + i + j + many(a, b, c, d, e, f, g, h, i, j);
}
int choose(int a) {
  switch (a) {
    case 0: return small(1) + 1;
    case 1: return large(1) + 2;
    case 2: return early(7) * 3;
    case 3: return leaf(use(&a)) - 5;
    case 4: return use(&a) ^ 77;
    case 5: return small(a) / 3;
  }
  return 0;
}
int aligned(int a) { __attribute__((aligned(64))) char b[64]; b[0] = a; return use(b) + b[1]; }
int (*pointer)(int);
int through(int a) { return pointer(a) + 1; }
int rounds(int a) { return a ? use(&a) + rounds(a - 1) : 0; }
int sized(int n) { char b[n]; b[0] = n; return use(b) + b[n - 1]; }
__attribute__((noinline)) int use(void *p) { return *(volatile char *)p; }
__attribute__((noinline)) double slow(double a, float b) { return a * b; }
void _start(void) {
  choose(leaf(3)); huge(1); floats(1, 2); many(0, 0, 0, 0, 0, 0, 0, 0, 0, 0); aligned(1); through(1); rounds(4); sized(5);
}
"""
KNOWN = {"leaf", "small", "large", "huge", "early", "floats", "many", "choose", "through", "rounds", "use", "slow"}


def build(folder, board, *flags, source=SOURCE):
    board = boards.load(board)
    (folder / "a.c").write_text(source)
    command = [f"{board.toolchain}-gcc", *board.machine_flags, *toolchain.specs(board), "-nostartfiles", *flags]
    subprocess.run([*command, "-fstack-usage", "-c", "a.c", "-o", "a.o"], cwd=folder, check=True)
    subprocess.run([*command, "a.o", "-lm", "-o", "a.elf"], cwd=folder, check=True)
    return folder / "a.elf"


@pytest.mark.parametrize("optimize", ["-O0", "-Os", "-O2"])
@pytest.mark.parametrize("board", ["stm32f4", "qemu-rv32"])
def test_frames_are_the_compilers(tmp_path, board, optimize):
    elf = build(tmp_path, board, optimize)
    frames = {f.name: f.frame for f in stack.functions(elf).values()}
    usage = (line.split("\t") for line in (tmp_path / "a.su").read_text().splitlines())
    expected = {place.rpartition(":")[2]: int(size) for place, size, _ in usage}
    assert {name: frames[name] for name in KNOWN} == {name: expected[name] for name in KNOWN}
    assert expected["aligned"] <= frames["aligned"] <= expected["aligned"] + 64


def test_frames_with_a_shared_prologue(tmp_path):
    elf = build(tmp_path, "qemu-rv32", "-Os", "-msave-restore")
    frames = {f.name: f.frame for f in stack.functions(elf).values()}
    assert frames["small"] == 64 and frames["leaf"] == 0


@pytest.mark.parametrize("board", ["stm32f4", "qemu-rv32"])
def test_deepest_path_and_caveats(tmp_path, board):
    depth = stack.deepest(build(tmp_path, board, "-Os"))
    assert depth.path == ("_start", "huge")
    assert 70000 < depth.bytes < 70200
    assert depth.pointers == ("through",)
    assert set(depth.recursive) == {"many", "rounds"}
    assert depth.inexact == ("sized",)
    assert depth.caveats()[0] == "calls through function pointers in through"


def test_pointers_with_known_targets(tmp_path):
    source = """
        __attribute__((noinline)) int kernel(int a) { volatile char b[500]; b[3] = a; return b[4]; }
        int (*volatile pointer)(int) = kernel;
        __attribute__((noinline)) int caller(int a) { return pointer(a) + 1; }
        void _start(void) { caller(1); }
    """
    elf = build(tmp_path, "stm32f4", "-Os", source=source)
    assert stack.deepest(elf).pointers == ("caller",)
    place = {f.name: (f.address, f.address + f.size) for f in stack.functions(elf).values()}
    depth = stack.deepest(elf, kernels=[place["kernel"]], callers=[place["caller"]])
    assert depth.path == ("_start", "caller", "kernel") and not depth.caveats()


def test_an_unknown_core(tmp_path):
    (tmp_path / "a.c").write_text("int main(void) { return 0; }")
    subprocess.run(["gcc", "a.c", "-o", "a.elf"], cwd=tmp_path, check=True)
    with pytest.raises(BaremetalError, match="a.elf: stack depth of EM_.*, 64 bits"):
        stack.functions(tmp_path / "a.elf")
