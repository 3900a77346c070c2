"""The table of single operators: a module a family, each with a list CASES."""

from . import (
    activations,
    arithmetic,
    control,
    conversions,
    convolutions,
    pools,
    products,
    recurrent,
    reductions,
    resizing,
    shapes,
    sparse,
)

FAMILIES = (
    convolutions,
    products,
    pools,
    activations,
    arithmetic,
    reductions,
    shapes,
    resizing,
    conversions,
    sparse,
    control,
    recurrent,
)


def all_cases():
    """Every case, in the order of the families; their names differ."""
    cases = [case for family in FAMILIES for case in family.CASES]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), sorted(n for n in names if names.count(n) > 1)
    return cases
