"""A good model with a few bytes changed, end to end: built and run, or refused clearly."""

import random
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import corpus

COUNT = 30
COMMAND = "board=mps2-an386 model={} run"
MODELS = ("samples/digits/digits.onnx", "samples/multiply/multiply.mlir")


def mutant(number):
    """(file's name, bytes) of a mutant, the same each time."""
    path = corpus.ROOT / MODELS[number % len(MODELS)]
    content, chance = bytearray(path.read_bytes()), random.Random(number)
    for _ in range(chance.randint(1, 3)):
        # In text a letter for a letter; in protobuf any byte.
        content[chance.randrange(len(content))] = (
            chance.choice(b"%xyz0189<>(){}:,fi") if path.suffix == ".mlir" else chance.randrange(256)
        )
    return f"net{path.suffix}", bytes(content)


def tried(number):
    """Whether the mutant was accepted; an AssertionError if it was refused badly."""
    name, content = mutant(number)
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        project = corpus.Project(Path(folder) / "project")
        (project.folder / name).write_bytes(content)
        code, out, errors = project.scons(COMMAND.format(name))
    messages = re.findall(r"^scons: \*\*\* .*", errors, re.MULTILINE)
    clear = code == 2 and len(messages) == 1 and "Traceback" not in out + errors
    assert clear or (code == 0 and not messages), f"mutant {number}: exit code {code}\n{errors[-3000:]}"
    print(f"mutant {number} of {name}: {'refused' if code else 'built and run'}", flush=True)
    return code == 0


def row(workers):
    """The row of the table."""
    with ThreadPoolExecutor(workers) as pool:
        accepted = sum(pool.map(tried, range(COUNT)))
    return "random: mutated models, built and run", COUNT, accepted, COUNT - accepted
