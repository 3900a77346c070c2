"""What a harness costs: run on its board with executions counted. Shared by bench.py and quantization_cost.py."""

import json
import re
from dataclasses import replace

from ..errors import BaremetalError
from . import running
from .harness import calls_for, feed, twin


def measure(env, elf, map_file, plan, npz, counts, profile=None, nodes=None):
    """What bench writes as JSON, of the harness elf.

    counts, layers: as from `bench.macs` and `bench.nodes`. profile: the harness that measures each dispatch, to tell
    kernels apart.
    """
    from .. import bench
    from ..codegen import signature
    from ..report import image

    board, functions, model = env["IREE_BOARD_DATA"], signature.read(str(plan)), json.loads(plan.get_text_contents())
    fed = calls_for(functions, npz, plan)
    flash = None if env.get("IREE_WEIGHTS_REGION") else board.flash_timing  # other memory has times of its own
    records = []
    for index, function in enumerate(model["functions"]):
        first = [call for call in fed if call.function == index][:1]
        # The second call counts: the first may have to initialize the model's state.
        if not first:
            continue  # of dynamic shape, or not fed by the file
        whole = measured(env, "bench", elf, plan, first * 2)
        parts = measured(env, "bench", profile, plan, first * 2) if profile else None
        records.append(
            bench.record(
                model, board, env["IREE_DEPLOY"], function, whole, parts, counts, whole.answer.unit, _clock(env), nodes, flash
            )
        )
    memory = {} if board.is_host else json.loads(image.report(str(elf), str(map_file), board).json())
    return {"compiler": env.subst("$IREE_COMPILE_VERSION"), "records": records, "memory": memory}


def measured(env, use, elf, plan, fed):
    """The `bench.Measured` of the last of the calls fed, for one use of the harness."""
    from .. import bench
    from ..bench import cycles
    from ..codegen import pushing, signature

    board, on_part = env["IREE_BOARD_DATA"], running.on_part(env)
    emulated = twin(elf) if on_part else elf
    counted = cycles.Counted(board.emulated or board, emulated.get_abspath())
    answers, stack, heap = feed(env, use, elf, plan, fed, run=None if on_part else counted.run)
    if (
        on_part and board.emulated and not (emulated is elf and running.is_serial(env))
    ):  # there executions can be counted, of the same kernels
        feed(env.Override({"IREE_BOARD_DATA": board.emulated}), f"{use}_estimate", emulated, plan, fed, run=counted.run)
    elif on_part:
        counted.core, counted.why_not = None, "this firmware runs in no emulator"
    functions = signature.read(str(plan))
    stretches = [pushing.stretches(functions[call.function], len(answer.dispatches)) for call, answer in zip(fed, answers)]
    found = bench.Measured(answers[-1], stack, heap, *counted.of_last(stretches))
    return replace(found, answers=tuple(answers))


def _clock(env):
    """The core's clock in Hz, or None; a `BaremetalError` where IREE_CLOCK is no number."""
    text = env.subst("$IREE_CLOCK")
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]?)(?:Hz)?", text)
    if not text:
        return env["IREE_BOARD_DATA"].clock or None
    if not found or not float(found[1]):
        raise BaremetalError(f"clock={text}: not a frequency in Hz, as in 168000000 or 168M.")
    return float(found[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[found[2]]
