"""From root libraries to everything that must be compiled: follows DEPS through the tree.

The rules of upstream's build_tools/cmake/*.cmake, as far as a runtime for a board needs them.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import BaremetalError
from . import cmake
from .source_tree import MissingSubmodule

_LIBRARIES = {"iree_cc_library", "external_cc_library", "flatbuffer_c_library"}
_RULES = _LIBRARIES | {"iree_genrule"}
# What compiles nothing of the runtime: messages, tests, modules for them, the schema compiler, one archive of several.
_IGNORED = re.compile(
    r"(message|install|iree_add_all_subdirs|iree_package_ns|iree_cc_(binary|binary_benchmark|test|fuzz|unified_library)"
    r"|iree_native_test|iree_lit_test_suite|iree_vmasm_module|add_subdirectory|add_custom_(command|target))( .*)?|\w+ iree-flatcc-cli"
)
RUNTIME = Path("runtime/src")
FLATCC = Path("third_party/flatcc")
# The parser of a command line: a board has none, so that nobody calls it (IREE_FLAGS_ENABLE_CLI=0), nor does it compile then.
_UNUSED = {RUNTIME / "iree/base/tooling/flags.c"}


@dataclass(frozen=True)
class Schema:
    """A flatbuffer schema: the file in the tree, flatcc's arguments, the folder of the headers."""

    path: Path
    arguments: tuple
    folder: Path


@dataclass(frozen=True)
class Script:
    """A rule that runs a script of the tree: inputs in the tree, outputs and the folder they go to."""

    command: str
    inputs: tuple
    outputs: tuple
    folder: Path
    where: str


@dataclass(frozen=True)
class Library:
    """One library. Paths are relative to the tree; generated ones to the folder of generated files."""

    name: str
    sources: tuple = ()
    generated: tuple = ()
    headers: tuple = ()
    includes: tuple = ()
    flags: tuple = ()  # for its own sources
    defines: tuple = ()  # for all


@dataclass
class Sources:
    """All that a runtime is made of, in the order in which it was reached."""

    libraries: list = field(default_factory=list)
    schemas: list = field(default_factory=list)
    scripts: list = field(default_factory=list)
    files_read: list = field(default_factory=list)

    def _all(self, name):
        return list(dict.fromkeys(x for library in self.libraries for x in getattr(library, name)))

    @property
    def sources(self):
        """C files in the tree, with the flags of each: {path: flags}."""
        return {path: library.flags for library in self.libraries for path in library.sources if path not in _UNUSED}

    @property
    def generated(self):
        """C files to generate, with the flags of each."""
        return {path: library.flags for library in self.libraries for path in library.generated}

    @property
    def defines(self):
        return self._all("defines")

    @property
    def includes(self):
        """Folders of the tree with headers; the generated RUNTIME folder comes on top."""
        return list(dict.fromkeys([RUNTIME, *self._all("includes")]))


def read(root, roots, variables):
    """The `Sources` of the libraries called roots ("iree::vm") in the tree at root.

    variables: see `options.cmake_variables`.
    """
    return _Walk(Path(root), variables).run(roots)


class _Walk:
    def __init__(self, root, variables):
        self.root = root
        self.variables = {**variables, "IREE_ROOT_DIR": str(root), "PROJECT_SOURCE_DIR": str(root)}
        self.result = Sources()
        self.rules = lru_cache(None)(self._rules)

    def run(self, roots):
        done, waiting = set(), [(name, "the wanted libraries") for name in roots]
        while waiting:
            name, where = waiting.pop(0)
            folder, rule = self._find(name, where)
            if rule.where in done:
                continue
            done.add(rule.where)
            self._check(rule, ("SRCS", "HDRS", "DEPS", "DEFINES", "COPTS", "INCLUDES", "SYSTEM_INCLUDES"))
            if rule.command == "flatbuffer_c_library":
                self._schema(folder, rule)
            else:
                self._library(folder, rule, name)
            package = "::".join(_package(folder))
            waiting += [(package + d if d.startswith("::") else d, rule.where) for d in rule.all("DEPS")]
        return self.result

    def _rules(self, folder):
        """The rules of the CMakeLists.txt in folder, [] where there is none."""
        path = self.root / folder / "CMakeLists.txt"
        if not path.is_file():
            return []
        self.result.files_read.append(path.relative_to(self.root))
        here = {"CMAKE_CURRENT_SOURCE_DIR": str(self.root / folder)}
        return cmake.read(path, {**self.variables, **here}, _RULES, _IGNORED.fullmatch)

    def _find(self, name, where):
        """The folder and the rule of the library "iree::a::b": b in iree/a, or b of iree/a/b."""
        *package, leaf = name.split("::")
        for folder in (_folder(package), _folder([*package, leaf])):
            for rule in self.rules(folder) if folder else ():
                if rule.command in _LIBRARIES and rule.one("NAME") == leaf:
                    return folder, rule
        raise BaremetalError(
            f"{where}: needs the library {name}, which {self.root} does not describe with the options given. "
            "Compare with a release that works, or report this."
        )

    def _library(self, folder, rule, name):
        base = Path(rule.one("ROOT")).relative_to(self.root) if rule.one("ROOT") else folder
        if not (self.root / base).is_dir() or not any((self.root / base).iterdir()):
            raise MissingSubmodule(self.root, base.as_posix())
        kept, generated = [], []
        for file in rule.all("SRCS") + rule.all("HDRS"):
            if (self.root / base / file).is_file():
                kept.append(base / file)
            else:
                self._script(folder, rule, file)
                generated.append(folder / file)
        includes = rule.all("INCLUDES") + rule.all("SYSTEM_INCLUDES")
        self.result.libraries.append(
            Library(
                name=name,
                sources=tuple(p for p in kept if p.suffix == ".c"),
                generated=tuple(p for p in generated if p.suffix == ".c"),
                headers=tuple(p for p in kept if p.suffix != ".c"),
                includes=tuple(Path(i).relative_to(self.root) for i in includes),
                flags=tuple(rule.all("COPTS")),
                defines=tuple(d.removeprefix("-D") for d in rule.all("DEFINES")),
            )
        )

    def _schema(self, folder, rule):
        arguments = tuple(rule.all("FLATCC_ARGS")) or ("--common", "--reader")
        for source in rule.all("SRCS"):
            self.result.schemas.append(Schema(folder / source, arguments, folder))
        headers = FLATCC / "include"
        self.result.libraries.append(Library(rule.one("NAME"), includes=(headers, headers / "flatcc/reflection")))

    def _script(self, folder, library, file):
        """Notes the rule that generates a file which the tree does not hold."""
        for rule in self.rules(folder):
            if rule.command == "iree_genrule" and file in rule.all("OUTS"):
                break
        else:
            raise BaremetalError(
                f"{library.where}: {file} is neither in the tree nor generated by a rule of that file. "
                "The tree may be incomplete: fetch it again."
            )
        inputs = [Path(s) if Path(s).is_absolute() else self.root / folder / s for s in rule.all("SRCS")]
        script = Script(
            command=rule.one("CMD"),
            inputs=tuple(i.relative_to(self.root) for i in inputs),
            outputs=tuple(rule.all("OUTS")),
            folder=folder,
            where=rule.where,
        )
        if script not in self.result.scripts:
            self.result.scripts.append(script)

    def _check(self, rule, keywords):
        """A library that is compiled may not depend on what the reader cannot know."""
        if rule.undefined:
            raise BaremetalError(
                f"{rule.where}: the variables {', '.join(sorted(rule.undefined))} have no value here. "
                "Compare with a release that works, or report this."
            )
        for value in (v for k in keywords for v in rule.all(k)):
            if "$<" in value or "$ENV" in value:
                raise BaremetalError(f"{rule.where}: cannot evaluate {value}. Report this.")


def _folder(package):
    """Where upstream keeps a package: its own under runtime/src, others under build_tools."""
    if package[:1] == ["iree"]:
        return RUNTIME.joinpath(*package)
    return Path("build_tools/third_party", *package) if package else None


def _package(folder):
    return folder.parts[2:]
