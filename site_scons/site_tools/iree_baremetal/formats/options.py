"""Sizes for dynamic dimensions: the options dims= and shapes=, and opset=, as text."""

from ..errors import BaremetalError

_LARGEST = 2**31 - 1  # what a dimension can be on a 32-bit board


def parse_dims(text):
    """{"batch": 1} from "batch=1"; several are separated by commas, and "*" stands for all others. One that is to stay
    dynamic, "batch=?", is None.
    """
    named = _named("dims", text, f"NAME=SIZE with a size from 1 to {_LARGEST}, or ?", free="?")
    return {name: extents[0] for name, extents in named.items()}


def parse_shapes(text):
    """{"image": (1, 8, 8)} from "image=1x8x8"; several are separated by commas."""
    return _named("shapes", text, f"NAME=AxBxC with sizes from 1 to {_LARGEST}", "x")


def _named(option, text, form, separator=None, free=None):
    """{name: sizes} of an option's text; an error says which part is not of the form. free: what stands for no size, None."""
    result = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, value = part.partition("=")
        name, sizes = name.strip(), value.split(separator) if separator else [value]
        # int() takes what is no size of anything: 1_0, a sign.
        sizes = [None if size.strip() == free else size for size in sizes]
        if not name or not all(size is None or size.strip().isdecimal() and 0 < int(size) <= _LARGEST for size in sizes):
            raise BaremetalError(f"{option}={text}: '{part}' is not {form}.")
        if name in result:
            raise BaremetalError(f"{option}={text}: '{name}' is given twice.")
        result[name] = tuple(size and int(size) for size in sizes)
    return result


def parse_opset(text):
    """The number of an opset from text; 0 for none."""
    if not str(text).isdecimal():
        raise BaremetalError(f"opset={text}: not the number of an opset, as in 17, or 0 to leave the model's.")
    return int(text)
