import os
import subprocess

import pytest
from iree_baremetal import files
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import fetch, source_tree


@pytest.fixture
def environ(tree, tmp_path):
    """An environment in which git finds, under the public address, a repository with one release."""
    config = tmp_path / "gitconfig"
    config.write_text(
        '[user]\nname = t\nemail = t@t\n[protocol "file"]\nallow = always\n[init]\ndefaultBranch = main\n'
        f'[url "file://{tree}"]\ninsteadOf = {fetch.URL}\n'
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


def test_fetches_the_commit_with_its_submodule(environ):
    said = []
    path = fetch.fetch("3.13.0", environ["COMMIT"], environ, said.append)
    assert path == source_tree.find(None, "3.13.0", environ)
    assert environ["COMMIT"] in said[0]
    assert [p.name for p in path.parent.iterdir()] == ["v3.13.0"]
    said.clear()
    assert fetch.fetch("3.13.0", environ["COMMIT"], environ, said.append) == path
    assert "already" in said[0] and environ["COMMIT"] in said[0]


def refusal(environ, commit):
    with pytest.raises(BaremetalError) as caught:
        fetch.fetch("3.13.0", commit, environ, lambda text: None)
    assert "iree_source=" in str(caught.value)
    return str(caught.value)


def fails(environ, commit=None):
    text = refusal(environ, commit or environ["COMMIT"])
    assert "By hand: git init " in text
    assert not list(files.user_cache(environ).iterdir())
    return text


def test_another_commit_under_the_same_tag(environ):
    """The tag is there, but what the compiler was built of is not."""
    assert f"IREE's commit {'a' * 40}: {fetch.URL} has no such commit" in fails(environ, "a" * 40)


def test_a_tree_of_another_commit_is_not_taken(environ):
    path = fetch.fetch("3.13.0", environ["COMMIT"], environ, lambda text: None)
    text = refusal(environ, "a" * 40)
    assert f"{path} is not commit {'a' * 40}, which the compiler was built of, but {environ['COMMIT']}. Remove it" in text


@pytest.mark.parametrize(
    "changed", ["runtime/src/iree/vm/vm.c", "runtime/src/iree/vm/more.c", "third_party/flatcc/src/verifier.c"]
)
def test_a_tree_that_was_changed_is_not_taken(environ, changed):
    path = fetch.fetch("3.13.0", environ["COMMIT"], environ, lambda text: None)
    (path / changed).write_text("int changed;\n")
    text = refusal(environ, environ["COMMIT"])
    assert f"{path} was changed: " in text and (changed in text or "third_party/flatcc" in text)


def test_half_a_tree_is_not_taken(environ):
    path = files.user_cache(environ) / "v3.13.0"
    (path / "runtime").mkdir(parents=True)
    assert f"{path} is no checkout of git" in refusal(environ, environ["COMMIT"])


def test_offline(environ, tree):
    tree.rename(tree.with_name("away"))
    assert f"cannot fetch IREE's commit {environ['COMMIT']}: git failed" in fails(environ)


def test_a_submodule_that_does_not_come(environ, tmp_path):
    (tmp_path / "flatcc").rename(tmp_path / "away")
    assert "git failed" in fails(environ)


def test_no_git(environ, tmp_path):
    assert "not installed" in fails({**environ, "PATH": str(tmp_path)})
