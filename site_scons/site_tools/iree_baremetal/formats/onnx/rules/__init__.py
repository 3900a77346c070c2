"""What is mended in an ONNX graph before IREE sees it: a file for each kind of operator.

A rule is registered by the operators that it is for, ``@rule("DepthToSpace", "SpaceToDepth")``, and goes by
the name of its function; see `rewriter` for what it is given and gives back. Every module in this folder is
loaded: a rule is found by its file being here. One is switched off by its name (``import --without NAME``).
"""

import importlib
import pkgutil

_RULES = []  # (name, domain, operators, function), those first that are to be asked first


def rule(*operators, domain="", first=False):
    """Registers a function as the rule for operators of domain, asked before the others of the same operator where it is first."""

    def register(function):
        _RULES.insert(0 if first else len(_RULES), (function.__name__, domain, operators, function))
        return function

    return register


def names():
    """The names of all rules, sorted."""
    _load()
    return sorted({name for name, *_ in _RULES})


def table(without=()):
    """{(domain, operator): its rules}, without those named."""
    _load()
    found = {}
    for name, domain, operators, function in _RULES:
        for operator in operators if name not in without else ():
            found.setdefault((domain, operator), []).append(function)
    return found


def _load():
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        importlib.import_module(f".{module}", __name__)
