"""What `tune` found best for a model, in a file beside it that builds read: <model>.tuned.json.

{"model": SHA-256 of the model's file, "compiler": iree-compile's version, "cores": {core: {"flags", "rewrites",
"kernels": {kernel's symbol: {"form": text (rewrite/forms.py), "cost" and "bytes": [by itself, in this form], as measured}}}}}
"""

import hashlib
import json
from pathlib import Path

from ..errors import BaremetalError
from ..rewrite.forms import Form, is_valid

SUFFIX = ".tuned.json"
_FIELDS = {"flags": str, "rewrites": str, "kernels": dict}


def beside(model):
    """The path of the file beside a model's."""
    return Path(model).with_suffix(SUFFIX)


def core(board):
    """By which name a board's core stands in the file."""
    return ",".join(filter(None, (board.cpu or board.triple, board.cpu_features)))


def read(path):
    """The file's content; a `BaremetalError` where it is none of `tune`'s."""
    try:
        content = json.loads(Path(path).read_text())
        entries = content["cores"].values()
        valid = all(isinstance(entry[key], kind) for entry in entries for key, kind in _FIELDS.items())
        valid = valid and all(isinstance(content[key], str) for key in ("model", "compiler"))
        valid = valid and all(is_valid(kernel["form"]) for entry in entries for kernel in entry["kernels"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaremetalError(f"{path}: not what `tune keep=1` writes ({error}): remove it, or tune anew.") from error
    if not valid:
        raise BaremetalError(f"{path}: not what `tune keep=1` writes: remove it, or tune anew.")
    return content


def entry(path, model, compiler, board):
    """(the entry for board's core of the file at path, why there is none): one of the two is None.

    model: the path of the model's file; compiler: iree-compile's version.
    """
    content = read(path)
    if content["model"] != _digest(model):
        return None, f"{path} is for another {Path(model).name}: not used. Tune anew, or remove it."
    if content["compiler"] != compiler:
        return None, f"{path} is for iree-compile {content['compiler']}, not {compiler}: not used. Tune anew, or remove it."
    found = content["cores"].get(core(board))
    return found, None if found else f"{path} has nothing for the core of {board.name}: `tune keep=1` adds it."


def keep(path, model, compiler, board, found):
    """Puts found, the entry for board's core, into the file at path; those of other cores stay, if they are for the same model."""
    content = {"model": _digest(model), "compiler": compiler, "cores": {}}
    if Path(path).exists():
        before = read(path)
        if (before["model"], before["compiler"]) == (content["model"], compiler):
            content["cores"] = before["cores"]
    content["cores"][core(board)] = found
    Path(path).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def forms(path, name):
    """{kernel's symbol: text of its form} for the core called name."""
    return {kernel: found["form"] for kernel, found in read(path)["cores"][name]["kernels"].items()}


def widths(path, name):
    """{kernel's symbol: bytes of its vectors} for the core called name, where they are not the flags'."""
    found = {kernel: Form(text).width for kernel, text in forms(path, name).items()}
    return {kernel: width for kernel, width in found.items() if width}


def write(path, name, found):
    """Writes a file of no model's for the core called name: found, {kernel: text of its form}."""
    entry = {"flags": "", "rewrites": "", "kernels": {kernel: {"form": text} for kernel, text in found.items()}}
    Path(path).write_text(json.dumps({"model": "", "compiler": "", "cores": {name: entry}}, indent=1) + "\n")


def _digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
