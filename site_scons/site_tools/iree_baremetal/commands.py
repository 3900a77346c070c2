"""What each command of `cli` does, from its options; what it needs is imported when it runs."""

import json
import sys
from pathlib import Path

from . import __version__
from .errors import BaremetalError


def import_model(options):
    from . import formats

    off = _without(options)
    formats.of(options.model).import_model(
        options.model, options.output, options.iree_compile, options.dims, options.shapes, options.opset, **off
    )


def _without(options):
    """The importer's argument for the rules that are switched off; formats without rules know none."""
    return {"without": tuple(options.without.split(","))} if options.without else {}


def quantize(options):
    from .formats.onnx.quantization import quantizer, report

    keep = tuple(filter(None, options.keep.split(",")))
    choice = quantizer.Choice(options.method, options.activations, keep, options.border)
    found = quantizer.quantize(
        options.model, options.calibration, options.output, choice, options.dims, options.shapes, options.inputs
    )
    print(report.text(found), file=sys.stderr)


def lower(options):
    from .compiler import lowering
    from .rewrite import pipeline

    names = pipeline.parse_names(options.rewrites)
    size = None
    if options.link:
        from .compiler import overlapped

        size = overlapped.Arena(options.command, options.link, options.alignment).size
    how = {
        "is_in_place": options.in_place,
        "overlapped": size,
        "by_rows": options.rows,
        "ram": options.ram,
        "is_pushed": options.push_rows,
        "forms": _forms(options),
    }
    lowered = lowering.lower(options.model, options.command, options.alignment, names, not options.wide, **how)
    Path(options.output).write_bytes(lowered.stream)
    if options.flow:
        Path(options.flow).write_bytes(lowered.flow)
    if options.forms:
        content = {"others": lowered.forms.others, "shared": lowered.forms.shared}
        Path(options.forms).write_text(json.dumps(content, indent=1) + "\n")
    if how["forms"] is not None:
        missing = sorted(set(how["forms"]) - set(lowered.forms.others))
        missing = [*lowered.forms.missing, *(f"the model has no kernel {name}" for name in missing)]
        for line in missing:
            print(f"{options.tuned}: {line}: tune anew.", file=sys.stderr)
    if options.verbose:
        print("\n".join(lowered.notes), file=sys.stderr)


def _forms(options):
    """{kernel: form} of --tuned and --core, None without."""
    from .compiler import tuned

    return tuned.forms(options.tuned, options.core) if options.tuned else None


def form(options):
    from .compiler import lowering, tuned
    from .rewrite import pipeline
    from .rewrite.forms import Forms

    asked = Forms(others=json.loads(Path(options.of).read_text())["others"]).numbered(options.number)
    if not asked:
        raise BaremetalError(f"no kernel has a form number {options.number}")
    flow, names = Path(options.flow).read_bytes(), pipeline.parse_names(options.rewrites)
    stream, _ = lowering.formed(flow, options.command, options.alignment, names, asked)
    tuned.write(options.tuned, options.core, asked)
    Path(options.output).write_bytes(stream)


def inline(options):
    from .compiler import inlined

    inlined.compile_model(options.model, options.command, options.output)


def compile_mended(options):
    from .compiler import lowering

    *command, model, flag, output = options.command
    if flag != "-o" or not command:
        raise BaremetalError("compile: after -- it takes iree-compile, its flags, the model, -o and the output, in this order.")
    lowering.compile_mended(model, output, command)


def kernels(options):
    from .compiler import kernel_widths, tuned

    kernel_widths.compile_kernels(options.command, tuned.widths(options.tuned, options.core))


def _plan(options, proven=None):
    """The plan of the files that codegen and trace take."""
    from .plan import access, kernels, slabs
    from .plan.evaluate import evaluate

    stream = Path(options.stream).read_bytes()
    program = Path(options.program).read_bytes()
    found = kernels.read(options.library)
    return evaluate(options.name, program, found, access.read(stream), options.alignment, proven, slabs.read(stream))


def trace(options):
    from .compiler import overlapped
    from .modules import parsed
    from .plan import overlap, slabs
    from .rewrite import in_place

    with parsed(Path(options.stream).read_bytes(), "stream") as module:
        # Kernels that compute a row at a time are traced all: each may write over what it reads, and takes little time.
        likely = None if options.thorough or slabs.marks(module) else in_place.marks(module)
    try:
        with overlapped.linked(options.link, options.library) as kernels:
            how = (_plan(options), kernels, options.alignment)
            proven = overlap.prove(*how) if likely is None else overlap.prove_fullest(*how, likely)
    except BaremetalError as error:  # the model is as right without
        print(f"{options.name}: outputs stay apart from inputs. {error}", file=sys.stderr)
        proven = overlap.NOTHING
    overlap.write(options.output, proven)


def codegen(options):
    from .codegen import constants, harness, header, names, signature, source
    from .codegen.kernels_object import KernelsObject
    from .plan import described, overlap

    folder = Path(options.output)
    plan = described.named(_plan(options, overlap.read(options.overlaps) if options.overlaps else None), options.names)
    origin = f"made from {options.origin} by iree-baremetal {__version__} with iree-base-compiler {options.compiler_version}"
    renamed, blocks = names.kernels(plan), constants.blocks(plan, options.share_weights)
    outputs = {
        f"include/{plan.name}.h": header.text(plan, origin, header.memory_note(plan)),
        f"{plan.name}.c": source.text(plan, options.arena_section, KernelsObject(options.library), blocks),
        f"{plan.name}_weights.S": source.weights(plan, f"{plan.name}_weights.bin", options.weights_section, blocks),
        f"{plan.name}_harness.c": harness.text(plan),
        f"{plan.name}_kernels.syms": "".join(f"{old} {new}\n" for old, new in renamed.items()),
        f"{plan.name}_kernels.keep": "".join(f"{old}\n{new}\n" for old, new in renamed.items()),
    }
    (folder / "include").mkdir(exist_ok=True)  # the only one that an application looks into
    for name, text in outputs.items():
        (folder / name).write_text(text)
    (folder / f"{plan.name}_weights.bin").write_bytes(plan.constants)
    signature.write(folder / f"{plan.name}.plan.json", plan)


def session(options):
    from .plan import described
    from .plan.model import Plan
    from .runtime import interface, model

    abi = Path(options.interface).read_bytes()
    module, functions = interface.read(abi)
    plan = described.named(Plan(options.name, functions, [], b"", [], keeps_state=interface.keeps_state(abi)), options.names)
    model.write(plan, module, options)


def macs(options):
    from .bench import macs

    macs.write(options.program, options.output)


def layers(options):
    from .bench import nodes

    nodes.write(options.program, options.model, options.names, options.output)


def reference(options):
    from . import formats
    from .codegen import signature
    from .verify import calls, reference

    functions = signature.read(options.plan)
    fed = calls.load(functions, options.inputs)
    if options.own:
        own = formats.reference_of(options.model)
        ask = getattr(own, "flushed_answers", own.answers) if options.flush_denormals else own.answers
        answers, engine, words = ask(options.model, functions, fed, options.dims, options.shapes)
        found = reference.Reference(answers, engine, words, own.STEPS)
    else:
        found = reference.Reference(reference.run(options.model, functions, fed))
    reference.save(options.output, found)


def first_difference(options):
    from .codegen import signature
    from .verify import calls, first_difference

    functions = signature.read(options.plan)
    fed = calls.load(functions, options.inputs)
    how = (options.dims, options.shapes, options.opset, options.iree_compile, _without(options))
    print(first_difference.find(options.model, functions, fed, *how))


def roundings(options):
    from .codegen import signature
    from .verify import calls, reference, roundings

    functions = signature.read(options.plan)
    fed = calls.load(functions, options.inputs)
    how = (options.dims, options.shapes, options.opset, options.iree_compile, _without(options))
    reference.save(options.output, roundings.find(options.model, functions, fed, *how))


def check(options):
    from . import board
    from .report import elf_check

    found = board.load(options.board, options.boards)
    if options.flash_offset:
        found = board.bootloader.offset(found, options.flash_offset)
    elf_check.check(options.elf, found)
    print(f"{Path(options.elf).name}: for board {found.name}: its name, core, memory and vectors agree.")


def measure(options):
    from . import measurement

    measurement.write_row(options.model, options.output, options.tool, options.options)


def fault(options):
    from . import board
    from .device import fault

    found = fault.find(sys.stdin.read())
    if not found:
        raise BaremetalError(
            "standard input has no line as the firmware prints it: fault: KIND at pc 0x… lr 0x… status 0x… address 0x…"
        )
    print(fault.explain(found, options.elf, board.load(options.board, options.boards)))
