"""One model on this machine, as a user's would go: imported, compiled, built, run, and its answers judged."""

import functools
import json
import subprocess
import traceback
from pathlib import Path

import backend_tests
import numpy
import onnx
import onnxruntime
from iree_baremetal import board, compiler, formats
from iree_baremetal.board import SUPPORT
from iree_baremetal.codegen import harness, header, names, source
from iree_baremetal.compiler import lowering, tuning
from iree_baremetal.errors import BaremetalError
from iree_baremetal.plan import access, described, kernels
from iree_baremetal.plan.evaluate import evaluate
from iree_baremetal.rewrite import pipeline
from iree_baremetal.verify import calls, compare

HOST = board.load("host")
_INCLUDE = [f"-I{SUPPORT / folder}" for folder in (".", "include", "direct")]
OTHERWISE = "as ONNX Runtime, not as the package's data: "
STEPS = 1  # a quantized output may be off by
RIGHT, WRONG, REFUSED, BROKEN, ENDLESS, NOT_RUN = "right", "wrong", "refused", "traceback", "endless", "not run"


class Wrong(Exception):
    """An answer that is not the right one."""


def judged(case, folder):
    """(outcome, variant, what was said) of a case; the second variant is tried where the first is not right."""
    outcomes = []
    for label, model, inputs in backend_tests.variants(case):
        place = Path(folder) / label
        place.mkdir(parents=True)
        try:
            outcomes.append((RIGHT, label, _check(model, inputs, case.outputs, place)))
            break
        except Wrong as error:
            outcomes.append((WRONG, label, str(error)))
            break  # one wrong answer is one too many
        except BaremetalError as error:
            outcomes.append((REFUSED, label, str(error)))
        except Exception:
            outcomes.append((BROKEN, label, traceback.format_exc()))
    order = (WRONG, BROKEN, RIGHT, REFUSED)
    return min(outcomes, key=lambda outcome: order.index(outcome[0]))


def _check(model, inputs, expected, folder):
    """ "", or what the package's data say otherwise where the answer is ONNX Runtime's; raises `Wrong` where it is neither's."""
    onnx.save(model, folder / "net.onnx")
    try:
        check(folder / "net.onnx", inputs, expected, folder)
    except Wrong as error:
        answers = _of_onnx_runtime(model, inputs)
        if answers is None:
            raise
        try:
            check(folder / "net.onnx", inputs, answers, folder)
        except Wrong:
            raise error from None
        return f"{OTHERWISE}{error}"
    return ""


def _of_onnx_runtime(model, inputs):
    """What ONNX Runtime answers, the graph as it is; None where it cannot."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level, options.log_severity_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL, 4
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        return session.run(None, {value.name: array for value, array in zip(session.get_inputs(), inputs)})
    except Exception:  # of types and operators that it lacks
        return None


def exported(exporter, folder):
    """As `judged`, of a model that a framework exports."""
    if exporter.missing:
        return NOT_RUN, "", f"without {', '.join(exporter.missing)}"
    try:
        check(*exporter.make(folder), Path(folder), "*=1")
    except Wrong as error:
        return WRONG, "", str(error)
    except BaremetalError as error:
        return REFUSED, "", str(error)
    except Exception:
        return BROKEN, "", traceback.format_exc()
    return RIGHT, "", ""


def check(model, inputs, expected, folder, dims=""):
    """Raises `Wrong` unless the model of a file, built in folder, answers to inputs what is expected."""
    plan = build(model, folder, dims)
    function = plan.functions[0]
    if len(function.inputs) != len(inputs) or len(function.outputs) != len(expected):
        raise Wrong(f"{len(function.inputs)} inputs and {len(function.outputs)} outputs, not {len(inputs)} and {len(expected)}")
    call = calls.Call(0, [_as_declared(a, t, "input") for a, t in zip(inputs, function.inputs)])
    right = [_as_declared(a, t, "output") for a, t in zip(expected, function.outputs)]
    calls.write_inputs(folder / harness.INPUTS, plan.functions, [call])
    done = subprocess.run([folder / "program"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Wrong(f"the program ended with {done.returncode}: {done.stdout} {done.stderr}")
    (answer,), *_ = calls.read_outputs(folder / harness.OUTPUTS, plan.functions, [call])
    if answer.status:
        raise Wrong(f"the call returned {answer.status}")
    verdict = compare.compare(plan.functions, [call], [answer.outputs], [right], steps=STEPS, engine="right is")
    if verdict.worst:
        raise Wrong(str(verdict.worst))


def _as_declared(array, tensor, kind):
    array, dtype = backend_tests.plain(array), calls.numpy_dtype(tensor)
    if array.dtype != dtype or array.shape != (tensor.shape or ()):
        raise Wrong(f"{kind} {tensor.name} is {tensor.shape} of {tensor.dtype}, not {array.shape} of {array.dtype}")
    return numpy.ascontiguousarray(array).reshape(array.shape)


def build(model, folder, dims=""):
    """The plan of the file model; its harness for this machine is folder/program."""
    mlir, tool, names_file = Path(model), compiler.find(), folder / "net.names.json"
    if mlir.suffix not in formats.MLIR:
        mlir = folder / f"net{formats.WRITTEN[mlir.suffix]}"
        formats.of(model).import_model(model, mlir, tool, dims)
    known = json.loads(names_file.read_text()) if names_file.exists() else {}
    try:
        plan = _compiled(folder, mlir, tool)
    except BaremetalError as error:
        raise BaremetalError(compiler.failure(str(error), known.get("nodes"))) from error
    plan = described.named(plan, names_file if known else "")
    _linked(folder, plan)
    return plan


def _compiled(folder, mlir, tool):
    chosen = tuning.chosen(HOST, tuning.GOALS[0])
    program, library, stream = folder / "net.hal.mlirbc", folder / "net_library.o", folder / "net.stream.mlirbc"
    output = f"--iree-llvmcpu-static-library-output-path={library}"
    flags = [*compiler.target_flags(HOST), *tuning.flags(chosen.flags), *compiler.GUIDE_FLAGS, *compiler.STATIC_FLAGS, output]
    lowered = lowering.lower(mlir, [tool, *flags], HOST.arena_alignment, pipeline.parse_names(chosen.rewrites or "none"))
    stream.write_bytes(lowered.stream)
    _run(tool, *flags, *compiler.HOST_PROGRAM_FLAGS, stream, "-o", program)
    return evaluate("net", program.read_bytes(), kernels.read(library), access.read(lowered.stream), HOST.arena_alignment)


def _linked(folder, plan):
    outputs = {
        "net.h": header.text(plan, "a conformance test", header.memory_note(plan)),
        "net.c": source.text(plan),
        "net_harness.c": harness.text(plan),
        "net_weights.S": source.weights(plan, "net_weights.bin"),
    }
    for name, text in outputs.items():
        (folder / name).write_text(text)
    (folder / "net_weights.bin").write_bytes(plan.constants)
    renamed = names.kernels(plan)
    flags = [f"--redefine-sym={old}={new}" for old, new in renamed.items()] + [
        f"--globalize-symbol={new}" for new in renamed.values()
    ]
    _run("objcopy", *flags, "net_library.o", "net_kernels.o", cwd=folder)
    own = ["net_harness.c", "net.c", "net_weights.S", "net_kernels.o"]
    _run("gcc", "-std=gnu11", "-O1", *_INCLUDE, "-I", ".", *own, *_support(), "-lm", "-o", "program", cwd=folder)


@functools.lru_cache
def _support():
    """The objects of the host's support code, compiled once."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="support-"))
    for number, path in enumerate(HOST.source_files):
        _run("gcc", "-std=gnu11", "-O1", "-c", *_INCLUDE, path, "-o", folder / f"{number}.o")
    return sorted(folder.glob("*.o"))


def prepare():
    """Does once what every case needs."""
    _support()


def _run(*command, cwd=None):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", cwd=cwd)
    if done.returncode:
        messages = compiler.diagnostics(done.stderr)
        raise BaremetalError(compiler.crash(str(command[0]), done.returncode, messages) or messages)
