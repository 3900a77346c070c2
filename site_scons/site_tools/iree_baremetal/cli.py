"""The plain modules as commands: ``python -m iree_baremetal COMMAND …``. The builders call them so, too.

A mistake of the user ends in one message and exit code 2.
"""

import argparse
import sys

from . import __version__, commands, formats, packages
from .errors import BaremetalError, ToolError

# Module -> the package that holds it, where that has another name.
_PACKAGES = {
    "iree": "iree-base-compiler",
    "iree.compiler": "iree-base-compiler",
    "iree.runtime": "iree-base-runtime",
    "elftools": "pyelftools",
    "ai_edge_litert": "ai-edge-litert==2.3.0",
}


def _parser():
    parser = argparse.ArgumentParser(prog="iree_baremetal", description=__doc__.splitlines()[0])
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    sizes = argparse.ArgumentParser(add_help=False)
    sizes.add_argument("--dims", default="", help="of the model's dynamic dimensions: batch=1,…")
    sizes.add_argument("--shapes", default="", help="of its inputs: image=1x8x8,…")

    command = subparsers.add_parser("import", parents=[sizes], help="a model file to .mlir")
    command.add_argument("model")
    command.add_argument("-o", "--output", required=True)
    command.add_argument("--opset", default="0", help="upgrade the model to this opset first")
    command.add_argument("--iree-compile", default="iree-compile")
    command.add_argument("--without", default="", help="rules of the import to switch off: names with commas between")
    command.set_defaults(run=commands.import_model)

    command = subparsers.add_parser("quantize", parents=[sizes], help="a float .onnx to int8")
    command.add_argument("model")
    command.add_argument("calibration", help=".npz: an array for each input, one sample for each entry")
    command.add_argument("-o", "--output", required=True, help=".onnx; its cost goes beside it, as .quantization.json")
    command.add_argument("--inputs", default="", help=".npz to compare float and int8 with, too")
    command.add_argument("--method", default="minmax", help="minmax, percentile or entropy")
    command.add_argument("--activations", default="int8", help="int8 or int16")
    command.add_argument("--keep", default="", help="nodes or operators that stay in float, with commas between")
    command.add_argument("--border", default="float", help="what the application passes: float or int8")
    command.set_defaults(run=commands.quantize)

    command = subparsers.add_parser("lower", help="a model to its dispatches and buffers")
    command.add_argument("model", help=".mlir or .mlirbc")
    command.add_argument("command", nargs="+", help="after --: iree-compile and the flags of the target")
    command.add_argument("-o", "--output", required=True, help="the model at the stream phase")
    command.add_argument("--flow", default="", help="where to leave it at the flow phase")
    command.add_argument("--alignment", type=int, required=True, help="of the buffers in the arena")
    command.add_argument("--rewrites", default="none", help="all, none, or names: smlad,round,…")
    command.add_argument("--link", action="append", help="outputs over inputs: a word of what links kernels to trace them")
    command.add_argument("--wide", action="store_true", help="do not try to keep quantized tensors narrow")
    command.add_argument("--in-place", action="store_true", help="outputs may lie over inputs, where it is proven")
    command.add_argument("--rows", action="store_true", help="layers may run by rows, where that takes less memory")
    command.add_argument("--ram", type=int, help="bytes for arena, inputs and outputs: what is fastest of what fits")
    command.add_argument("--push-rows", action="store_true", help="the caller gives the first input row by row")
    command.add_argument("--forms", default="", help="where to leave the forms that each kernel could have: .json")
    command.add_argument("--tuned", default="", help=".tuned.json with the forms that kernels shall have")
    command.add_argument("--core", default="", help="for which of its cores")
    command.add_argument("--verbose", action="store_true", help="tell what was done")
    command.set_defaults(run=commands.lower)

    command = subparsers.add_parser("form", help="a model once more, each kernel in another of its forms")
    command.add_argument("flow", help="from lower --flow")
    command.add_argument("command", nargs="+", help="after --: iree-compile and the flags of the target")
    command.add_argument("-o", "--output", required=True, help="the model at the stream phase")
    command.add_argument("--of", required=True, help="from lower --forms")
    command.add_argument("--number", type=int, required=True, help="which of them, from 1 on")
    command.add_argument("--tuned", required=True, help="where to leave which form that is of each kernel: .tuned.json")
    command.add_argument("--core", required=True, help="for which core")
    command.add_argument("--alignment", type=int, required=True, help="of the buffers in the arena")
    command.add_argument("--rewrites", default="none", help="as of lower")
    command.set_defaults(run=commands.form)

    command = subparsers.add_parser("inline", help="a model compiled for the inline HAL")
    command.add_argument("model", help=".mlir or .mlirbc")
    command.add_argument("command", nargs="+", help="after --: iree-compile and its flags")
    command.add_argument("-o", "--output", required=True, help="the host program; kernels go where the flags say")
    command.set_defaults(run=commands.inline)

    command = subparsers.add_parser(
        "compile", help="a model by iree-compile, mended where LLVM is wrong for the target or VMVX lacks something"
    )
    command.add_argument("command", nargs="+", help="after --: iree-compile FLAGS MODEL -o OUTPUT")
    command.set_defaults(run=commands.compile_mended)

    command = subparsers.add_parser("kernels", help="the kernels of a program, some with vectors of their own width")
    command.add_argument(
        "command", nargs="+", help="after --: iree-compile FLAGS PROGRAM -o OUTPUT, from the stream to the hal phase"
    )
    command.add_argument("--tuned", required=True, help=".tuned.json")
    command.add_argument("--core", required=True, help="for which of its cores")
    command.set_defaults(run=commands.kernels)

    program = argparse.ArgumentParser(add_help=False)
    program.add_argument("name")
    program.add_argument("program", help="from iree-compile --compile-to=hal")
    program.add_argument("library", help="the static library's object of the same call")
    program.add_argument("stream", help="what that call started from: the model at the stream phase")
    program.add_argument("--alignment", type=int, required=True, help="of the buffers in the arena")

    command = subparsers.add_parser("trace", parents=[program], help="prove which outputs may lie over their inputs")
    command.add_argument(
        "--link", action="append", default=[], help="a word of the command that links the library's object on its own"
    )
    command.add_argument("--thorough", action="store_true", help="of all dispatches, also where it takes long and saves nothing")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.set_defaults(run=commands.trace)

    command = subparsers.add_parser("codegen", parents=[program], help="host program and kernels to C")
    command.add_argument("-o", "--output", required=True, help="folder")
    command.add_argument("--overlaps", default="", help="from trace: .json")
    command.add_argument("--names", default="", help=".names.json of the import")
    command.add_argument("--origin", default="a model", help="for the header")
    command.add_argument("--compiler-version", default="of unknown version", help="for the header")
    command.add_argument("--weights-section", default="", help="the linker's, for weights outside the code's flash")
    command.add_argument("--arena-section", default="", help="the linker's, for an arena outside the data's RAM")
    command.add_argument(
        "--share-weights", action="store_true", help="constants that other models may have, too, are stored once"
    )
    command.set_defaults(run=commands.codegen)

    command = subparsers.add_parser("session", help="a model on IREE's runtime to C")
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
    command.set_defaults(run=commands.session)

    command = subparsers.add_parser("macs", help="count multiply-accumulates")
    command.add_argument("program", help="from iree-compile --compile-to=flow")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.set_defaults(run=commands.macs)

    command = subparsers.add_parser("layers", help="which nodes of the model each dispatch computes")
    command.add_argument("program", help="from iree-compile --compile-to=flow")
    command.add_argument("model", help="the MLIR that it was made of")
    command.add_argument("--names", default="", help=".names.json of the import")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.set_defaults(run=commands.layers)

    command = subparsers.add_parser(
        "reference", parents=[sizes], help="run the model on this machine, with IREE or its format's own engine"
    )
    command.add_argument("model", help=".vmfb for this machine; with --own the model's file")
    command.add_argument("plan")
    command.add_argument("--own", action="store_true", help="with the format's own engine")
    command.add_argument(
        "--flush-denormals", action="store_true", help="of the own engine, where it can: take denormal numbers as zero"
    )
    command.add_argument("-o", "--output", required=True, help=".npz")
    command.add_argument("--inputs", default="", help=".npz; without it, seeded random inputs")
    command.set_defaults(run=commands.reference)

    traced = argparse.ArgumentParser(add_help=False, parents=[sizes])
    traced.add_argument("model")
    traced.add_argument("plan")
    traced.add_argument("--inputs", default="", help=".npz; without it, seeded random inputs")
    traced.add_argument("--opset", default="0", help="as for import")
    traced.add_argument("--iree-compile", default="iree-compile")
    traced.add_argument("--without", default="", help="rules of the import to switch off: names with commas between")

    words = "the first node that IREE computes otherwise than the format's own engine"
    command = subparsers.add_parser("first-difference", parents=[traced], help=words)
    command.set_defaults(run=commands.first_difference)

    words = "what the format's own engine answers from the integers on that IREE rounds to inside the model"
    command = subparsers.add_parser("roundings", parents=[traced], help=words)
    command.add_argument("-o", "--output", required=True, help=".npz")
    command.set_defaults(run=commands.roundings)

    command = subparsers.add_parser("check", help="is this firmware for that board?")
    command.add_argument("elf")
    command.add_argument("--board", required=True)
    command.add_argument("--boards", action="append", default=[], metavar="DIR", help="folder with further boards")
    command.add_argument(
        "--flash-offset", type=lambda text: int(text, 0), default=0, metavar="BYTES", help="it lies behind a bootloader"
    )
    command.set_defaults(run=commands.check)

    command = subparsers.add_parser("measure", help="what a model costs on a board")
    command.add_argument("model", help="with an .npz of its name beside it, that feeds it")
    command.add_argument("options", nargs="*", help="as on scons's command line: board=stm32f4 optimize=size")
    command.add_argument("-o", "--output", required=True, help=".json")
    command.add_argument("--tool", action="append", default=[], metavar="PROGRAM", help="to be found before others of its name")
    command.set_defaults(run=commands.measure)

    command = subparsers.add_parser("fault", help="what a fault means, and where it was; the console is standard input")
    command.add_argument("elf")
    command.add_argument("--board", required=True)
    command.add_argument("--boards", action="append", default=[], metavar="DIR", help="folder with further boards")
    command.set_defaults(run=commands.fault)
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
        if not error.name:  # as of a binary module that does not fit another
            print(f"iree_baremetal: {error}", file=sys.stderr)
            return 2
        package, extra = _PACKAGES.get(error.name, error.name), formats.EXTRAS.get(error.name)
        mend = packages.install(package)
        if extra:
            mend += f" (or 'iree-baremetal[{extra}]'). Without it: reference=iree, which compares with IREE alone"
        print(f"iree_baremetal: {error}. Install it: {mend}", file=sys.stderr)
        return 2
    return 0
