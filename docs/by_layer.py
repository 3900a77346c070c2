"""CMSIS-NN's layers beside those of this tool's build: which kernels of ours do which operators of a model, and at what cost."""

from dataclasses import dataclass

HEADER = ("core", "model", "operators", "CMSIS-NN, instructions", "ours", "CMSIS-NN, cycles, est.", "ours", "ratio")


@dataclass(frozen=True)
class Cost:
    """Instructions and estimated cycles."""

    instructions: int
    cycles: int

    def __add__(self, other):
        return Cost(self.instructions + other.instructions, self.cycles + other.cycles)


def groups(operators, kernels):
    """[(operators, kernels)] that do the same work, as small as can be: an operator may take several kernels, a kernel do several.

    operators: names of the tensors that they compute, in order; kernels: those of a record of bench. A kernel that
    also does the rest of an operator before it, its rescaling, is counted where it belongs by name.
    """
    found = []
    for kernel in kernels:
        nodes = [node for node in kernel["nodes"] if not node["rest"]] or kernel["nodes"]
        done, by = {node["name"] for node in nodes} & set(operators), [kernel]
        for other in [other for other in found if other[0] & done]:
            found.remove(other)
            done, by = done | other[0], other[1] + by
        if done:
            found.append((done, by))
    ordered = [(sorted(done, key=operators.index), by) for done, by in found]
    return sorted(ordered, key=lambda group: operators.index(group[0][0]))


def pairs(theirs, kernels):
    """[(labels of operators, CMSIS-NN's `Cost`, ours)] of a model; theirs: {tensor: (label, `Cost`)} in order."""
    return [
        (
            [theirs[tensor][0] for tensor in done],
            sum((theirs[tensor][1] for tensor in done), Cost(0, 0)),
            sum((Cost(kernel["instructions"], kernel["cycles"]) for kernel in by), Cost(0, 0)),
        )
        for done, by in groups(list(theirs), kernels)
    ]


def row(core, model, labels, theirs, ours, by):
    """Of the table; by: "cycles" or "instructions", of which the ratio is."""
    ratio = getattr(ours, by) / getattr(theirs, by)
    figures = (theirs.instructions, ours.instructions, theirs.cycles, ours.cycles)
    return [core, model, ", ".join(labels), *(f"{n:,}" for n in figures), f"{ratio:.2f}"]
