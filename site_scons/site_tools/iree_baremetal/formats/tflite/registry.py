"""Which function lowers which operator: filled by the modules of operators/, each function by its decorator."""

import importlib
import pkgutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """function(node) gives the operator's result, or a list of results; kinds: element types; of: whose they are."""

    function: object
    kinds: tuple
    of: int


_ENTRIES = {}


def operator(names, *kinds, of=0):
    """Registers the function for operators: names, separated by blanks, as in "ADD SUB".

    kinds: which element types it takes: those of the input number of ("int8", "float32", …); all where none is given.
    """

    def register(function):
        for name in names.split():
            if name in _ENTRIES:
                raise ValueError(f"{name} is registered twice")
            _ENTRIES[name] = Entry(function, kinds, of)
        return function

    return register


def entries():
    """{operator's name: `Entry`} of all modules in operators/."""
    if not _ENTRIES:
        from . import operators

        for module in pkgutil.iter_modules(operators.__path__):
            importlib.import_module(f"{operators.__name__}.{module.name}")
    return _ENTRIES
