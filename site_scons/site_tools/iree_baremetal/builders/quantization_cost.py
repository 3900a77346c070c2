"""What quantization cost a model: the float model is built and measured, too.

    env.IreeQuantizeReport(model, inputs="inputs.npz")

tells what became of answers, flash, RAM and cycles: after every build that changed something of it and, with
IREE_QUANTIZE_REPORT, always. bench has it in its page. It is nothing for a model that IreeQuantize did not make.
"""

import json
from pathlib import Path

from . import on_demand
from .action import message_action
from .firmware import emulated
from .harness import check_model, folder_of, input_nodes, program
from .measure import measure
from .toolchain import for_board

SUFFIX = "_quantization_cost.json"  # behind the model's name


def _made(model):
    """(the .onnx that IreeQuantize made, what that cost in answers), nodes; None where model is of none."""
    for node in model.mlir.sources:
        targets = node.get_executor().get_all_targets() if node.has_builder() else []
        if len(targets) == 2 and str(targets[1]).endswith(".quantization.json"):
            return targets
    return None


def floating(env, model):
    """The `Model` of the float model that model was quantized from, made once for all who ask; None where it was not."""
    made = _made(model)
    if made and not hasattr(model, "floating"):
        sizes = made[0].get_env()
        own = env.Clone(IREE_QUANTIZE="", IREE_PUSH_ROWS=False, IREE_DIMS=sizes["IREE_DIMS"], IREE_SHAPES=sizes["IREE_SHAPES"])
        model.floating = own.IreeModel(made[0].sources[0], model.name, folder=model.folder.Dir(f"{model.name}_float"))
        on_demand.leave_out(env, list(model), model.floating.folder)
    return model.floating if made else None


def nodes(env, model, inputs=None):
    """The result as JSON, a list of none or one node. inputs: an .npz to feed both models with."""
    made = _made(model)
    if not made or env["IREE_BOARD_DATA"].is_host:
        return []
    target = folder_of(model).File(model.name + SUFFIX)
    if target.has_builder():
        return [target]
    other, own = floating(env, model), env.Clone(IREE_SUPPORTOF=env)  # one set of objects of the board's support
    sources = [made[1], *program(own, other), other.plan, *program(env, model), model.plan]
    return env.Command(
        target,
        [*sources, *input_nodes(env, inputs)],
        message_action(_measure, None, ["IREE_BAREMETAL_DIGEST", "IREE_CLOCK", "IREE_ON"]),
    )


def _measure(target, source, env):
    from ..bench import compare

    answers, *six = source[:7]
    before, now = (measure(env, elf, map_file, plan, source[7:], {}) for elf, map_file, plan in (six[:3], six[3:]))
    content = {"answers": json.loads(answers.get_text_contents()), "table": compare.text(before, now, ("float", "quantized"))}
    content |= {"float": compare.measures(before), "quantized": compare.measures(now)}
    Path(target[0].get_abspath()).write_text(json.dumps(content, indent=1) + "\n")
    print(content["table"])


def iree_quantize_report(env, model, inputs=None):
    """The pseudo-builder env.IreeQuantizeReport(model, inputs=None). See the module."""
    check_model(model)
    env = emulated(for_board(env))
    cost = nodes(env, model, inputs)

    def tell(target, source, env):
        from ..formats.onnx.quantization import report

        content = json.loads(source[0].get_text_contents())
        print(report.text(content["answers"]), content["table"], sep="\n")

    if cost and env.get("IREE_QUANTIZE_REPORT"):
        return env.AlwaysBuild(env.Alias("quantize-report", cost, message_action(tell, None)))
    env.Depends(model.folder, cost)  # told after a plain build, too
    return cost


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_QUANTIZE_REPORT="")
    env.AddMethod(iree_quantize_report, "IreeQuantizeReport")
