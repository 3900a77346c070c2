"""What README.md and docs/ tell readers to type: blocks of code, and commands in the text."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*/README.md"))),
]
_COMMAND = r"(?:\./sconsw|scons|pip|python3?|source|\.) .*"


def fenced(text, language):
    """The contents of the fenced blocks of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def indented(text):
    """The contents of the indented blocks, without their indentation."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE).strip("\n") for block in blocks]


def commands(text):
    """The commands of a page, in blocks and in the text, without prompt and comment."""
    lines = [line for block in (*indented(text), *fenced(text, "sh"), *fenced(text, "")) for line in block.splitlines()]
    lines = [line.removeprefix("$ ") for line in lines] + re.findall(r"`([^`\n]+)`", text)
    found = [re.sub(r"\s+#.*", "", line).strip() for line in lines if re.fullmatch(_COMMAND, line)]
    return list(dict.fromkeys(found))
