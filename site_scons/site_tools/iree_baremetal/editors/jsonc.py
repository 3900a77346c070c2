"""JSON with comments and trailing commas, as VS Code has it: entries are added, every other byte stays."""

import json
import re
import textwrap

from ..errors import BaremetalError

_STRING = r'"(?:\\.|[^"\\])*"'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/", re.S)
_TRAILING = re.compile(rf"{_STRING}|,(?=\s*[\]}}])")
_DECODE = json.JSONDecoder().raw_decode


def new(fixed, key, entries):
    """A document with the members fixed and the list key."""
    return json.dumps({**fixed, key: entries}, indent=4) + "\n"


def add(text, key, identity, entries, name):
    """text with those of entries in its list key whose identity none there has; name: of the file, for errors."""
    text, mark = (text[1:], text[0]) if text.startswith("\ufeff") else (text, "")
    plain = _COMMENT.sub(_blank, text)
    strict = _TRAILING.sub(_blank, plain)
    found = _load(strict, name)
    there = found.get(key, [])
    if not isinstance(there, list):
        raise BaremetalError(f"{name}: '{key}' is not a list. Make it one, or remove it.")
    names = [entry.get(identity) for entry in there if isinstance(entry, dict)]
    missing = [entry for entry in entries if entry[identity] not in names]
    if not missing:
        return mark + text
    line = "\r\n" if "\r\n" in text else "\n"
    lines = ",\n".join(textwrap.indent(json.dumps(entry, indent=4), " " * 8) for entry in missing).replace("\n", line)
    if key in found:
        at = _end_of(strict, key) - 1
        return mark + _before(text, plain, at, f"{line}{lines}{line}    ")
    opening = strict.index("{") + 1
    member = f'{line}    "{key}": [{line}{lines}{line}    ]' + ("," if found else line)
    return mark + text[:opening] + member + text[opening:]


def _load(strict, name):
    try:
        found = json.loads(strict)
    except json.JSONDecodeError as error:
        raise BaremetalError(
            f"{name}:{error.lineno}: {error.msg}. Mend it, or remove the file to have it written anew."
        ) from error
    if not isinstance(found, dict):
        raise BaremetalError(f"{name}: not an object in braces. Remove the file to have it written anew.")
    return found


def _blank(match):
    """What is no string, as blanks: positions in the text stay what they are."""
    return match[0] if match[0].startswith('"') else re.sub(r"[^\n]", " ", match[0])


def _end_of(strict, key):
    """The position after the value of the member key of the object in strict."""
    position = strict.index("{") + 1
    while True:
        position = _skip(strict, position)
        name, position = _DECODE(strict, position)
        _, position = _DECODE(strict, _skip(strict, position))
        if name == key:
            return position


def _skip(strict, position):
    """The position of what follows blanks, commas and colons."""
    while position < len(strict) and strict[position] in " \t\r\n,:":
        position += 1
    return position


def _before(text, plain, closing, addition):
    """text with addition before the closing bracket, and a comma where the list needs one."""
    end = len(plain[:closing].rstrip())
    comma = "" if plain[end - 1] in "[," else ","
    return text[:end] + comma + text[end:closing].rstrip() + addition + text[closing:]
