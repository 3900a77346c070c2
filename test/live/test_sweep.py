"""sweep with the real tools: two models, two settings; what cannot be is a row that says so."""

import csv
import json
import shutil

import numpy
import pytest


@pytest.fixture(scope="module")
def models(checkout):
    folder = checkout.folder / "swept"
    folder.mkdir()
    shutil.copy(checkout.folder / "samples/digits/digits.onnx", folder)
    held_out = numpy.load(checkout.folder / "samples/digits/held_out.npz")
    numpy.savez(folder / "digits.npz", **{name: held_out[name][:20] for name in held_out})
    (folder / "broken.onnx").write_bytes(b"not a model")
    yield folder
    shutil.rmtree(folder)


def test_sweep(checkout, models):
    arguments = ("-j2", "sweep", "models=swept", "boards=stm32f4", "grid=optimize=speed,size", "reference=own")
    text = checkout.scons(*arguments)
    assert "sweep: 4 of 4: " in text and "4 built, 2 failed" in text and "Traceback" not in text
    rows = json.loads((checkout.folder / "build/sweep/sweep.json").read_text())["rows"]
    assert [(r["model"], r["board"], r["setting"]) for r in rows] == [
        (model, "stm32f4", f"optimize={goal}") for model in ("broken.onnx", "digits.onnx") for goal in ("speed", "size")
    ]
    assert all("broken.onnx" in r["failed"] and r["flash"] is None for r in rows[:2])
    fast, small = rows[2:]
    assert fast["cycles"] < small["cycles"] and small["code"] < fast["code"] and fast["front"] and small["front"]
    assert {r["accuracy"] for r in rows[2:]} == {1.0}
    with open(checkout.folder / "build/sweep/sweep.csv") as file:
        assert len(list(csv.DictReader(file))) == 4
    assert "<td>digits.onnx</td>" in (checkout.folder / "build/sweep/sweep.html").read_text()

    again = checkout.scons(*arguments)
    assert "measure " not in again and "4 built, 2 failed" in again

    # It is the code that a build of its own has: the sample's.
    text = checkout.scons("board=stm32f4", "bench", "sample=digits")
    bench = json.loads((checkout.folder / "build/stm32f4/digits/iree_digits/digits_harness/digits_bench.json").read_text())[
        "records"
    ][0]
    assert (fast["instructions"], fast["arena"], fast["weights"]) == (bench["instructions"], bench["arena"], bench["weights"])


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["boards=stm32f4"], "sweep: no models"),
        (["models=nowhere", "boards=stm32f4"], "sweep: models=nowhere: no such file or folder"),
        (["models=samples/digits", "boards=stm32f4", "grid=optimise=size"], "'optimise' is not one of"),
        (["models=samples/digits", "boards=stm32f5"], "no board 'stm32f5'"),
        (["models=samples/digits"], "board host counts no instructions"),
    ],
)
def test_refused(checkout, arguments, said):
    text = checkout.scons("sweep", *arguments, code=2)
    assert said in text and "Traceback" not in text
