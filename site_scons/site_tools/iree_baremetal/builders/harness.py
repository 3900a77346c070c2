"""A model on its own: fed without a line of C.

    env.IreeAnswers(model, inputs="inputs.npz")  scons run: the outputs, printed
    env.IreeSize(model)                          scons size: the memory report

It builds the generated harness around the model, as verify.py, bench.py and tune.py do; inputs is an .npz
with an array for each input, one call for each entry along its first axis; without it, seeded random inputs
are fed. IREE_TIMEOUT bounds a run, in seconds.

What needs numpy is imported where it is used: it takes longer to load than a build to read.
"""

import json
import os
from pathlib import Path

import SCons.Errors

from ..errors import BaremetalError, FirmwareError
from . import cluster, direct, on_demand, running, targets
from .action import message_action
from .firmware import emulated, support_nodes
from .paths import SUPPORT
from .targets import always
from .toolchain import for_board


def folder_of(model):
    return model.plan.dir.Dir(f"{model.name}_harness")


def program(env, model, suffix="", objects=None, defines=()):
    """The ELF and map of the harness, around the model's objects; made once for all who ask."""
    if suffix in model.programs:
        return model.programs[suffix]
    folder, name = folder_of(model), f"{model.name}_harness{suffix}"
    support = env.get("IREE_SUPPORTOF", env)
    if not support["IREE_SUPPORTDIR"]:  # of a project that has no firmware of ours: with the first harness
        support["IREE_SUPPORTDIR"] = folder
    if suffix and env.subst("$IREE_RAM"):  # what instruments takes memory, too
        env = env.Clone(IREE_RAM="", IREE_SUPPORTOF=support)
    own = env.Clone()
    own.Append(CPPDEFINES=list(defines))
    own.Prepend(CPPPATH=[*model.include, env.Dir(SUPPORT), env.Dir(os.path.join(SUPPORT, "runtime"))])
    main = own.Object(folder.File(f"{name}.o"), model.harness)
    elf, *_, map_file = env.IreeFirmware(folder.File(name), [main, objects or list(model)])
    if running.on_part(env) and twin(elf) is not elf:  # beside what the part counts, bench estimates, in the emulator
        env.Requires(elf, twin(elf))
    env.Clean(elf, folder)
    on_demand.leave_out(env, list(model), [folder, *support_nodes(env)])
    model.programs[suffix] = [elf, map_file]
    return model.programs[suffix]


def twin(elf):
    """What the emulator runs of the firmware elf, a node."""
    return getattr(elf.attributes, "emulated", [elf])[0]


def instrumented(env, model, kind):
    """The harness around the model's source compiled with IREE_DIRECT_PROFILE or IREE_DIRECT_POISON."""
    defines = [f"IREE_DIRECT_{kind.upper()}"]
    source = direct.source_object(env, model, folder_of(model).File(f"{model.name}_{kind}.o"), defines, [SUPPORT])
    return program(env, model, f"_{kind}", [*model.objects, *source], defines)[0]


def feed(env, use, elf, plan, fed, run=None):
    """Runs the harness on calls, for one use of it: answers, peak of the stack, peak of the heap. run: in place of env's runner."""
    from ..codegen import harness, signature
    from ..device import outcome
    from ..verify import calls

    # A folder for each use: with -j, two may run at once.
    board, folder = env["IREE_BOARD_DATA"], f"{elf.get_abspath()}.{use}"
    functions = signature.read(str(plan))
    os.makedirs(folder, exist_ok=True)
    calls.write_inputs(os.path.join(folder, harness.INPUTS), functions, fed)
    # Those of an earlier run are no answers of this one.
    Path(folder, harness.OUTPUTS).unlink(missing_ok=True)
    how = {"timeout": float(env["IREE_TIMEOUT"]), "cwd": folder}
    if run or not running.on_part(env):
        how |= {
            "cluster": cluster.of(env),
            "reads": [os.path.join(folder, harness.INPUTS)],
            "writes": [os.path.join(folder, harness.OUTPUTS)],
        }
    done = (run or running.runner(env))(board, elf.get_abspath(), **how)
    if done.returncode:
        raise FirmwareError(f"{outcome.of_run(done, elf, board)}\n{done.stdout.strip()}".rstrip())
    answers, stack, heap = calls.read_outputs(os.path.join(folder, harness.OUTPUTS), functions, fed)
    if 0 < board.stack <= stack:  # its lowest word has lost the paint: where nothing guards the stack, it may have gone on
        raise FirmwareError(
            f"{elf} used all of its stack of {board.stack:,} bytes on board {board.name}, or more. Build with a larger stack="
        )
    for number, (call, answer) in enumerate(zip(fed, answers)):
        if answer.status:
            meaning = outcome.of_model(answer.status, signature.called_kernels(str(plan)))
            said = f"call {number} of {functions[call.function].name} returned {answer.status} on board {board.name}. {meaning}".rstrip()
            raise FirmwareError(f"{said}\n{done.stdout.strip()}".rstrip())
    return answers, stack, heap


def calls_for(functions, npz, plan):
    """The calls to feed: those of the .npz, or random ones."""
    from ..verify import calls

    fed = calls.load(functions, str(npz[0]) if npz else "")
    if not fed:
        name = plan.name.split(".")[0]
        raise BaremetalError(
            f"{name}: there is nothing to feed it, as all its functions have dynamic shapes. Fix them in the model "
            "(dims= or shapes= for an .onnx), or call it from an application of yours, as samples/dynamic does."
        )
    return fed


def write_json(elf, suffix, content):
    """Writes content beside the harness, named after the model; its path."""
    path = Path(str(elf.dir), elf.name.split("_harness")[0] + suffix + ".json")
    path.write_text(json.dumps(content, indent=1) + "\n")
    return path


def check_model(model):
    if not hasattr(model, "harness"):
        raise SCons.Errors.UserError(f"{model!r} is no model: pass what IreeModel returned.")


def input_nodes(env, inputs):
    return [env.File(inputs)] if inputs else []


def _answers(target, source, env):
    import numpy

    from ..codegen import signature
    from ..verify import quantized

    elf, plan, *npz = source
    functions = signature.read(str(plan))
    fed = calls_for(functions, npz, plan)
    answers, *_ = feed(env, "run", elf, plan, fed)
    with numpy.printoptions(precision=6, threshold=40, linewidth=110):
        for number, (call, answer) in enumerate(zip(fed, answers)):
            function = functions[call.function]
            for tensor, array in zip(function.outputs, answer.outputs):
                print(f"call {number}, {function.name}, {tensor.name}: {array.ravel()}")
                if tensor.is_quantized:
                    print(f"  real values: {quantized.dequantize(array, tensor).ravel()}")


def iree_answers(env, model, inputs=None):
    """The pseudo-builder env.IreeAnswers(model, inputs=None)."""
    check_model(model)
    env = emulated(for_board(env))
    sources = [program(env, model)[0], model.plan, *input_nodes(env, inputs)]
    return always(env, "run", sources, message_action(_answers, "run ${SOURCES[0]}"))


def iree_size(env, built):
    """The pseudo-builder env.IreeSize(firmware), or of a model: of the harness around it."""
    if not hasattr(built, "programs"):
        return targets.iree_size(env, built)
    check_model(built)
    env = emulated(for_board(env))
    return targets.iree_size(env, program(env, built))


def add(env):
    """Adds the pseudo-builders to env."""
    env.AddMethod(iree_size, "IreeSize")
    env.AddMethod(iree_answers, "IreeAnswers")
