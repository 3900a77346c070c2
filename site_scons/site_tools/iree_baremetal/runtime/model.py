"""Writes the generated files of a model for a deployment on IREE's runtime, if it fits the tree."""

from pathlib import Path

from .. import __version__
from ..codegen import harness, header, session, signature
from ..codegen.kernels_object import KernelsObject
from . import artifact, assumed, deployments, emitc, source_tree, versions

_NOTE = [
    " * On IREE's runtime: the first call creates it, on a heap. X_in() is X(): its arena is for the",
    " * direct deployment. Outcomes from 32 on are 32 plus a code of iree/base/status.h.",
]


def _check(options, deployment, needs):
    provides = versions.of_tree(options.tree)
    tag = source_tree.tag(options.compiler_version)
    for need in needs:
        versions.check(need, provides, options.compiler_version, tag)
        versions.check_formats(need, deployment)
    assumed.check_tree(deployment, options.tree)


def write(plan, module, options):
    """Writes header, source, harness and signature of plan into the folder options.output.

    module: the name in the host program. options: deploy, host_program, library, tree, origin and
    compiler_version, as of the command line. `BaremetalError` where the artefacts need another
    version of the runtime than the tree declares, or another loader than the deployment's, or where upstream
    is no longer as the glue has it.
    """
    deployment = deployments.get(options.deploy)
    folder, program = Path(options.output), Path(options.host_program)
    bytecode = deployment.host_program == "bytecode"
    needs = [artifact.bytecode(program) if bytecode else artifact.c_module(program)]
    query, kernels = "", None
    if options.library:
        kernels = KernelsObject(options.library)
        needs.append(artifact.kernels(options.library))
        query = artifact.query_function(options.library)
    _check(options, deployment, needs)
    origin = f"made from {options.origin} by iree-baremetal {__version__} with iree-base-compiler {options.compiler_version}"
    outputs = {
        f"include/{plan.name}.h": header.text(plan, origin, _NOTE),
        f"{plan.name}.c": session.text(plan, module, deployment, query, program.stat().st_size if bytecode else 0, kernels),
        f"{plan.name}_harness.c": harness.text(plan, heap=True),
    }
    if bytecode:
        outputs[f"{plan.name}_vmfb.S"] = session.archive(plan.name)
    else:
        text = program.read_text()
        assumed.check_c(program, text)
        outputs[f"{plan.name}_module.h"] = emitc.mend(text)
    (folder / "include").mkdir(exist_ok=True)
    for name, text in outputs.items():
        (folder / name).write_text(text)
    signature.write(folder / f"{plan.name}.plan.json", plan)
