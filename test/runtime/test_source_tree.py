import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.runtime import source_tree


def test_the_order_of_the_three_ways(tree, tmp_path):
    cached = tmp_path / "cache/iree-baremetal/v3.13.0"
    cached.parent.mkdir(parents=True)
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "IREE_SOURCE_DIR": str(tree)}
    assert source_tree.find(str(tree), "3.13.0", {}) == tree
    assert source_tree.find(None, "3.13.0", environ) == tree
    tree.rename(cached)
    environ.pop("IREE_SOURCE_DIR")
    assert source_tree.find("", "3.13.0rc20260816", environ) == cached


def test_no_tree_names_all_three_ways(tmp_path):
    with pytest.raises(BaremetalError) as caught:
        source_tree.find(None, "3.13.0", {"XDG_CACHE_HOME": str(tmp_path)})
    for way in ("iree_source=DIR", "IREE_SOURCE_DIR=DIR", "scons fetch-iree", "v3.13.0", str(tmp_path)):
        assert way in str(caught.value)


def test_not_a_tree(tmp_path):
    with pytest.raises(BaremetalError, match=r"\(from IREE_SOURCE_DIR\) is not a source tree of IREE"):
        source_tree.find(None, "3.13.0", {"IREE_SOURCE_DIR": str(tmp_path)})


def test_a_tree_without_flatcc(tree):
    (tree / "third_party/flatcc").rename(tree / "gone")
    with pytest.raises(BaremetalError, match="lacks third_party/flatcc. Get it: git -C .* submodule update"):
        source_tree.find(tree, "3.13.0", {})
