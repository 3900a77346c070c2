"""How to get a Python package, in words that the Python at hand takes."""

import importlib.metadata
import shlex
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

# What the SCons side imports: module -> package, and its oldest version that serves.
NEEDED = {"numpy": ("numpy", 1), "elftools": ("pyelftools", 0), "capstone": ("capstone", 5)}


def lacking():
    """(packages, reasons) of NEEDED that are not there, or too old."""
    packages, reasons = [], []
    for module, (package, oldest) in NEEDED.items():
        if not find_spec(module):
            packages.append(package)
            reasons.append(package)
        elif _major(package) < oldest:
            packages.append(f"{package}>={oldest}")
            reasons.append(f"{package} {oldest} or later (it has {importlib.metadata.version(package)})")
    return packages, reasons


def _major(package):
    try:
        return int(importlib.metadata.version(package).partition(".")[0])
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return sys.maxsize  # it is there, and does not say


def is_managed():
    """Whether pip refuses to install into this Python: it is the system's (PEP 668)."""
    return sys.prefix == sys.base_prefix and Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").exists()


def install(*packages):
    """How to install packages for this Python, as what follows "Install: "."""
    words = shlex.join(packages)
    if not is_managed():
        return f"{sys.executable} -m pip install {words}"
    return (
        f"pipx install scons && pipx inject scons {words}; or, in an environment that you make: python3 -m venv .venv "
        f"&& .venv/bin/pip install scons {words}, then .venv/bin/scons. (Into {sys.executable}, which is the system's, pip installs "
        "nothing: externally-managed-environment.)"
    )
