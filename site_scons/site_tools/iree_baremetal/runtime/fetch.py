"""Fetches the source tree that the compiler was built of: shallow, with the submodules needed.

It is asked for by its commit, which the compiler names (`compiler.commit`): git takes nothing else for
it, whatever a tag or a server says. A tree that is there already is held against the same commit.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .. import files
from ..errors import BaremetalError
from . import deployments, libraries, options, source_tree

URL = "https://github.com/iree-org/iree.git"
SUBMODULES = ("third_party/flatcc", "third_party/printf")  # for people; what a tree needs is found out


def fetch(version, commit, environ=os.environ, report=print):
    """Puts the tree of a compiler's version and commit into the cache and returns its path.

    Nothing is left behind on failure, and a tree that is there already stays as it is: `BaremetalError`
    where it is another commit or was changed.
    """
    tag = source_tree.tag(version)
    target = files.user_cache(environ) / tag
    git = _Git(commit, target, environ)
    if target.is_dir():
        _check(git, target, commit)
        report(f"IREE {tag} is in {target} already: commit {commit}")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    files.remove_stale(target.parent.glob(".v*-*"))  # of fetches that were killed
    work = Path(tempfile.mkdtemp(prefix=f".{tag}-", dir=target.parent))
    try:
        report(f"Fetching IREE {tag}, commit {commit}, from {URL}")
        git("init", "--quiet", str(work))
        git("-C", str(work), "fetch", "--quiet", "--depth=1", URL, commit)
        git("-C", str(work), "checkout", "--quiet", "--detach", commit)
        _submodules(git, work, report)
        _check(git, work, commit)
        work.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    report(f"IREE {tag} is in {target}")
    return target


def _check(git, tree, commit):
    """`BaremetalError` unless tree is this commit of IREE and nothing else."""
    if not (tree / ".git").exists():  # git would take a repository around it
        what = "is no checkout of git"
    elif (head := git("-C", str(tree), "rev-parse", "HEAD").strip()) != commit:
        what = f"is not commit {commit}, which the compiler was built of, but {head}"
    elif changed := git("-C", str(tree), "status", "--porcelain", "--untracked-files=all").splitlines():
        what = f"was changed: {changed[0].strip()}"
    else:
        return
    raise BaremetalError(f"{tree} {what}. Remove it and fetch it again; or name it, if you trust it, with iree_source={tree}.")


def _submodules(git, work, report):
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
            git("-C", str(work), "submodule", "--quiet", "update", "--init", "--depth=1", missing.path)
            if not any((work / missing.path).iterdir()):
                raise


class _Git:
    """git(…) returns what git prints; a `BaremetalError` says how to do by hand what it cannot."""

    def __init__(self, commit, target, environ):
        self.commit, self.target, self.environ = commit, target, {**environ, "GIT_TERMINAL_PROMPT": "0"}

    def __call__(self, *arguments):
        try:
            done = subprocess.run(["git", *arguments], capture_output=True, text=True, env=self.environ)
        except FileNotFoundError:
            raise BaremetalError(f"fetch-iree needs git, which is not installed. {self._by_hand()}") from None
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no message"])[-1]
            missing = "not our ref" in done.stderr
            what = f"{URL} has no such commit" if missing else "git failed"
            raise BaremetalError(f"cannot fetch IREE's commit {self.commit}: {what} ({said}). {self._by_hand()}")
        return done.stdout

    def _by_hand(self):
        there = f"git -C {self.target}"
        return (
            f"By hand: git init {self.target} && {there} fetch --depth 1 {URL} {self.commit} && {there} checkout {self.commit} && "
            f"{there} submodule update --init --depth 1 {' '.join(SUBMODULES)}; or name a tree that you have with iree_source=DIR."
        )
