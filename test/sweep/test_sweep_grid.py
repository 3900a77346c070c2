"""The grid of a sweep, from text."""

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.sweep import grid


def test_all_combinations():
    settings = grid.parse("optimize=speed,size overlap=0,1 flags=width4+unroll,none")
    assert len(settings) == 8 and len({grid.folder(s) for s in settings}) == 8
    assert settings[0] == {"optimize": "speed", "overlap": "0", "flags": "width4+unroll"}
    assert settings[-1] == {"optimize": "size", "overlap": "1", "flags": "none"}
    assert grid.variables(settings[0]) == {"IREE_OPTIMIZE": "speed", "IREE_OVERLAP": False, "IREE_FLAGS": "width4,unroll"}
    assert grid.text(settings[0]) == "optimize=speed overlap=0 flags=width4+unroll"


def test_nothing_is_one_setting():
    assert grid.parse("") == [{}] and grid.text({}) == "default" and grid.folder({}) == "default"


def test_a_value_twice_is_one():
    assert len(grid.parse("optimize=size,size")) == 1


@pytest.mark.parametrize(
    "text, said",
    [
        ("optimise=size", "'optimise' is not one of optimize, flags"),
        ("optimize=small", "optimize=small: not one of speed, size, default"),
        ("overlap=2", "overlap=2: 0 or 1"),
        ("push_rows=maybe", "push_rows=maybe: 0 or 1"),
        ("optimize=", "lacks a value"),
        ("optimize", "lacks a value"),
        ("optimize=size,,speed", "lacks a value"),
        ("optimize=size optimize=speed", "named twice"),
        ("flags=no-such", "no-such"),
        ("opt_level=O9", "O9"),
    ],
)
def test_refused(text, said):
    with pytest.raises(BaremetalError) as failed:
        grid.parse(text)
    assert said in str(failed.value)
