"""Models for the inline HAL (iree-compile's execution model inline-dynamic), which lacks or loses what is mended here.

======  =======================================================================
phase   change
======  =======================================================================
abi     `synchronous`: functions without fences
stream  constants of initializers pass a barrier: global variables that have a constant's value are folded to ones that
        have none, which loses the weights; through a barrier the value is no constant
        `extremes`: those of small integers, on RISC-V, where LLVM has them wrong
======  =======================================================================
"""

from iree.compiler import ir

from ..modules import edited, operations
from . import extremes, phases, synchronous


def compile_model(model, command, output):
    """Compiles model, a file, to the file output. command: iree-compile with its flags. `ToolError` where it fails."""
    program, _ = edited(phases.compile_to(command, "abi", model), "abi", synchronous.without_fences)
    program, _ = edited(phases.compile_to(command, "stream", program, "abi"), "stream", keep_constants, extremes.by_differences)
    phases.finish(command, program, "stream", output)


def keep_constants(module):
    """Puts a barrier behind each constant of module's initializers, at the stream phase; how many."""
    constants = [
        op for initializer in operations(module, "util.initializer") for op in operations(initializer, "util.buffer.constant")
    ]
    for op in constants:
        (constant,) = op.results
        users = [(use.owner, use.operand_number) for use in constant.uses]
        with ir.InsertionPoint.after(op), op.location:
            barrier = ir.Operation.create("util.optimization_barrier", results=[constant.type], operands=[constant])
        for user, number in users:
            user.operands[number] = barrier.results[0]
    return len(constants)
