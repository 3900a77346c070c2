"""The syntax of CMake: a text becomes commands with their arguments; nothing is evaluated.

Follows the grammar of https://cmake.org/cmake/help/latest/manual/cmake-language.7.html.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from ..errors import BaremetalError

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+ | \#\[(?P<c>=*)\[.*?\](?P=c)\] | \#[^\n]*)
    | (?P<paren>[()])
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | \[(?P<b>=*)\[\n?(?P<bracket>.*?)\](?P=b)\]
    | (?P<bare>(?:[^\s()"\#\\]|\\.)+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


@dataclass(frozen=True)
class Argument:
    """One argument as written. quoted: no list splitting; literal: no variables either."""

    text: str
    quoted: bool = False
    literal: bool = False

    def __str__(self):
        return self.text


@dataclass(frozen=True)
class Command:
    """``name(arguments)`` at path:line. Parentheses among the arguments are arguments."""

    name: str
    arguments: tuple
    path: str
    line: int

    @property
    def where(self):
        return f"{self.path}:{self.line}"


def parse(text, path):
    """The commands of a CMake file, in order; `BaremetalError` with file and line on bad syntax."""
    commands, name, arguments, depth, start, position = [], "", [], 0, 0, 0

    def fail(what) -> NoReturn:
        line = text.count("\n", 0, position) + 1
        raise BaremetalError(f"{path}:{line}: {what} in this CMake file.")

    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            fail(f"cannot read {text[position : position + 20]!r}")
        kind = match.lastgroup or ""
        value = match[kind]
        if kind == "c" or kind == "skip":
            pass
        elif not depth:
            if kind == "bare" and not name:
                name, start = value.lower(), position
            elif value == "(" and name:
                depth, arguments = 1, []
            else:
                fail(f"unexpected {value!r}")
        elif kind == "paren":
            depth += 1 if value == "(" else -1
            if depth:
                arguments.append(Argument(value))
            else:
                line = text.count("\n", 0, start) + 1
                commands.append(Command(name, tuple(arguments), str(path), line))
                name = ""
        else:
            arguments.append(Argument(value, kind != "bare", kind == "bracket"))
        position = match.end()
    if name:
        position = start
        fail(f"no end to '{name}('")
    return commands


def unescape(text):
    """Resolves CMake's backslash escapes."""
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), text)
