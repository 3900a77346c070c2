"""The tables of docs/reliability.md: each long run writes the one of its name.

In the page a table stands between `<!-- NAME -->` and `<!-- end of NAME -->`.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"


def markdown(header, rows):
    """A Markdown table of header and rows, both sequences of cells."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def write(name, text, page=PAGE):
    """Puts text between the marks of name in the page; raises `LookupError` where it has none."""
    marks = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->\n)", re.DOTALL)
    old = page.read_text()
    if not marks.search(old):
        raise LookupError(f"{page}: no marks of {name}")
    page.write_text(marks.sub(lambda found: f"{found[1]}{text}{found[2]}", old))
    print(f"{page.name}: {name}", flush=True)
