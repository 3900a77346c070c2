"""C names for a model's functions, tensors and kernels."""

import re

from ..errors import BaremetalError
from .reserved import WORDS

# The first line of every C file that travels: the licence, in which the exception is for what is linked into firmware.
LICENSE = "/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */"

# What no parameter may be called: words of C and C++, and what the generated functions use themselves.
_TAKEN = WORDS | set("arena bases bindings constants lengths session status words".split())

# The generated code's own names after the model's.
_OWN = {"arena", "initialize", "initialize_in", "ready", "state", "weights"}
_PUSHED = {"push_rows", "push_rows_in", "reset_rows", "rows", "run_rows"}


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


def parameters(tensors):
    """A C name for each of tensors, which are parameters of one function."""
    dynamic = ("_shape", "_capacity", "_dims") if any(tensor.is_dynamic for tensor in tensors) else ()
    # In capitals it would be a macro of somebody's: Arduino has INPUT.
    texts = [tensor.name.lower() if tensor.name.isupper() else tensor.name for tensor in tensors]
    return unique(texts, suffixes=("", *dynamic))


def check(plan):
    """Raises `BaremetalError` where a parameter would hide what is generated beside it."""
    ours = {f"{plan.name}_{own}" for own in (*_own(plan), "kernels", "create", "vmfb")} | set(kernels(plan).values())
    ours |= {name + suffix for name in functions(plan) for suffix in ("", "_in", "_program", "_steps")}
    for function in plan.functions:
        taken = next((name for name in parameters(function.inputs + function.outputs) if name in ours), None)
        if taken:
            raise BaremetalError(
                f"tensor '{taken}' of @{function.name} is called as what is made of model '{plan.name}'. Give the model another name."
            )


def _own(plan):
    pushed = _PUSHED if any(function.pushed for function in plan.functions) else set()
    return _OWN | pushed | ({"reset"} if plan.keeps_state else set())


def _short(plan):
    return unique((f.name for f in plan.functions), _own(plan), ("", "_in"))


def reset(plan):
    """The C name of what starts the state of plan anew."""
    return f"{plan.name}_reset"


def push_rows(plan):
    """The C name of what takes rows of the input of plan."""
    return f"{plan.name}_push_rows"


def reset_rows(plan):
    """The C name of what forgets the rows that were pushed."""
    return f"{plan.name}_reset_rows"


def functions(plan):
    """The C name of each function of plan: the model's name, then the function's."""
    return [f"{plan.name}_{name}" for name in _short(plan)]


def kernels(plan):
    """The linker's name of each kernel: iree-compile's, distinct among models."""
    functions = _short(plan)
    odd = next((kernel.symbol for kernel in plan.kernels if re.search(r"[\s#]", kernel.symbol)), None)
    if odd:  # in the lists that objcopy reads
        raise BaremetalError(f"kernel {odd!r}: no such name can be linked. Give the model's function a name that C can have.")
    taken = _own(plan).union(functions, (f"{name}_in" for name in functions))
    short = unique((kernel.symbol.replace("$async", "") for kernel in plan.kernels), taken)
    return {kernel.symbol: f"{plan.name}_{name}" for kernel, name in zip(plan.kernels, short)}
