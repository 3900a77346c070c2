"""C names for a model's functions, tensors and kernels."""

import keyword
import re

from ..errors import BaremetalError

# What no parameter may be called: keywords of C and C++ (beside Python's), and names that the
# generated functions use themselves.
_TAKEN = set(
    "auto bool case catch char const constexpr decltype default delete do double enum explicit export extern float "
    "friend goto inline int long mutable namespace new noexcept nullptr operator private protected public register "
    "restrict short signed sizeof static struct switch template this throw typedef typeid typename union unsigned "
    "using virtual void volatile NULL arena bindings constants memcpy memset size_t status uint8_t uintptr_t".split()
) | set(keyword.kwlist)

# The generated code's own names after the model's.
_OWN = {"arena", "initialize", "initialize_in", "ready", "state", "weights"}


def identifier(text):
    """text as a C identifier."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "x"
    return f"_{name}" if name[0].isdigit() else name


def unique(texts, taken=_TAKEN, suffixes=("",)):
    """A distinct C identifier for each of texts; none, with any of suffixes, is in taken."""
    result, seen = [], set(taken)
    for text in texts:
        name = base = identifier(text)
        number = 1
        while seen & {name + suffix for suffix in suffixes}:
            number += 1
            name = f"{base}_{number}"
        seen |= {name + suffix for suffix in suffixes}
        result.append(name)
    return result


def _short(plan):
    return unique((f.name for f in plan.functions), _OWN, ("", "_in"))


def functions(plan):
    """The C name of each function of plan: the model's name, then the function's."""
    return [f"{plan.name}_{name}" for name in _short(plan)]


def kernels(plan):
    """The linker's name of each kernel: iree-compile's, distinct among models."""
    functions = _short(plan)
    odd = next((kernel.symbol for kernel in plan.kernels if re.search(r"[\s#]", kernel.symbol)), None)
    if odd:  # in the lists that objcopy reads
        raise BaremetalError(f"kernel {odd!r}: no such name can be linked. Give the model's function a name that C can have.")
    taken = _OWN.union(functions, (f"{name}_in" for name in functions))
    short = unique((kernel.symbol.replace("$async", "") for kernel in plan.kernels), taken)
    return {kernel.symbol: f"{plan.name}_{name}" for kernel, name in zip(plan.kernels, short)}
