import os
import subprocess

import pytest

from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import fetch, source_tree


@pytest.fixture
def environ(tree, tmp_path):
    """An environment in which git finds, under the public address, a repository with one release."""
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\nname = t\nemail = t@t\n[protocol \"file\"]\nallow = always\n[init]\ndefaultBranch = main\n"
        f"[url \"file://{tree}\"]\ninsteadOf = {fetch.URL}\n"
    )
    values = {k: v for k, v in os.environ.items() if k != "IREE_SOURCE_DIR"}
    values |= {"GIT_CONFIG_GLOBAL": str(config), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def git(folder, *arguments):
        done = subprocess.run(["git", "-C", str(folder), *arguments], env=values, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    flatcc = tmp_path / "flatcc"
    (tree / "third_party/flatcc").rename(flatcc)
    for folder in (flatcc, tree):
        git(folder, "init", "-q")
        if folder == tree:
            git(tree, "submodule", "add", "-q", f"file://{flatcc}", "third_party/flatcc")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "one")
    git(tree, "tag", "v3.13.0")
    values["COMMIT"] = git(tree, "rev-parse", "HEAD")
    return values


def test_fetches_the_release_with_its_submodule(environ):
    said = []
    path = fetch.fetch("3.13.0", environ, said.append)
    assert path == source_tree.find(None, "3.13.0", environ)
    assert environ["COMMIT"] in said[-1]
    assert path.with_name("v3.13.0.commit").read_text().strip() == environ["COMMIT"]
    assert sorted(p.name for p in path.parent.iterdir()) == ["v3.13.0", "v3.13.0.commit"]
    said.clear()
    assert fetch.fetch("3.13.0", environ, said.append) == path
    assert "already" in said[0] and environ["COMMIT"] in said[0]


def fails(version, environ):
    with pytest.raises(BaremetalError) as caught:
        fetch.fetch(version, environ, lambda text: None)
    assert "By hand: git clone --depth 1 --branch" in str(caught.value)
    assert "iree_source=DIR" in str(caught.value)
    assert not list(source_tree.cache(environ).iterdir())
    return str(caught.value)


def test_a_release_that_is_not_there(environ):
    assert "cannot fetch IREE v9.9.9: there is no such release" in fails("9.9.9", environ)


def test_offline(environ, tree):
    tree.rename(tree.with_name("away"))
    assert "cannot fetch IREE v3.13.0: git failed" in fails("3.13.0", environ)


def test_a_submodule_that_does_not_come(environ, tmp_path):
    (tmp_path / "flatcc").rename(tmp_path / "away")
    assert "git failed" in fails("3.13.0", environ)


def test_no_git(environ, tmp_path):
    assert "not installed" in fails("3.13.0", {**environ, "PATH": str(tmp_path)})
