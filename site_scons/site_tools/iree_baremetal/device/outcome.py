"""What became of a run, in words: a fault, a model's outcome, an application's exit code."""

import signal

from . import fault

# iree/base/status.h, in its order.
_STATUS = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED", "DEFERRED", "INCOMPATIBLE",
)  # fmt: skip
_MISALIGNED, _KERNEL, _ROWS, _SESSION_FAILED = 1, 2, 4, 32  # iree_model.h, runtime/iree_session.h
_NO_ROOM = _SESSION_FAILED + _STATUS.index("OUT_OF_RANGE")
_NO_MEMORY = _SESSION_FAILED + _STATUS.index("RESOURCE_EXHAUSTED")


def of_model(code, kernels=()):
    """What a generated function's outcome means, "" if it is none; kernels: their names, by number."""
    if code == _MISALIGNED:
        return "IREE_MODEL_MISALIGNED: a tensor or arena is at no multiple of 64; declare it IREE_ALIGNED"
    if code & 0xFF == _KERNEL:
        number, own = code >> 16, code >> 8 & 0xFF
        of = f" {kernels[number]}" if number < len(kernels) else ""
        return f"IREE_MODEL_KERNEL: kernel{of} failed" + (f" with code {own}" if own else "")
    if code == _ROWS:
        return "IREE_MODEL_ROWS: more rows were pushed than the input has, or results were asked for before all were there"
    if code == _NO_MEMORY:
        return "IREE's runtime: RESOURCE_EXHAUSTED; build with a larger heap="
    if code == _NO_ROOM:
        return "IREE's runtime: OUT_OF_RANGE; an output of dynamic shape is larger than its capacity, or an index is none"
    if _SESSION_FAILED < code < _SESSION_FAILED + len(_STATUS):
        return f"IREE's runtime: {_STATUS[code - _SESSION_FAILED]}"
    return ""


def of_run(done, elf, board):
    """The message on done, an `emulator.Result` that failed: what ended elf, a path, on board."""
    found = fault.find(done.stdout)
    if found:
        return f"{elf} faulted on board {board.name}: {fault.explain(found, elf, board)}"
    if done.returncode < 0:
        return f"{elf} was ended by {signal.Signals(-done.returncode).name}"
    meaning = of_model(done.returncode)
    hint = f"\nIf that is a model's outcome: {meaning}." if meaning else ""
    return f"{elf} ended with exit code {done.returncode} on board {board.name}. {done.stderr.strip()}".rstrip() + hint
