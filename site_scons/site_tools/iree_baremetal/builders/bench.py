"""What a model costs on a board.

    env.IreeBench(model, inputs="inputs.npz")    scons bench: instructions and cycles of each kernel, memory

It builds the generated harness (harness.py) twice: as it is, for the whole, and with IREE_DIRECT_PROFILE,
which measures each dispatch. Executions are counted by a plugin for QEMU (device/executions.py); of them
come cycles, where the core has a timing table (timing/cores). IREE_CLOCK: the core's clock, in Hz.
IREE_COMPARE, the …_bench.json of another run, is shown beside this one; with IREE_BUDGET (bench/compare.py) a
result above it fails.
"""

import json

import SCons.Errors

from ..errors import BaremetalError
from . import quantization_cost
from .action import message_action
from .firmware import emulated
from .harness import check_model, folder_of, input_nodes, instrumented, program, write_json
from .measure import measure
from .targets import always
from .toolchain import for_board


def _bench(target, source, env):
    from .. import bench
    from ..bench import compare
    from ..bench.page import page

    elf, map_file, plan, counts, layers, *others = source
    profile = [node for node in others if node.name.endswith(env.subst("_profile$PROGSUFFIX"))]
    cost = [node for node in others if node.name.endswith(quantization_cost.SUFFIX)]
    npz = [node for node in others if node not in profile + cost]
    counts, nodes = (json.loads(node.get_text_contents()) for node in (counts, layers))
    content = measure(env, elf, map_file, plan, npz, counts, profile[0] if profile else None, nodes)
    print(*map(bench.table, content["records"]), sep="\n\n", end="\n\n")
    if cost:
        content["quantization"] = json.loads(cost[0].get_text_contents())
    other = env.subst("$IREE_COMPARE")
    before = compare.read(env.File(other).get_abspath()) if other else None
    path = write_json(elf, "_bench", content)
    path.with_suffix(".html").write_text(page(content, before))
    path.with_suffix(".txt").write_text(_text(content))
    print(f"{path}, .html, .txt")
    _judge(env, content, before)


def _text(content):
    """All that is told of the records: the tables, and where the cycles go."""
    from .. import bench
    from ..bench import hottest

    return "\n\n".join(f"{bench.table(record)}\n\n{hottest.text(record)}" for record in content["records"]).rstrip() + "\n"


def _judge(env, content, before):
    """Shows content beside that of compare=; a `BaremetalError` where it is above budget=."""
    from ..bench import compare

    if before:
        print(compare.text(before, content))
    above = compare.exceeded(content, compare.parse_budget(env.subst("$IREE_BUDGET")), before)
    if above:
        raise BaremetalError("\n".join(above))


def _check(env):
    """A UserError where compare= or budget= cannot be what they are for."""
    budget, other = env.subst("$IREE_BUDGET"), env.subst("$IREE_COMPARE")
    if not budget and not other:
        return
    from ..bench import compare

    try:
        compare.checked(budget, other and env.File(other).get_abspath())
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error


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
    _check(env)
    layers = env.IreeLayers(folder.File(f"{model.name}.layers.json"), [flow, model.mlir, *model.names])
    sources = [
        elf,
        map_file,
        model.plan,
        *counts,
        *layers,
        *profile,
        *quantization_cost.nodes(env, model, inputs),
        *input_nodes(env, inputs),
    ]
    return always(env, "bench", sources, message_action(_bench, "bench ${SOURCES[0]}"))


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_CLOCK="", IREE_COMPARE="", IREE_BUDGET="")
    env.AddMethod(iree_bench, "IreeBench")
