"""The tables of docs/reliability.md: each long run writes the one of its name, and the commit that it ran on.

In the page a table stands between `<!-- NAME -->` and `<!-- end of NAME -->`.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"


def markdown(header, rows):
    """A Markdown table of header and rows, both sequences of cells."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def commit(root=ROOT):
    """A sentence: the commit checked out in root and its day, and whether files differ from it, apart from the pages."""

    def git(*arguments):
        return subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return f"Commit {git('log', '-1', '--format=%h of %cs') or 'unknown'}{', changed' if changed else ''}."


def write(name, text, page=PAGE):
    """Puts text between the marks of name in the page; raises `LookupError` where it has none."""
    marks = re.compile(f"(<!-- {name} -->\n).*?(<!-- end of {name} -->\n)", re.DOTALL)
    old = page.read_text()
    if not marks.search(old):
        raise LookupError(f"{page}: no marks of {name}")
    page.write_text(marks.sub(lambda found: f"{found[1]}{text}{found[2]}", old))
    print(f"{page.name}: {name}", flush=True)
