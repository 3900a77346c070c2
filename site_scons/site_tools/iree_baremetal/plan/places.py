"""Where in a model an operation of the host program comes from, as its user knows it."""

import json
import re
from pathlib import Path

_FILE = re.compile(r'"([^"]*)":(\d+):(\d+)')
_PLACE = re.compile(r'( at (?:callsite\()*)?"((?:[^"\\]|\\.)*)"(?::(\d+):(\d+))?')
_ESCAPED = re.compile(rb"\\([0-9A-Fa-f]{2}|\\)")
_ONNX = re.compile(r'torch\.operator "onnx\.(\w+)"')


def places(location):
    """What an MLIR location's text names, in its order: file:line:column, or a name as it stands; of what was inlined, not where."""
    found = [(_plain(name), line, column) for caller, name, line, column in _PLACE.findall(location) if not caller]
    return list(dict.fromkeys(":".join((Path(name).name, line, column)) if line else name for name, line, column in found))


def first(location):
    """The first of `places`, or ""."""
    return next(iter(places(location)), "")


def _plain(text):
    """text as it was before MLIR printed it, with hexadecimal numbers for what is not ASCII."""
    escaped = _ESCAPED.sub(lambda found: b"\\" if found[1] == b"\\" else bytes([int(found[1], 16)]), text.encode())
    return escaped.decode(errors="replace")


def node(location):
    """As in "node 'lstm' (LSTM)": of a model that was imported, what stands there; or "".

    The importer leaves a line for each node, in their order, and their names in a file beside it.
    """
    found = _FILE.search(location)
    if not found or not Path(found[1]).with_suffix(".names.json").exists():
        return ""
    names = Path(found[1]).with_suffix(".names.json")
    lines = Path(found[1]).read_text(errors="replace").splitlines()[: int(found[2])]
    operator = lines and _ONNX.search(lines[-1])
    if not operator:
        return ""
    number = sum(bool(match and match[1] == operator[1]) for match in map(_ONNX.search, lines))
    known = json.loads(names.read_text()).get("nodes", {}).get(operator[1], [])
    return f"node '{known[number - 1]}' ({operator[1]})" if number <= len(known) else f"a node {operator[1]}"
