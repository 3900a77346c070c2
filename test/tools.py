"""What several tests do with the real tools: compile a model, compile and run C."""

import shutil
import subprocess
from pathlib import Path

import pytest
from iree_baremetal import board, compiler
from iree_baremetal.codegen import harness, header, names, source
from iree_baremetal.compiler import lowering
from iree_baremetal.plan import access, kernels
from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.verify import calls

MODELS = Path(__file__).parent / "models"
SUPPORT = board.SUPPORT
INCLUDE = [f"-I{SUPPORT / folder}" for folder in (".", "include", "direct")]
HOST = board.load("host")
# Everything that ships is free of warnings; unused tables and functions would be flash for nothing.
STRICT = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-O1")


def needs(*programs):
    """Of tests with programs that a build does not take, and sconsw does not install."""
    missing = [program for program in programs if not shutil.which(program)]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' and '.join(missing)}")


def run(*command, cwd=None):
    """The output of command, which must succeed."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def library(folder, mlir, on=HOST, name="model"):
    """(host program, object of kernels) of a model: its text or its file."""
    model = mlir if isinstance(mlir, Path) else folder / f"{name}.mlir"
    if model is not mlir:
        model.write_text(mlir)
    program, kernels_object = folder / f"{name}.hal.mlirbc", folder / f"{name}_library.o"
    output = f"--iree-llvmcpu-static-library-output-path={kernels_object}"
    flags = [*compiler.target_flags(on), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS, output]
    stream = folder / f"{name}.stream.mlirbc"
    stream.write_bytes(lowering.lower(model, [compiler.find(), *flags], on.arena_alignment).stream)
    run(compiler.find(), *flags, *compiler.HOST_PROGRAM_FLAGS, stream, "-o", program)
    return program, kernels_object


def plan_of(folder, mlir, name="model"):
    """The plan of a model compiled for this machine; its kernels are in <name>_library.o."""
    program, kernels_object = library(folder, mlir, name=name)
    accesses = access.read((folder / f"{name}.stream.mlirbc").read_bytes())
    return evaluate(name, program.read_bytes(), kernels.read(kernels_object), accesses, HOST.arena_alignment)


def write_sources(folder, plan):
    """Writes all that codegen makes of plan, and its kernels under the names of the plan."""
    (folder / f"{plan.name}.h").write_text(header.text(plan, "made by a test", header.memory_note(plan)))
    (folder / f"{plan.name}.c").write_text(source.text(plan))
    (folder / f"{plan.name}_harness.c").write_text(harness.text(plan))
    (folder / f"{plan.name}_weights.S").write_text(source.weights(plan, f"{plan.name}_weights.bin"))
    (folder / f"{plan.name}_weights.bin").write_bytes(plan.constants)


def host_program(folder, plan, *sources, defines=()):
    """An executable of sources, the generated ones and the host's support code."""
    renamed = names.kernels(plan)
    flags = [f"--redefine-sym={old}={new}" for old, new in renamed.items()]
    flags += [f"--globalize-symbol={new}" for new in renamed.values()]
    run("objcopy", *flags, f"{plan.name}_library.o", f"{plan.name}_kernels.o", cwd=folder)
    own = [f"{plan.name}.c", f"{plan.name}_weights.S", f"{plan.name}_kernels.o"]
    output = folder / "program"
    run(
        "gcc",
        "-std=gnu11",
        "-O1",
        "-g",
        *defines,
        *INCLUDE,
        "-I",
        ".",
        *sources,
        *own,
        *HOST.source_files,
        "-lm",
        "-o",
        output,
        cwd=folder,
    )
    return output


def answers(folder, plan, fed, *defines):
    """The answers of plan's functions on this machine to the calls fed."""
    write_sources(folder, plan)
    program = host_program(folder, plan, f"{plan.name}_harness.c", defines=defines)
    calls.write_inputs(folder / harness.INPUTS, plan.functions, fed)
    run(program, cwd=folder)
    return calls.read_outputs(folder / harness.OUTPUTS, plan.functions, fed)[0]
