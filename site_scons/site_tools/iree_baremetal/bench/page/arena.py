"""The arena over time as a picture: steps from left to right, addresses upwards, a box for each buffer."""

from . import markup
from .markup import folded, joined, scrolled, tag

_WIDTH, _HEIGHT, _LEFT, _BELOW, _ABOVE = 960, 320, 76, 40, 8
_COLOURS = 6  # b0 to b5 in the style sheet
_TICKS = 16  # numbers of steps, at most
_CHARACTER, _LINE = 6.2, 13  # of a label, in units of the picture


def over_time(record):
    """The section of a record; nothing for a function without arena."""
    found = record["over_time"]
    if found["peak"] is None:
        return joined()
    steps, peak = found["steps"], found["peak"]
    names = [_step(record, step) for step in steps]
    used = steps[peak]["used"]
    told = f"Most is in use in step {peak + 1} of {len(steps)}, {names[peak]}: {used:,} of the arena's {record['arena']:,} bytes."
    rows = [
        [number, name, step["used"], tag("td", markup.bar(step["used"] / record["arena"]), class_="wide")]
        for number, (name, step) in enumerate(zip(names, steps), 1)
    ]
    return tag(
        "section",
        tag("h2", f"Arena over time: {record['arena']:,} bytes"),
        tag("p", told),
        scrolled(_picture(record, names, told), "arena over time"),
        folded("step by step", scrolled(markup.table(["step", "what", "bytes in use", ""], rows, class_="steps"), "steps")),
    )


def _step(record, step):
    return record["kernels"][step["dispatch"]]["layer"] if step["dispatch"] is not None and record["kernels"] else step["kind"]


def _picture(record, names, told):
    found, size = record["over_time"], record["arena"]
    column, scale = (_WIDTH - _LEFT) / len(names), _HEIGHT / size
    x = lambda step: _LEFT + step * column  # noqa: E731
    y = lambda offset: _ABOVE + _HEIGHT - offset * scale  # noqa: E731
    shapes = [_rectangle(x(found["peak"]), _ABOVE, column, _HEIGHT + _BELOW - 22, class_="peak")]
    for number, buffer in enumerate(found["buffers"]):
        begin, end = x(buffer["first"]), x(buffer["last"] + 1)
        top, bottom = y(buffer["offset"] + buffer["size"]), y(buffer["offset"])
        name = _buffer(found["steps"], names, number, buffer)
        box = _rectangle(
            begin, top, end - begin, bottom - top, class_="scratch" if buffer["scratch"] else f"b{number % _COLOURS}"
        )
        shapes.append(tag("g", tag("title", _title(name, buffer)), box, _label(name, begin, top, end - begin, bottom - top)))
    shapes.append(_rectangle(x(found["peak"]), _ABOVE, column, _HEIGHT, class_="edge"))
    ticks = [tag("text", int(size * n / 4), x=_LEFT - 6, y=f"{y(size * n / 4) + 4:.1f}", text_anchor="end") for n in range(5)]
    each = -(-len(names) // _TICKS)
    shown = sorted(
        {*range(0, len(names), each), found["peak"]}
        - {n for n in range(0, len(names), each) if 0 < abs(n - found["peak"]) < each / 2}
    )
    foot = _ABOVE + _HEIGHT + 14
    ticks += [
        tag("text", n + 1, x=f"{x(n + 0.5):.1f}", y=foot, text_anchor="middle", class_="at" if n == found["peak"] else None)
        for n in shown
    ]
    ticks.append(tag("text", "step", x=_LEFT - 6, y=foot, text_anchor="end"))
    return tag("svg", *shapes, *ticks, viewBox=f"0 0 {_WIDTH} {_ABOVE + _HEIGHT + _BELOW}", role="img", aria_label=told)


def _rectangle(x, y, width, height, **attributes):
    return tag("rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{max(height, 0.5):.1f}", **attributes)


def _buffer(steps, names, number, buffer):
    """A buffer is called after the first kernel that writes it, or else reads it."""
    lives = range(buffer["first"], buffer["last"] + 1)
    if buffer["scratch"]:
        return f"scratch of {names[buffer['first']]}"
    kernels = [n for n in lives if steps[n]["dispatch"] is not None]
    writer = next((n for n in kernels if number in steps[n]["writes"]), None)
    reader = next((n for n in kernels if number in steps[n]["reads"]), None)
    return names[writer] if writer is not None else f"for {names[reader]}" if reader is not None else "buffer"


def _title(name, buffer):
    begin, size = buffer["offset"], buffer["size"]
    return f"{name}\n{size:,} bytes from {begin:,}, steps {buffer['first'] + 1} to {buffer['last'] + 1}"


def _label(name, x, y, width, height):
    fits = int((width - 6) / _CHARACTER)
    if fits < 4 or height < _LINE:
        return None
    return tag("text", name if len(name) <= fits else f"{name[: fits - 1]}…", x=f"{x + 4:.1f}", y=f"{y + height / 2 + 4:.1f}")
