"""IreeExport: a model as a library for a build of another kind (export/).

    env.IreeExport(model)                                  scons export format=cmake
    env.IreeExport(model, format="make", folder="#vendor")

Each format makes a folder, export/<format>/<model>/, and some an archive beside it; with folder=, folder/<model>/ or,
of several formats, folder/<format>/<model>/. Where the board has an emulator, its README tells what a call costs,
measured there: fed with inputs, as IreeVerify is.
"""

import json
import os
import shutil
from pathlib import Path

import SCons.Errors

from ..errors import BaremetalError
from . import harness, on_demand
from .action import message_action, tool_action
from .firmware import emulated
from .measure import measured
from .paths import DIRECT, INTERFACE
from .running import on_part
from .toolchain import for_board


def _archiver(env):
    """The archiver beside OBJCOPY, which knows the board's objects."""
    folder, name = os.path.split(env.subst("$OBJCOPY"))
    return os.path.join(folder, name.replace("objcopy", "ar"))


def _archive(env, model, folder):
    """lib<model>.a: what the application links with the generated C, without the debug information of this build."""
    env = env.Clone()
    env.SetDefault(IREE_AR=_archiver(env))
    packed = env.Command(folder.File(f"{model.name}_all.a"), model.objects, tool_action("IREE_ARCHIVECOM"))
    return env.Command(folder.File(f"lib{model.name}.a"), packed, tool_action("IREE_STRIPCOM"))[0]


def _measured(env, board):
    """Whether a run tells the cost of a call: instructions of this board, not this machine's time."""
    system = board.emulator and board.emulator.system
    return bool(system and shutil.which(f"qemu-system-{system}", path=env["ENV"].get("PATH")))


def _cost(target, source, env):
    from .. import bench
    from ..codegen import signature
    from ..export import cost
    from ..report import image

    plan, counts, *others = source
    linked = [node.get_abspath() for node in others if node.get_suffix() == ".o"]
    elf, map_file, *npz = [node for node in others if node.get_suffix() != ".o"] or [None, None]
    facts, counts = (json.loads(node.get_text_contents()) for node in (plan, counts))
    costs = {}
    for function in facts["functions"]:
        macs = bench.work(function, counts)
        costs[function["c_name"]] = {"macs": macs, "count": 0, "cycles": 0, "stack": 0}
    board = env["IREE_BOARD_DATA"]
    if elf:
        functions = signature.read(str(plan))
        fed = harness.calls_for(functions, npz, plan)
        for index, c_name in enumerate(costs):
            first = [call for call in fed if call.function == index][:1]
            if first:  # the second call counts: the first may have to initialize the model's state
                whole = measured(env, "export", elf, plan, first * 2)
                costs[c_name]["count"], costs[c_name]["cycles"] = (
                    whole.answer.cost,
                    whole.estimate.cycles if whole.estimate else 0,
                )
            depth = image.report(str(elf), str(map_file), board, start=c_name).depth
            costs[c_name]["stack"] = depth.bytes
    name, _, machine = board.name.partition("@")  # where another's machine stands in for it
    where = f"{name}, on the part" if on_part(env) else f"{name}, in QEMU{machine and f' on the machine of {machine}'}"
    cost.write(target[0].get_abspath(), cost.memory(str(plan), linked), costs, where if elf else "")


def _cost_of(env, model, folder, inputs):
    """The node of <model>_cost.json."""
    env = emulated(for_board(env))
    flow = model.flow or env.IreeFlow(folder.File(f"{model.name}.flow.mlirbc"), model.mlir)
    sources = [model.plan, env.IreeMacs(folder.File(f"{model.name}.macs.json"), flow), *model]
    if _measured(env, env["IREE_BOARD_DATA"]):
        sources += [*harness.program(env, model), *harness.input_nodes(env, inputs)]
    action = message_action(_cost, "measure $TARGET", ["IREE_BAREMETAL_DIGEST", "IREE_TIMEOUT", "IREE_ON"])
    return env.Command(folder.File(f"{model.name}_cost.json"), sources, action)[0]


def _write(target, source, env):
    from .. import export

    format_name, folder, made = env["IREE_EXPORTED"]
    for path in export.write(format_name, made, folder.get_abspath()):
        assert any(node.get_abspath() == str(path) for node in target), path
    print(f"{target[0].dir}: for {export.of(format_name).TITLE}, README.md tells how to take it in.")


def _one(env, name, made, folder, sources):
    """The nodes of one format's folder, and its archive."""
    from .. import export

    paths = [f"{made.name}/{path}" for path in export.contents(name, made)]
    targets = [folder.File(path) for path in sorted(paths, key=lambda path: path.count("/"))]
    if export.packed(name, made):
        targets.append(folder.File(export.packed(name, made)))
    action = message_action(_write, "export ${TARGETS[0].dir}", ["IREE_BAREMETAL_DIGEST", "IREE_BOARD", "IREE_EXPORTVERSION"])
    copied = env.Scanner(function=lambda node, env, path: [], name="copied")  # what they include is of no concern here
    own = {"IREE_EXPORTED": (name, folder, made), "IREE_EXPORTVERSION": made.version}
    return env.Command(targets, sources, action, source_scanner=copied, **own)


def _library(env, model, inputs, version):
    """(`Library`, the nodes it is made of) of model: one for all formats and calls."""
    from ..export import library

    if not hasattr(model, "exported"):
        folder = model.folder.Dir(f"{model.name}_export")
        on_demand.leave_out(env, list(model), folder)
        model.exported = _archive(env, model, folder), _cost_of(env, model, folder, inputs)
    archive, costs = model.exported
    headers, private = [model.header, *_headers(env, INTERFACE)], _headers(env, DIRECT)
    made = library.Library(
        name=model.name,
        version=version,
        board=env["IREE_BOARD_DATA"],
        headers=_paths(headers),
        sources=_paths([model.source]),
        private=_paths(private),
        archive=Path(archive.get_abspath()),
        plan=Path(model.plan.get_abspath()),
        cost=Path(costs.get_abspath()),
    )
    return made, [*headers, model.source, *private, archive, model.plan, costs, env.File(str(library.LICENSE))]


def _refuse_runtime(model):
    def refuse(target, source, env):
        raise BaremetalError(f"export of {model.name}: deploy={model.deploy} needs IREE's runtime; export deploy=direct.")

    return refuse


def iree_export(env, model, format=None, folder=None, inputs=None, version="1.0.0"):
    """The pseudo-builder env.IreeExport(model, format=None, folder=None, inputs=None, version="1.0.0"). See the module."""
    from .. import export

    harness.check_model(model)
    asked = format or env.get("IREE_EXPORTFORMAT") or "make"
    try:
        names = export.chosen(asked if isinstance(asked, str) else ",".join(asked), env["IREE_BOARD_DATA"])
        export.check_version(version)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    if model.deploy != "direct":  # the same SConscript serves all deployments
        return env.AlwaysBuild(env.Alias("export", [], message_action(_refuse_runtime(model), None)))
    made, sources = _library(env, model, inputs, version)
    result = []
    for name in names:
        where = env.Dir(f"{folder}/{name}" if folder and len(names) > 1 else folder or f"export/{name}")
        if where.Dir(made.name).File("README.md").has_builder():
            raise SCons.Errors.UserError(f"IreeExport: {where}/{made.name} is made already; give another folder=.")
        nodes = _one(env, name, made, where, sources)
        # Where folder= says, there may be files of the user's.
        on_demand.leave_out(env, list(model), nodes if folder else where)
        result += nodes
    env.Alias("export", result)
    return result


def _headers(env, folder):
    return [env.File(str(path)) for path in sorted(Path(folder).glob("*.h"))]


def _paths(nodes):
    return tuple(Path(node.get_abspath()) for node in nodes)


def add(env):
    """Adds the pseudo-builder to env."""
    env.SetDefault(IREE_ARCHIVECOM="$IREE_AR rcsD $TARGET $SOURCES", IREE_STRIPCOM="$OBJCOPY -D --strip-debug $SOURCE $TARGET")
    env.AddMethod(iree_export, "IreeExport")
