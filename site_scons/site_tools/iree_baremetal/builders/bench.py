"""What a model costs on a board.

    env.IreeBench(model, inputs="inputs.npz")    scons bench: instructions and cycles of each kernel, memory

It builds the generated harness (harness.py) twice: as it is, for the whole, and with IREE_DIRECT_PROFILE,
which measures each dispatch. Executions are counted by a plugin for QEMU (device/executions.py); of them
come cycles, where the core has a timing table (timing/cores). IREE_CLOCK: the core's clock, in Hz.
"""

import json
import re

from .. import bench
from ..bench import html
from ..codegen import signature
from ..errors import BaremetalError
from ..report import image
from .action import message_action
from .firmware import emulated
from .harness import calls_for, check_model, feed, folder_of, input_nodes, instrumented, program, write_json
from .targets import always
from .toolchain import for_board


def _bench(target, source, env):
    elf, map_file, plan, counts, *others = source
    profile = [node for node in others if node.name.endswith(env.subst("_profile$PROGSUFFIX"))]
    npz = [node for node in others if node not in profile]
    board, functions = env["IREE_BOARD_DATA"], signature.read(str(plan))
    model, counts = (json.loads(node.get_text_contents()) for node in (plan, counts))
    fed = calls_for(functions, npz, plan)
    records = []
    for index, function in enumerate(model["functions"]):
        first = [call for call in fed if call.function == index][:1]
        # The second call counts: the first may have to initialize the model's state.
        if not first:
            continue  # of dynamic shape, or not fed by the file
        whole = measured(env, "bench", elf, plan, first * 2)
        parts = measured(env, "bench", profile[0], plan, first * 2) if profile else None
        records.append(bench.record(model, board, env["IREE_DEPLOY"], function, whole, parts, counts, unit(board), _clock(env)))
        print(bench.table(records[-1]), end="\n\n")
    memory = {} if board.is_host else json.loads(image.report(str(elf), str(map_file), board).json())
    content = {"compiler": env.subst("$IREE_COMPILE_VERSION"), "records": records, "memory": memory}
    path = write_json(elf, "_bench", content)
    path.with_suffix(".html").write_text(html.page(content))
    print(f"{path}, .html")


def measured(env, use, elf, plan, fed):
    """The `bench.Measured` of the last of the calls fed, for one use of the harness."""
    from ..bench import cycles

    counted = cycles.Counted(env["IREE_BOARD_DATA"], elf.get_abspath())
    answers, stack, heap = feed(env, use, elf, plan, fed, run=counted.run)
    return bench.Measured(answers[-1], stack, heap, *counted.of_last([len(answer.dispatches) for answer in answers]))


def unit(board):
    return "ns" if board.is_host else "instructions"


def _clock(env):
    """The core's clock in Hz, or None; a `BaremetalError` where IREE_CLOCK is no number."""
    text = env.subst("$IREE_CLOCK")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]?)(?:Hz)?", text)
    if text and not (found and float(found[1])):
        raise BaremetalError(f"clock={text}: not a frequency in Hz, as in 168000000 or 168M.")
    return float(found[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[found[2]] if text else env["IREE_BOARD_DATA"].clock or None


def iree_bench(env, model, inputs=None):
    """The pseudo-builder env.IreeBench(model, inputs=None)."""
    check_model(model)
    env = emulated(for_board(env))
    folder, profile = folder_of(model), []
    if model.deploy == "direct":
        profile = [instrumented(env, model, "profile")]
    elf, map_file = program(env, model)
    flow = model.flow or env.IreeFlow(folder.File(f"{model.name}.flow.mlirbc"), model.mlir)
    counts = env.IreeMacs(folder.File(f"{model.name}.macs.json"), flow)
    sources = [elf, map_file, model.plan, *counts, *profile, *input_nodes(env, inputs)]
    return always(env, "bench", sources, message_action(_bench, "bench ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_CLOCK="")
    env.AddMethod(iree_bench, "IreeBench")
