"""The plain modules as commands: ``python -m iree_baremetal COMMAND …``. The builders call them so, too.

A mistake of the user ends in one message and exit code 2.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from . import __version__
from .errors import BaremetalError, ToolError

# Module -> the package that holds it, where that has another name.
_PACKAGES = {"iree": "iree-base-compiler", "iree.compiler": "iree-base-compiler", "iree.runtime": "iree-base-runtime", "elftools": "pyelftools"}


def _import(options):
    from . import formats

    formats.of(options.model).import_model(options.model, options.output, options.iree_compile, options.dims, options.shapes, options.opset)


def _named(plan, names_file):
    """plan with what the importer knows of the tensors, where there is one function that has them."""
    if names_file and len(plan.functions) == 1:
        known = json.loads(Path(names_file).read_text())
        function = plan.functions[0]
        for key in ("inputs", "outputs"):
            tensors = getattr(function, key)
            if len(known[key]) == len(tensors):
                setattr(function, key, [_described(t, k) for t, k in zip(tensors, known[key])])
    return plan


def _described(tensor, known):
    # MLIR's integers are signless: the importer remembers which were unsigned.
    dtype = f"u{tensor.dtype}" if known["unsigned"] and tensor.dtype in ("i8", "i16", "i32", "i64") else tensor.dtype
    return replace(tensor, name=known["name"], note=known["note"], dtype=dtype)


def _lower(options):
    from .compiler import lowering
    from .rewrite import pipeline

    names = pipeline.parse_names(options.rewrites)
    size = None
    if options.link:
        from .plan import overlapped

        size = overlapped.Arena(options.command, options.link, options.alignment).size
    lowered = lowering.lower(options.model, options.command, options.alignment, names, not options.wide, size)
    Path(options.output).write_bytes(lowered.stream)
    if options.flow:
        Path(options.flow).write_bytes(lowered.flow)
    if options.verbose:
        print("\n".join(lowered.notes), file=sys.stderr)


def _plan(options, proven=None):
    """The plan of the files that codegen and trace take."""
    from .plan import access, kernels
    from .plan.evaluate import evaluate

    accesses = access.read(Path(options.stream).read_bytes())
    program = Path(options.program).read_bytes()
    return evaluate(options.name, program, kernels.read(options.library), accesses, options.alignment, proven)


def _trace(options):
    from .plan import overlap, trace

    overlap.write(options.output, overlap.prove(_plan(options), trace.Kernels(options.linked), options.alignment))


def _codegen(options):
    from .codegen import harness, header, names, signature, source
    from .plan import overlap

    folder = Path(options.output)
    plan = _named(_plan(options, overlap.read(options.overlaps) if options.overlaps else None), options.names)
    origin = f"made from {options.origin} with iree-base-compiler {options.compiler_version}"
    renamed = names.kernels(plan)
    outputs = {
        f"{plan.name}.h": header.text(plan, origin, header.memory_note(plan)),
        f"{plan.name}.c": source.text(plan),
        f"{plan.name}_weights.S": source.weights(plan, f"{plan.name}_weights.bin"),
        f"{plan.name}_harness.c": harness.text(plan),
        f"{plan.name}_kernels.syms": "".join(f"{old} {new}\n" for old, new in renamed.items()),
        f"{plan.name}_kernels.keep": "".join(f"{new}\n" for new in renamed.values()),
    }
    for name, text in outputs.items():
        (folder / name).write_text(text)
    (folder / f"{plan.name}_weights.bin").write_bytes(plan.constants)
    signature.write(folder / f"{plan.name}.plan.json", plan)


def _session(options):
    from .plan.model import Plan
    from .runtime import interface, model

    module, functions = interface.read(Path(options.interface).read_bytes())
    plan = _named(Plan(options.name, functions, [], b"", []), options.names)
    model.write(plan, module, options)


def _macs(options):
    from .bench import macs

    macs.write(options.program, options.output)


def _reference(options):
    from .codegen import signature
    from .verify import reference

    functions = signature.read(options.plan)
    reference.save(options.output, reference.run(options.vmfb, functions, load_calls(functions, options.inputs)))


def _check(options):
    from . import board
    from .report import elf_check

    found = board.load(options.board, options.boards)
    elf_check.check(options.elf, found)
    print(f"{Path(options.elf).name}: for board {found.name}: its name, core, memory and vectors agree.")


def _fault(options):
    from . import board
    from .device import fault

    found = fault.find(sys.stdin.read())
    if not found:
        raise BaremetalError("standard input has no line as the firmware prints it: fault: KIND at pc 0x… lr 0x… status 0x… address 0x…")
    print(fault.explain(found, options.elf, board.load(options.board, options.boards)))


def load_calls(functions, npz):
    """The calls of an .npz, or seeded random ones where npz is empty."""
    from .verify import calls

    return calls.npz_calls(functions, npz) if npz else calls.random_calls(functions)


def _parser():
    parser = argparse.ArgumentParser(prog="iree_baremetal", description=__doc__.splitlines()[0])
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("import", help="a model file to .mlir")
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--dims", default="", help="batch=1,…")
    command.add_argument("--shapes", default="", help="input=1x8x8,…")
    command.add_argument("--opset", default="0", help="upgrade the model to this opset first")
    command.add_argument("--iree-compile", default="iree-compile")
    command.set_defaults(run=_import)

    command = commands.add_parser("lower", help="a model to its dispatches and buffers")
    command.add_argument("model", help=".mlir or .mlirbc")
    command.add_argument("command", nargs="+", help="after --: iree-compile and the flags of the target")
    command.add_argument("-o", "--output", required=True, help="the model at the stream phase")
    command.add_argument("--flow", default="", help="where to leave it at the flow phase")
    command.add_argument("--alignment", type=int, required=True, help="of the buffers in the arena")
    command.add_argument("--rewrites", default="none", help="all, none, or names: smlad,round,…")
    command.add_argument("--link", action="append", help="outputs over inputs: a word of what links kernels to trace them")
    command.add_argument("--wide", action="store_true", help="do not try to keep quantized tensors narrow")
    command.add_argument("--verbose", action="store_true", help="tell what was done")
    command.set_defaults(run=_lower)

    program = argparse.ArgumentParser(add_help=False)
    program.add_argument("name")
    program.add_argument("program", help="from iree-compile --compile-to=hal")
    program.add_argument("library", help="the static library's object of the same call")
    program.add_argument("stream", help="what that call started from: the model at the stream phase")
    program.add_argument("--alignment", type=int, required=True, help="of the buffers in the arena")

    command = commands.add_parser("trace", parents=[program], help="prove which outputs may lie over their inputs")
    command.add_argument("linked", help="the library's object, linked on its own")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.set_defaults(run=_trace)

    command = commands.add_parser("codegen", parents=[program], help="host program and kernels to C")
    command.add_argument("-o", "--output", required=True, help="folder")
    command.add_argument("--overlaps", default="", help="from trace: .json")
    command.add_argument("--names", default="", help=".names.json of the import")
    command.add_argument("--origin", default="a model", help="for the header")
    command.add_argument("--compiler-version", default="of unknown version", help="for the header")
    command.set_defaults(run=_codegen)

    command = commands.add_parser("session", help="a model on IREE's runtime to C")
    command.add_argument("name")
    command.add_argument("interface", help="from iree-compile --compile-to=abi")
    command.add_argument("--deploy", required=True, help="static, emitc, elf or vmvx")
    command.add_argument("--host-program", required=True, help=".vmfb, or C of --output-format=vm-c")
    command.add_argument("--library", default="", help="the kernels' object, where there is one")
    command.add_argument("--tree", required=True, help="IREE's source tree, to compare versions with")
    command.add_argument("-o", "--output", required=True, help="folder")
    command.add_argument("--names", default="", help=".names.json of the import")
    command.add_argument("--origin", default="a model", help="for the header")
    command.add_argument("--compiler-version", default="of unknown version", help="for the header")
    command.set_defaults(run=_session)

    command = commands.add_parser("macs", help="count multiply-accumulates")
    command.add_argument("program", help="from iree-compile --compile-to=flow")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.set_defaults(run=_macs)

    command = commands.add_parser("reference", help="run the model with IREE on this machine")
    command.add_argument("vmfb")
    command.add_argument("plan")
    command.add_argument("-o", "--output", required=True, help=".npz")
    command.add_argument("--inputs", default="", help=".npz; without it, seeded random inputs")
    command.set_defaults(run=_reference)

    command = commands.add_parser("check", help="is this firmware for that board?")
    command.add_argument("elf")
    command.add_argument("--board", required=True)
    command.add_argument("--boards", action="append", default=[], metavar="DIR", help="folder with further boards")
    command.set_defaults(run=_check)

    command = commands.add_parser("fault", help="what a fault means, and where it was; the console is standard input")
    command.add_argument("elf")
    command.add_argument("--board", required=True)
    command.add_argument("--boards", action="append", default=[], metavar="DIR", help="folder with further boards")
    command.set_defaults(run=_fault)
    return parser


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 2
    except (BaremetalError, OSError) as error:  # of files: the message names them
        print(f"iree_baremetal: {error}", file=sys.stderr)
        return 2
    except MemoryError as error:
        print(f"iree_baremetal: the model is too large for this machine: {error}", file=sys.stderr)
        return 2
    except ImportError as error:  # the builders run this with the interpreter that iree-compile is installed for
        package = _PACKAGES.get(error.name, error.name)
        print(f"iree_baremetal: {error}. Install it: {sys.executable} -m pip install {package}", file=sys.stderr)
        return 2
    return 0
