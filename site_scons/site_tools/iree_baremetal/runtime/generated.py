"""Command lines for what upstream's build generates: flatbuffer headers and the VM's tables.

The commands read the tree and write only below the folder for generated files, which mirrors the
tree, so that ``folder/runtime/src`` is one include path for all of them.
"""

import importlib.util
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from ..errors import BaremetalError

FLATCC, EMBED_DATA = "iree-flatcc-cli", "iree-c-embed-data"
# What flatcc writes for each argument, with the schema's name in front.
_HEADERS = {
    "--reader": ["_reader.h"],
    "--builder": ["_builder.h"],
    "--verifier": ["_verifier.h"],
    "--json": ["_json_parser.h", "_json_printer.h"],
    "--common": [],
}


@dataclass(frozen=True)
class Step:
    """One command: its inputs in the tree, its outputs, and the arguments to run."""

    command: tuple
    inputs: tuple
    outputs: tuple


def find_tool(name):
    """The path of FLATCC or EMBED_DATA, of the installed iree-base-runtime; `BaremetalError` without it."""
    package = importlib.util.find_spec("iree") and importlib.util.find_spec("iree._runtime_libs")
    for folder in (package and package.submodule_search_locations) or ():
        for file in (name, name + ".exe"):
            if (Path(folder) / file).is_file():
                return Path(folder) / file
    raise BaremetalError(f"no {name}: it comes with 'pip install iree-base-runtime', in the compiler's version.")


def steps(sources, root, folder, flatcc):
    """The `Step`s for the `libraries.Sources` of the tree at root, writing below folder."""
    root, folder = Path(root), Path(folder)
    return [_schema(s, root, folder, flatcc) for s in sources.schemas] + [_script(s, root, folder) for s in sources.scripts]


def _schema(schema, root, folder, flatcc):
    unknown = [a for a in schema.arguments if a not in _HEADERS]
    if unknown:
        raise BaremetalError(f"{root / schema.path}: flatcc's {unknown[0]} is new to this reader. Report this.")
    out, stem = folder / schema.folder, schema.path.stem
    includes = ("-I", str(root), "-I", str(root / "runtime/src"))
    return Step(
        command=(str(flatcc), "-o", str(out), *includes, *schema.arguments, str(root / schema.path)),
        inputs=(root / schema.path,),
        outputs=tuple(out / (stem + end) for a in schema.arguments for end in _HEADERS[a]),
    )


def _script(script, root, folder):
    """Resolves the labels of a Bazel-style command, as build_tools/cmake/iree_genrule.cmake does."""

    def place(match):
        kind, package, name = match.groups()
        base = script.folder if package is None else Path(package)
        return shlex.quote(str((root if kind == "rootpath" else folder) / base / name))

    text = re.sub(r"\$\((rootpath|execpath) (?://([^:)]*):|:)?([^)]+)\)", place, script.command)
    interpreter, *arguments = shlex.split(text)
    if interpreter not in ("python", "python3") or "$(" in text:
        raise BaremetalError(f"{script.where}: cannot run '{script.command}'. Report this.")
    return Step(
        # -B: Python must not leave its cache in the tree.
        command=(sys.executable, "-B", *arguments),
        inputs=tuple(root / i for i in script.inputs),
        outputs=tuple(folder / script.folder / o for o in script.outputs),
    )
