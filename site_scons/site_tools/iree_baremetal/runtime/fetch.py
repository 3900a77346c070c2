"""Fetches the release of IREE that matches the compiler: shallow, with the submodules needed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import BaremetalError
from . import deployments, libraries, options, source_tree

URL = "https://github.com/iree-org/iree.git"
SUBMODULES = ("third_party/flatcc", "third_party/printf")  # for people; what a tree needs is found out


def fetch(version, environ=os.environ, report=print):
    """Puts the tree for a compiler's version into the cache and returns its path.

    The commit is reported, and recorded beside the tree in <tag>.commit. Nothing is left behind on
    failure, and a tree that is there already stays as it is.
    """
    tag = source_tree.tag(version)
    target = source_tree.cache(environ) / tag
    record = target.with_name(tag + ".commit")
    if target.is_dir():
        report(f"IREE {tag} is in {target} already: {record.read_text().strip() if record.is_file() else 'commit unknown'}")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{tag}-", dir=target.parent))
    try:
        report(f"Fetching IREE {tag} from {URL}")
        _git(tag, target, environ, "clone", "--quiet", "--depth=1", f"--branch={tag}", URL, str(work))
        _submodules(tag, target, environ, work, report)
        commit = _git(tag, target, environ, "-C", str(work), "rev-parse", "HEAD").strip()
        work.rename(target)
        record.write_text(commit + "\n")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    report(f"IREE {tag}, commit {commit}, is in {target}")
    return target


def _submodules(tag, target, environ, work, report):
    """Checks out each submodule that the runtime's libraries turn out to need."""
    roots = [root for deployment in deployments.ALL.values() for root in deployment.roots]
    loaders = {"IREE_HAL_EXECUTABLE_LOADER_DEFAULTS": True}
    while True:
        try:
            # The architecture decides on no submodule.
            libraries.read(work, roots, options.cmake_variables(options.configure(loaders), "arm_32"))
            return
        except source_tree.MissingSubmodule as missing:
            report(f"Fetching its submodule {missing.path}")
            _git(tag, target, environ, "-C", str(work), "submodule", "--quiet", "update", "--init", "--depth=1", missing.path)
            if not any((work / missing.path).iterdir()):
                raise


def _git(tag, target, environ, *arguments):
    """Runs git and returns what it prints."""
    by_hand = (
        f"By hand: git clone --depth 1 --branch {tag} {URL} {target} && "
        f"git -C {target} submodule update --init --depth 1 {' '.join(SUBMODULES)}; "
        "or name a tree that you have with iree_source=DIR."
    )
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, env={**environ, "GIT_TERMINAL_PROMPT": "0"}
        )
    except FileNotFoundError:
        raise BaremetalError(f"fetch-iree needs git, which is not installed. {by_hand}") from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        missing = "not found in upstream" in done.stderr
        what = f"there is no such release, see git ls-remote --tags {URL}" if missing else "git failed"
        raise BaremetalError(f"cannot fetch IREE {tag}: {what} ({said}). {by_hand}")
    return done.stdout
