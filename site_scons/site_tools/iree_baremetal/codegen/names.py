"""C names for a model's functions, tensors and kernels."""

import keyword
import re

# C keywords that are no Python keywords, and names that the generated code uses itself.
_TAKEN = set(
    "auto case char const default do double enum extern float goto inline int long register restrict short "
    "signed sizeof static struct switch typedef union unsigned void volatile arena status main".split()
) | set(keyword.kwlist)


def identifier(text):
    """text as a C identifier."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "x"
    return f"_{name}" if name[0].isdigit() else name


def unique(texts):
    """A distinct, usable C identifier for each of texts."""
    result, seen = [], set(_TAKEN)
    for text in texts:
        name = base = identifier(text)
        number = 1
        while name in seen:
            number += 1
            name = f"{base}_{number}"
        seen.add(name)
        result.append(name)
    return result


def functions(plan):
    """The C name of each function of plan: the model's name, then the function's."""
    return [f"{plan.name}_{name}" for name in unique(f.name for f in plan.functions)]


def kernels(plan):
    """The linker's name of each kernel: iree-compile's, distinct among models."""
    short = unique(kernel.symbol.replace("$async", "") for kernel in plan.kernels)
    return {kernel.symbol: f"{plan.name}_{name}" for kernel, name in zip(plan.kernels, short)}
