"""Evaluates one CMakeLists.txt of the regular kind that IREE's runtime has.

Control flow and variables are followed; commands named as rules come back as data; commands known
to describe nothing that is compiled are passed over. Anything else is an error that names file and
line: a list of sources that might be incomplete is worse than none.
"""

import re
from dataclasses import dataclass

from ..errors import BaremetalError
from .cmake_syntax import parse, unescape

_REFERENCE = re.compile(r"\$\{([\w.+/-]*)\}")
_TRUE = re.compile(r"1|ON|YES|TRUE|Y|-?[1-9]\d*", re.IGNORECASE)
_FALSE = re.compile(r"0|OFF|NO|FALSE|N|IGNORE|NOTFOUND||.*-NOTFOUND", re.IGNORECASE)
_BRANCHES = {"elseif", "else"}


@dataclass(frozen=True)
class Rule:
    """One rule of the file: its keywords with their expanded values, and where it stands.

    undefined: variables without a value that the arguments mention.
    """

    command: str
    arguments: dict
    undefined: frozenset
    where: str

    def all(self, keyword):
        return self.arguments.get(keyword, [])

    def one(self, keyword):
        """The single value of keyword, "" where there is none."""
        return " ".join(self.all(keyword))


class _Return(Exception):
    pass


def read(path, variables, rules, ignored):
    """The `Rule`s of the file at path.

    variables: the configuration, name to string; rules: the commands wanted; ignored: a predicate
    on a command's name and first argument, separated by a space.
    """
    reader = _Reader(dict(variables), rules, ignored)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BaremetalError(f"{path} cannot be read: {error}. Is the source tree whole?") from error
    try:
        reader.run(parse(text, path))
    except _Return:
        pass
    return reader.found


class _Reader:
    def __init__(self, variables, rules, ignored):
        self.variables, self.rules, self.ignored = variables, rules, ignored
        self.found = []

    def run(self, commands):
        commands = iter(commands)
        for command in commands:
            if command.name == "if":
                self._if(command, commands)
            elif command.name == "foreach":
                self._foreach(command, commands)
            elif command.name in self.rules:
                self.found.append(self._rule(command))
            elif not self.ignored(" ".join([command.name, *map(str, command.arguments[:1])])):
                self._statement(command)

    # Control flow

    def _if(self, command, commands):
        """Runs the branch that holds of an if() whose body is next in commands."""
        branches, depth = [(command, [])], 1
        for c in commands:
            depth += (c.name == "if") - (c.name == "endif")
            if not depth:
                break
            if depth == 1 and c.name in _BRANCHES:
                branches.append((c, []))
            else:
                branches[-1][1].append(c)
        else:
            self._fail(command, "if() has no endif()")
        for head, body in branches:
            if head.name == "else" or self._condition(head):
                return self.run(body)

    def _foreach(self, command, commands):
        """Runs the body that is next in commands for each value of a foreach(name values…)."""
        body, depth = [], 1
        for c in commands:
            depth += (c.name == "foreach") - (c.name == "endforeach")
            if not depth:
                break
            body.append(c)
        else:
            self._fail(command, "foreach() has no endforeach()")
        name, *values = [value for argument in command.arguments for value in self._values(argument)]
        for value in values:
            self.variables[name] = value
            self.run(body)

    def _condition(self, command):
        """The truth of an if(). As in CMake: NOT binds first, AND and OR go left to right."""
        tokens = list(command.arguments)

        def term():
            token = tokens.pop(0) if tokens else self._fail(command, "the condition is incomplete")
            if not token.quoted and token.text == "NOT":
                return not term()
            if not token.quoted and token.text == "(":
                value = expression()
                if not tokens or tokens.pop(0).text != ")":
                    self._fail(command, "')' is missing")
                return value
            if not token.quoted and token.text == "DEFINED":
                return tokens.pop(0).text in self.variables
            if tokens and tokens[0].text in ("STREQUAL", "MATCHES", "EQUAL"):
                operator, left = tokens.pop(0).text, self._operand(token)
                if operator == "MATCHES":
                    return bool(re.search(self._expand(tokens.pop(0).text), left))
                return left == self._operand(tokens.pop(0))
            return self._truth(token)

        def expression():
            value = term()
            while tokens and tokens[0].text in ("AND", "OR"):
                operator, right = tokens.pop(0).text, term()
                value = value and right if operator == "AND" else value or right
            return value

        value = expression()
        if tokens:
            self._fail(command, f"cannot judge '{tokens[0]}' in this condition")
        return value

    def _operand(self, argument):
        """One side of a comparison: unquoted text may name a variable."""
        text = self._expand(argument.text)
        return text if argument.quoted else self.variables.get(text, text)

    def _truth(self, argument):
        text = self._expand(argument.text)
        if _TRUE.fullmatch(text):
            return True
        if argument.quoted or _FALSE.fullmatch(text):
            return False
        return not _FALSE.fullmatch(self.variables.get(text, ""))

    # Commands

    def _statement(self, command):
        arguments = [value for a in command.arguments for value in self._values(a)]
        match command.name, arguments:
            case "set", [name, *values] if not {"CACHE", "PARENT_SCOPE"} & set(values):
                self.variables[name] = ";".join(values)
            case "list", ["APPEND", name, *values]:
                old = [v for v in [self.variables.get(name)] if v]
                self.variables[name] = ";".join(old + values)
            case "string", ["TOUPPER", text, out]:
                self.variables[out] = text.upper()
            case "string", ["REGEX", "REPLACE", pattern, replacement, out, *text]:
                self.variables[out] = re.sub(pattern, replacement, "".join(text))
            # Nothing that a build of its own would have set is there: a global property is empty.
            case "get_property", [out, "VARIABLE" | "GLOBAL", "PROPERTY", name]:
                self.variables[out] = self.variables.get(name, "")
            case "return", []:
                raise _Return
            case name, _:
                self._fail(command, f"this reader does not know {name}({' '.join(arguments)[:60]})")

    def _rule(self, command):
        """Sorts the arguments under their keywords, which are the words in capitals."""
        arguments, undefined, keyword = {}, set(), None
        for argument in command.arguments:
            if not argument.quoted and re.fullmatch(r"[A-Z_]+", argument.text):
                keyword = argument.text
                arguments.setdefault(keyword, [])
            elif keyword is None:
                self._fail(command, f"'{argument}' stands before any keyword of {command.name}()")
            else:
                undefined |= {n for n in _REFERENCE.findall(argument.text) if n not in self.variables}
                arguments[keyword] += self._values(argument)
        return Rule(command.name, arguments, frozenset(undefined), command.where)

    # Values

    def _values(self, argument):
        """The list of values that an argument stands for."""
        if argument.literal:
            return [argument.text]
        text = self._expand(argument.text)
        return [text] if argument.quoted else [v for v in text.split(";") if v]

    def _expand(self, text):
        while _REFERENCE.search(text):
            text = _REFERENCE.sub(lambda m: self.variables.get(m[1], ""), text)
        return unescape(text)

    def _fail(self, command, what):
        raise BaremetalError(
            f"{command.where}: {what}. The list of IREE's sources would be incomplete: "
            "use a release that is known to work, or report this line."
        )
