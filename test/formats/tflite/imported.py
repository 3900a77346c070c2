"""What the importer makes of small models, compiled by iree-compile for this machine, many in one call, and run by IREE.

python imported.py FOLDER    runs FOLDER/group.vmfb as FOLDER/group.pickle says, in FOLDER/group.answer
"""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy

FLAGS = (
    "--iree-hal-target-device=local",
    "--iree-hal-local-target-device-backends=llvm-cpu",
    "--iree-llvmcpu-target-cpu=generic",
)
FLAGS += ("--iree-llvmcpu-debug-symbols=false", "--iree-opt-level=O1")


class Refused(Exception):
    """A model that did not come through; phase: import, compile or run."""

    def __init__(self, phase, message):
        super().__init__(f"{phase}: {message}")
        self.phase = phase


def import_(folder, name, net):
    """The path of the module for net."""
    from iree_baremetal.errors import BaremetalError
    from iree_baremetal.formats.tflite import importer

    source, target = folder / f"{name}.tflite", folder / f"{name}.mlirbc"
    source.write_bytes(net.bytes())
    try:
        importer.import_model(source, target, "iree-compile")
    except BaremetalError as error:
        raise Refused("import", str(error)) from error
    except Exception as error:  # noqa: BLE001 - a fault that the table shows, beside the others' answers
        raise Refused("import", f"{type(error).__name__}: {error}") from error
    return target


def merge(modules, target):
    """Writes one module with the functions of modules, {name: path}; each bears its model's name, as merged_name."""
    from iree.compiler import ir

    with ir.Context(), ir.Location.unknown():
        whole = ir.Module.create()
        for name, path in modules.items():
            module = ir.Module.parse(path.read_bytes())
            for op in module.body.operations:
                op.attributes["sym_name"] = ir.StringAttr.get(merged_name(name))
                whole.body.append(op.operation.clone())
        with open(target, "wb") as stream:
            whole.operation.write_bytecode(stream)


def merged_name(name):
    return name.replace("-", "_")


def is_alone(path):
    """Whether the module at path is one function, without state."""
    from iree.compiler import ir

    with ir.Context(), ir.Location.unknown():
        return len(list(ir.Module.parse(path.read_bytes()).body.operations)) == 1


def run(folder, models, group=40):
    """{name: outputs for each call, or the `Refused`} of models, {name: (net, calls)}, by way of IREE on this machine."""
    folder.mkdir()
    results, modules = {}, {}
    for name, (net, _) in models.items():
        try:
            modules[name] = import_(folder, name, net)
        except Refused as refused:
            results[name] = refused
    single = [name for name in modules if is_alone(modules[name])]
    groups = [single[n : n + group] for n in range(0, len(single), group)]
    groups += [[name] for name in modules if name not in single]
    for names in groups:
        results |= _answers(folder, names, modules, models)
    return results


def _answers(folder, names, modules, models):
    """`run` for one group; where it does not compile as a whole, its halves."""
    stem = folder / f"group_{names[0]}_{len(names)}"
    program = stem.with_suffix(".merged.mlirbc")
    merge({n: modules[n] for n in names}, program) if is_alone(modules[names[0]]) else program.write_bytes(
        modules[names[0]].read_bytes()
    )
    vmfb = stem.with_suffix(".vmfb")
    try:
        _compile(program, vmfb)
        return _run(stem, vmfb, names, models)
    except Refused as refused:
        if len(names) == 1:
            return {names[0]: refused}
    half = len(names) // 2
    return _answers(folder, names[:half], modules, models) | _answers(folder, names[half:], modules, models)


def _compile(program, vmfb):
    from iree_baremetal import compiler

    try:
        done = subprocess.run(
            [compiler.find(), program, "-o", vmfb, *FLAGS], capture_output=True, text=True, errors="replace", timeout=300
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("compile", "no end in 300 s") from error
    if done.returncode:
        errors = (
            [line for line in done.stderr.splitlines() if "error:" in line] or done.stderr.splitlines() or ["it said nothing"]
        )
        raise Refused("compile", errors[0][-300:])


def _run(stem, vmfb, names, models):
    functions = {name: merged_name(name) if len(names) > 1 or is_merged(stem) else "invoke" for name in names}
    fed = [(name, functions[name], models[name][1]) for name in names]
    stem.with_suffix(".pickle").write_bytes(pickle.dumps((str(vmfb), fed)))
    done = subprocess.run([sys.executable, __file__, stem], capture_output=True, text=True)
    if done.returncode:
        raise Refused("run", (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[-1])
    return pickle.loads(stem.with_suffix(".answer").read_bytes())


def is_merged(stem):
    return is_alone(stem.with_suffix(".merged.mlirbc"))


def _main(stem):
    import iree.runtime

    vmfb, fed = pickle.loads(stem.with_suffix(".pickle").read_bytes())
    results = {}
    module = iree.runtime.load_vm_flatbuffer_file(vmfb, driver="local-sync")
    for name, function, calls in fed:
        results[name] = []
        for call in calls:
            found = module[function](*(a.view(f"i{a.itemsize}") if a.dtype.kind == "u" else a for a in call))
            found = found if isinstance(found, (tuple, list)) else [found]
            results[name].append([numpy.array(f.to_host() if hasattr(f, "to_host") else f) for f in found])
    stem.with_suffix(".answer").write_bytes(pickle.dumps(results))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
