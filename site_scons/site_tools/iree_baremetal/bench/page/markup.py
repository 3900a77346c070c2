"""HTML as strings: whatever is not made here is escaped."""

from html import escape


class Markup(str):
    """HTML as it is."""


def tag(name, *content, **attributes):
    """An element. Content that is no `Markup` is text, integers with their thousands told apart; None is nothing.

    Attributes: class_ is class, a _ within a name is -; those that are None are left out.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items() if value is not None
    )
    return Markup(f"<{name}{given}>{joined(*content)}</{name}>")


def joined(*content):
    return Markup("".join(map(_text, content)))


def _text(value):
    if isinstance(value, Markup):
        return value
    return "" if value is None else escape(f"{value:,}" if isinstance(value, int) else str(value))


def table(heads, rows, **attributes):
    """rows: lists of cells, each content or `Markup` of a td. heads: their names, which narrow pages show in every cell."""
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    body = [tag("tr", *(_cell(cell, name) for cell, name in zip(row, heads))) for row in rows]
    return tag("table", head, tag("tbody", *body), **attributes)


def _cell(cell, name):
    return cell if isinstance(cell, Markup) and cell.startswith("<td") else tag("td", cell, data_name=name)


def bar(share):
    """A bar as long as share, from 0 to 1, of its place."""
    return tag("div", tag("div", style=f"width:{100 * share:.2f}%"), class_="bar", aria_hidden="true")


def stacked(parts, whole=None):
    """Parts [(name, number)] of a whole beside each other, with a key. The style sheet has a colour for each name."""
    whole = whole or sum(number for _, number in parts) or 1
    shown = [(name, number) for name, number in parts if number]
    blocks = [
        tag("i", class_=slug(name), style=f"width:{100 * number / whole:.2f}%", title=f"{name}: {number:,}")
        for name, number in shown
    ]
    names = [
        tag("li", tag("i", class_=slug(name)), f" {name} {number:,} ({100 * number / whole:.1f} %)") for name, number in shown
    ]
    return joined(tag("div", *blocks, class_="stacked", aria_hidden="true"), tag("ul", *names, class_="key"))


def slug(name):
    """The class of a part's colour."""
    return name.replace(" ", "-")


def scrolled(content, label):
    """Content that may be wider than the page, in a place of its own that keys can scroll."""
    return tag("div", content, class_="scrolled", tabindex="0", role="region", aria_label=label)


def folded(summary, *content, is_open=False):
    return tag("details", tag("summary", summary), *content, **({"open": ""} if is_open else {}))
