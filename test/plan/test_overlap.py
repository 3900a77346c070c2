"""Outputs over inputs: found by traces of real kernels, refused where a trace does not allow it."""

import numpy
import pytest
import tools
from iree_baremetal import board, compiler, toolchain
from iree_baremetal.compiler import lowering, overlapped
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import access, arena, commands, kernels, overlap, packing, replay, trace
from iree_baremetal.plan.blocks import Block
from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.plan.model import Dispatch, Function, Runs, Span
from iree_baremetal.plan.trace import Log

pytest.importorskip("unicorn")

# The barriers keep iree-compile from making one kernel of all.
MODEL = """
func.func @f(%x: tensor<8x8xf32>, %w: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x8xf32>) -> tensor<8x8xf32>
  %a = arith.mulf %x, %x : tensor<8x8xf32>
  %b = util.optimization_barrier %a : tensor<8x8xf32>
  %c = arith.addf %b, %b : tensor<8x8xf32>
  %d = util.optimization_barrier %c : tensor<8x8xf32>
  %e = linalg.matmul ins(%d, %w : tensor<8x8xf32>, tensor<8x8xf32>) outs(%init : tensor<8x8xf32>) -> tensor<8x8xf32>
  %f = util.optimization_barrier %e : tensor<8x8xf32>
  %g = linalg.transpose ins(%f : tensor<8x8xf32>) outs(%empty : tensor<8x8xf32>) permutation = [1, 0]
  %h = util.optimization_barrier %g : tensor<8x8xf32>
  %i = arith.addf %h, %x : tensor<8x8xf32>
  return %i : tensor<8x8xf32>
}
"""

FREESTANDING = ("-nostartfiles", "-Wl,-e,0,--no-gc-sections,-z,noexecstack")


@pytest.fixture(scope="module", params=["stm32f4", "qemu-rv32"])
def traced(request, tmp_path_factory):
    """(files of the plan, what was proven) for a board."""
    on, folder = board.load(request.param), tmp_path_factory.mktemp("overlap")
    compiler = toolchain.find(on).cc
    program, library = tools.library(folder, MODEL, on)
    linked = folder / "trace.elf"
    flags = [*on.machine_flags, *toolchain.specs(on), *FREESTANDING]
    tools.run(compiler, *flags, "-o", linked, library, "-lm")
    files = program.read_bytes(), kernels.read(library), access.read((folder / "model.stream.mlirbc").read_bytes()), 16
    return files, overlap.prove(evaluate("model", *files), trace.Kernels(linked), 16)


def pairs_of(proven, word):
    (found,) = [shifts for name, (shifts, _) in proven.by_key.items() if word in name]
    return found


def test_an_elementwise_kernel_may_work_in_place(traced):
    _, proven = traced
    ((_, shifts),) = pairs_of(proven, "dispatch_1").items()
    assert 0 in shifts


def test_a_transposition_may_not(traced):
    _, proven = traced
    found = [shifts for name, (shifts, _) in proven.by_key.items() if "transpose" in name or "dispatch_3" in name]
    assert not any(0 in shifts for pairs in found for shifts in pairs.values())


def test_the_arena_gets_smaller_by_what_is_proven(traced):
    files, proven = traced
    apart, over = evaluate("model", *files), evaluate("model", *files, proven)
    assert apart.arena_size == 2 * 256
    assert over.arena_size <= apart.arena_size
    nothing = {name: ({pair: [] for pair in shifts}, {}) for name, (shifts, _) in proven.by_key.items()}
    assert evaluate("model", *files, overlap.Proven(nothing)).arena_size == apart.arena_size


def test_what_was_proven_is_written_and_read(traced, tmp_path):
    _, proven = traced
    overlap.write(tmp_path / "overlaps.json", proven)
    assert overlap.read(tmp_path / "overlaps.json") == proven != overlap.NOTHING


def test_the_arena_is_known_before_the_kernels_are_built(tmp_path):
    on = board.load("stm32f4")
    library = f"--iree-llvmcpu-static-library-output-path={tmp_path}/net_library.o"
    command = [compiler.find(), *compiler.target_flags(on), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS, library]
    (tmp_path / "net.mlir").write_text(MODEL)
    link = [str(toolchain.find(on).cc), *on.machine_flags, *toolchain.specs(on), *FREESTANDING]
    found = overlapped.Arena(command, link, 16)
    stream = lowering.lower(tmp_path / "net.mlir", command, 16).stream
    assert 256 < found.size(stream) < commands.arena_size(stream, 16) == 2 * 256
    with pytest.raises(BaremetalError, match="not_there"):
        overlapped.Arena(command, [*link, "not_there.o"], 16).size(stream)
    assert [path.name for path in tmp_path.iterdir()] == ["net.mlir"]


# What follows from a trace.


def log(*events):
    """events: (buffer, offset, width, is_write)."""
    columns = [numpy.array(column) for column in zip(*events)]
    return Log(columns[0], columns[1].astype("i8"), columns[2].astype("i8"), columns[3].astype(bool))


class Recorded:
    """Kernels whose traces are known, one for each run."""

    def __init__(self, *logs):
        self.logs = list(logs)

    def run(self, *call):
        return self.logs.pop(0)


def proofs(*logs, size=32, kinds=("r", "w")):
    """(shifts, what is left) of a dispatch."""
    step = Dispatch("k", (1, 1, 1), (), (Span("transient", 0, 0, size), Span("transient", 1, 0, size)), access=kinds)
    plan = type("Plan", (), {"functions": [Function("f", [], [], [step], [])], "constants": b""})
    found = overlap.prove(plan, Recorded(*logs), 8)
    return found.shifts(step), found.left(step)


def proven(*logs, **given):
    return proofs(*logs, **given)[0].get((0, 1), [])


def test_shifts_of_a_kernel_that_reads_all_first():
    all_first = log((0, 0, 8, 0), (0, 8, 8, 0), (0, 16, 16, 0), (1, 0, 16, 1), (1, 16, 16, 1))
    assert proven(all_first, all_first) == [-24, -16, -8, 0, 8, 16, 24]


def test_shifts_of_a_kernel_that_goes_forward():
    forward = log(*(event for at in range(0, 32, 8) for event in ((0, at, 8, 0), (1, at, 8, 1))))
    assert proven(forward, forward) == [0, 8, 16, 24]


def test_a_byte_of_a_wide_access_counts():
    late = log((1, 0, 8, 1), (0, 0, 16, 0), (1, 8, 8, 1))
    assert -24 in proven(late, late) and 0 not in proven(late, late) and 8 in proven(late, late)


def test_shifts_of_many_bytes_are_all_that_are_safe_byte_by_byte():
    generator = numpy.random.default_rng(0)
    for bytes_read, bytes_written, spread in [(200, 333, 0), (333, 200, 20), (1000, 1000, 150), (1, 300, 50)]:
        reads = numpy.arange(bytes_read) + generator.integers(0, spread + 1, bytes_read)
        writes = numpy.arange(bytes_written) + generator.integers(0, spread + 1, bytes_written) + 1

        def is_safe(shift):
            return all(reads[b] < writes[b + shift] for b in range(bytes_read) if 0 <= b + shift < bytes_written)

        found = overlap._shifts(reads, writes, 4)
        assert found == [s for s in range(-bytes_read // 4 * 4 + 4, bytes_written, 4) if is_safe(s)]
        assert found and max(found) > 0


def test_what_depends_on_data_is_not_proven():
    one, other = log((0, 0, 8, 0), (1, 0, 8, 1)), log((0, 8, 8, 0), (1, 0, 8, 1))
    assert proven(one, one) and not proven(one, other)
    assert not proven(one, None) and not proven(None, None)


def test_what_is_proven_holds_for_the_same_constants():
    first = log((0, 0, 8, 0), (1, 0, 8, 1))
    last = log((1, 0, 8, 1), (0, 0, 8, 0))
    spans = Span("transient", 0, 0, 8), Span("transient", 1, 0, 8)
    steps = [Dispatch("k", (1, 1, 1), (constant,), spans, access=("r", "w")) for constant in (1, 2)]
    plan = type("Plan", (), {"functions": [Function("f", [], [], steps, [])], "constants": b""})
    found = overlap.prove(plan, Recorded(first, first, last, last), 8)
    assert [found.shifts(step) for step in steps] == [{(0, 1): [0]}, {}]


def test_a_buffer_whose_old_content_is_read_is_no_output():
    one = log((0, 0, 8, 0), (1, 16, 8, 0), (1, 0, 8, 1))
    assert proofs(one, one, kinds=("r", "rw")) == ({}, {})


def test_what_is_left_of_a_buffer_that_is_only_written():
    rows = log((0, 0, 8, 0), *((1, at, 2, 1) for at in (9, 13, 17)))
    shifts, left = proofs(rows, rows, kinds=("r", "rw"))
    assert 0 in shifts[0, 1]
    assert left == {1: [Runs(11, 2, (2, 1), (4, 0)), Runs(0, 9, (1, 1), (0, 0)), Runs(19, 13, (1, 1), (0, 0))]}
    assert proofs(rows, rows)[1] == {}  # the compiler knows that nothing else matters


def test_runs_in_rows_and_runs_without_order():
    left = numpy.ones((3, 5, 5), bool)
    left[:, 1:4, 1:4] = False
    runs = [Runs(9, 2, (2, 3), (5, 25)), Runs(0, 6, (2, 1), (69, 0)), Runs(19, 12, (2, 1), (25, 0))]
    assert overlap._runs(left.ravel()) == runs
    assert overlap._runs(numpy.zeros(9, bool)) == []
    left[1, 2, 3] = True
    assert overlap._runs(left.ravel()) == []


# What the packing makes of it.


def of(step, shifts, left=None):
    return overlap.Proven({overlap.key(step): (shifts, left or {})})


def test_blocks_overlap_only_at_the_shifts_allowed():
    found = [Block(0, 64, 0, 1), Block(0, 96, 1, 2), Block(0, 32, 2, 3)]
    assert packing.pack(found, 16)[1] == 160
    offsets, size = packing.pack(found, 16, {(0, 1): {16, 32}})
    assert size == 128 and offsets[0] - offsets[1] in (16, 32)  # block 2 beside block 1
    assert packing.pack(found, 16, {(0, 1): {16}, (1, 2): {0}})[1] == 96


def test_a_block_of_two_bindings_overlaps_where_both_allow_it():
    spans = (Span("transient", 0, 0, 16), Span("transient", 0, 16, 16), Span("transient", 1, 0, 32))
    step = Dispatch("k", (1, 1, 1), (), spans, access=("r", "r", "w"))
    found = [Block(0, 32, 0, 1), Block(0, 32, 1, 2)]
    steps = [Dispatch("first", (1, 1, 1), (), ()), step]
    both = of(step, {(0, 2): [0, 16], (1, 2): [16, 32]})
    assert overlap.pairs(steps, found, both) == {(0, 1): {0, 16}}
    assert overlap.pairs(steps, found, of(step, {(0, 2): [0, 16]})) == {}
    assert overlap.pairs(steps, [Block(0, 32, 0, 2), found[1]], both) == {}  # still needed afterwards


def test_an_overlap_that_was_not_proven_is_refused():
    a, b = Span("transient", 0, 0, 32), Span("transient", 1, 0, 32)
    steps = [
        Dispatch("k", (1, 1, 1), (), (a,), access=("w",)),
        Dispatch("k", (1, 1, 1), (), (a, b), access=("r", "w")),
        Dispatch("k", (1, 1, 1), (), (b,), access=("r",)),
    ]
    replay.check("f", steps, steps, range(3), [0, 0], 32, 16, {(0, 1): {0}})
    for shifts in ({}, {(0, 1): {16}}, {(1, 0): {16}}):
        with pytest.raises(BaremetalError, match="would write over what it also uses"):
            replay.check("f", steps, steps, range(3), [0, 0], 32, 16, shifts)
    made = Function("f", [], [], steps, [32, 32])
    arena.place(made, alignment=16, proven=of(steps[1], {(0, 1): [0]}))
    assert made.arena_size == 32


def test_without_unicorn_the_mend_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "unicorn", None)
    with pytest.raises(BaremetalError, match="overlap=1 traces kernels with Unicorn .*pip install unicorn"):
        trace.Kernels("nothing.elf")
    with pytest.raises(BaremetalError, match="pip install unicorn"):
        overlapped.Arena([], [], 16)
