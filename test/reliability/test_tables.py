import subprocess

import pytest
import tables

PAGE = "# Page\n\n<!-- one -->\nold\n<!-- end of one -->\n\n<!-- two -->\n<!-- end of two -->\n"


@pytest.fixture
def page(tmp_path):
    made = tmp_path / "page.md"
    made.write_text(PAGE)
    return made


def test_markdown():
    assert tables.markdown(("a", "b"), [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |\n"


def test_text_goes_between_the_marks_of_its_name(page):
    for _ in range(2):  # the second time in place of the first
        tables.write("one", "a \\1 b\n", page)
    assert page.read_text() == PAGE.replace("old\n", "a \\1 b\n")
    tables.write("two", "c\n", page)
    assert "<!-- two -->\nc\n<!-- end of two -->" in page.read_text()


def test_unknown_marks(page):
    with pytest.raises(LookupError, match="no marks of three"):
        tables.write("three", "", page)
    assert page.read_text() == PAGE


def test_the_commit_is_named_and_whether_files_differ_from_it(tmp_path):
    def git(*arguments):
        user = ["-c", "user.name=x", "-c", "user.email=x@x"]
        return subprocess.run(["git", "-C", tmp_path, *user, *arguments], check=True, capture_output=True, text=True).stdout

    assert tables.commit(tmp_path) == "Commit unknown."
    git("init", "-q")
    (tmp_path / "docs").mkdir()
    for name in ("tool.py", "docs/page.md"):
        (tmp_path / name).write_text("a\n")
    git("add", ".")
    git("commit", "-qm", "one", "--date=2020-01-02")
    named = f"Commit {git('rev-parse', '--short', 'HEAD').strip()} of {git('log', '-1', '--format=%cs').strip()}"
    assert tables.commit(tmp_path) == f"{named}."
    (tmp_path / "docs/page.md").write_text("b\n")  # as the runs before write theirs
    (tmp_path / "new").write_text("c\n")
    assert tables.commit(tmp_path) == f"{named}."
    (tmp_path / "tool.py").write_text("b\n")
    assert tables.commit(tmp_path) == f"{named}, changed."


def test_the_page_has_marks_for_every_long_run():
    text = tables.PAGE.read_text()
    for name in (
        "interruptions",
        "bad-inputs",
        "board-faults",
        "identical-builds",
        "load",
        "newcomer bookworm",
        "newcomer trixie",
    ):
        assert f"<!-- {name} -->\n" in text and f"<!-- end of {name} -->\n" in text
