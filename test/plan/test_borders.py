"""Fills of whole buffers become fills of borders where a kernel only writes; and nowhere else."""

import numpy
import pytest
import test_poison
import tools
from iree_baremetal.plan import access, arena, borders, kernels, overlap
from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.plan.model import Border, Copy, Dispatch, Fill, Function, Runs, Span
from iree_baremetal.verify import calls
from test_packing import dispatch, t

LEFT = (Runs(0, 8, (2, 1), (24, 0)),)
INPUT, OUT = Span("input", 0, 0, 16), Span("output", 0, 0, 32)
STEPS = [
    dispatch((INPUT, "r"), (t(0, 16, 1), "w")),
    Fill(t(0, 32), 0x8080, 2),
    dispatch((t(0, 16, 1), "r"), (t(0, 32), "rw")),
    Copy(t(0, 32), OUT),
]


def proven(step, left=None):
    return overlap.Proven({overlap.key(step): ({(0, 1): [8]}, {1: list(LEFT)} if left is None else left)})


def test_a_border_follows_the_kernel_that_leaves_it():
    known = proven(STEPS[2])
    found = borders.find(STEPS, known)
    assert found == [(1, 2, 1)]
    moved = borders.move(STEPS, found, known)
    assert [type(step) for step in moved] == [Dispatch, Dispatch, Border, Copy]
    assert moved[1].access == ("r", "w") and STEPS[2].access == ("r", "rw")
    assert moved[2] == Border(t(0, 32), 0x80, LEFT)


def test_two_borders_of_one_kernel():
    spans = t(0, 32), t(0, 32, 1)
    step = dispatch((INPUT, "r"), *((span, "rw") for span in spans))
    known = proven(step, left={1: list(LEFT), 2: list(LEFT)})
    steps = [Fill(spans[0], 1, 1), Fill(spans[1], 2, 1), step]
    first, *borders_after = borders.move(steps, borders.find(steps, known), known)
    assert first.access == ("r", "w", "w") and borders_after == [Border(spans[0], 1, LEFT), Border(spans[1], 2, LEFT)]


@pytest.mark.parametrize(
    "steps",
    [
        [*STEPS[:1], Fill(t(0, 32), 0x3F80, 2), *STEPS[2:]],  # not one byte
        [*STEPS[:1], Fill(t(0, 24), 0, 1), Fill(t(24, 8), 0, 1), *STEPS[2:]],  # in pieces
        [*STEPS[:1], Fill(t(0, 40), 0, 1), *STEPS[2:], Copy(t(32, 8), OUT)],  # of more than the kernel writes
        [*STEPS[:2], Copy(t(0, 32), OUT), *STEPS[2:]],  # read before
        [*STEPS[:2], Copy(INPUT, t(0, 16)), *STEPS[2:]],  # written in between
        [STEPS[0], Copy(Span("input", 1, 0, 32), t(0, 32)), *STEPS[2:]],  # no fill
    ],
)
def test_any_other_fill_stays(steps):
    (step,) = [s for s in steps if getattr(s, "access", ()) == ("r", "rw")]
    assert borders.find(steps, proven(step)) == []


def test_without_a_proof_a_fill_stays():
    assert borders.find(STEPS, overlap.NOTHING) == []
    assert borders.find(STEPS, proven(STEPS[2], left={})) == []


def placed(known, steps=STEPS):
    made = Function("f", [], [], list(steps), [32, 16])
    arena.place(made, alignment=8, proven=known)
    return made


def test_the_padded_buffer_lies_over_what_it_is_made_of():
    assert placed(overlap.NOTHING).arena_size == 48
    made = placed(proven(STEPS[2]))
    assert made.arena_size == 32 and any(isinstance(step, Border) for step in made.steps)


def test_what_is_not_wholly_written_lies_over_nothing():
    assert placed(proven(STEPS[2], left={})).arena_size == 48
    assert placed(proven(STEPS[2], left={}), [STEPS[0], *STEPS[2:]]).arena_size == 48


def test_a_border_that_saves_nothing_is_not_made():
    apart = overlap.Proven({overlap.key(STEPS[2]): ({}, {1: list(LEFT)})})
    assert not any(isinstance(step, Border) for step in placed(apart).steps)


# With real kernels: a product that writes the inner 6x6 of 8x8 pixels of 2 floats.

# The padding's value is 0.747, whose four bytes are the same.
MODEL = test_poison.MODEL.replace("%one = arith.constant 1.0", "%one = arith.constant 0x3F3F3F3F")
FRAME = [Runs(64 + 56, 16, (5, 1), (64, 0)), Runs(0, 72, (2, 1), (440, 0))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("borders")
    tools.library(folder, MODEL)
    return folder


def answer(folder, left, monkeypatch):
    """The model's answer with the padding of its second product filled as a border (left: None: as it was)."""
    files = (folder / "model.hal.mlirbc").read_bytes(), kernels.read(folder / "model_library.o")
    accesses = access.read((folder / "model.stream.mlirbc").read_bytes())
    plan = evaluate("model", *files, accesses)
    (step,) = [s for s in plan.functions[0].steps if "conv" in getattr(s, "kernel", "") and "rw" in s.access]
    known = overlap.Proven({overlap.key(step): ({}, {step.access.index("rw"): left} if left else {})})
    # Whatever it saves: what counts here is what it computes.
    monkeypatch.setattr(arena, "_smaller", lambda best, other: other)
    plan = evaluate("model", *files, accesses, proven=known)
    assert any(isinstance(s, Border) for s in plan.functions[0].steps) == bool(left)
    fed = [calls.Call(0, [numpy.linspace(-1, 1, 72, dtype="<f4").reshape(1, 6, 6, 2)])]
    (found,) = tools.answers(folder, plan, fed, test_poison.POISON)
    return found.outputs[0]


def test_answers_stay_and_a_wrong_border_shows(folder, monkeypatch):
    right = answer(folder, None, monkeypatch)
    assert numpy.array_equal(answer(folder, FRAME, monkeypatch), right)
    assert not numpy.array_equal(answer(folder, FRAME[:1], monkeypatch), right)
