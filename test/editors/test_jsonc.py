"""Entries added to JSON with comments: the rest stays, byte for byte."""

import json

import pytest
from iree_baremetal.editors import jsonc
from iree_baremetal.errors import BaremetalError

NEW = [{"label": "a", "n": 1}, {"label": "b"}]

WITH_COMMENTS = """{
    // See the manual, which has "tasks": [ in it
    "version": "2.0.0", /* and , ] more */
    "tasks": [
        {
            "label": "mine", // "label": "a"
            "command": "echo // no comment, ]",
            "args": ["[", "}", "\\"",],
        }, // the last
        // { "label": "b" }
    ],
    "inputs": [],
}
"""


def add(text, entries=NEW):
    return jsonc.add(text, "tasks", "label", entries, "tasks.json")


def parsed(text):
    """What VS Code reads: without comments and trailing commas."""
    return json.loads(jsonc._TRAILING.sub(jsonc._blank, jsonc._COMMENT.sub(jsonc._blank, text.removeprefix("\ufeff"))))


def is_kept(before, after):
    """Whether all of before but blanks is in after, in its order."""
    rest = iter(after)
    return all(character in rest for character in before if not character.isspace())


@pytest.mark.parametrize(
    "before",
    [
        WITH_COMMENTS,
        WITH_COMMENTS.replace("}, // the last", "} // the last"),
        WITH_COMMENTS.replace("\n", "\r\n"),
        "\ufeff" + WITH_COMMENTS,
        '{"tasks": []}',
        '{"tasks": [ /* none */ ]}',
        '{"tasks": [{"label": "c"}]}',
        '{"tasks": [{"label": "c"},],}',
        "{}",
        "{ // nothing yet\n}\n",
        '{"version": "2.0.0"}',
    ],
)
def test_all_that_was_there_stays(before):
    after = add(before)
    old, new = parsed(before), parsed(after)
    assert new.pop("tasks") == old.pop("tasks", []) + NEW
    assert new == old
    assert is_kept(before, after)
    assert ("\r\n" in after) == ("\r\n" in before) and after.count("\r\n") in (0, after.count("\n"))
    assert add(after) == after


def test_an_entry_of_that_name_stays():
    before = '{"tasks": [{"label": "a", "n": "my own"}]}'
    assert parsed(add(before))["tasks"] == [{"label": "a", "n": "my own"}, {"label": "b"}]


def test_nothing_to_add():
    text = '{"tasks":[{"label":"a"} , {"label":"b"}]}'
    assert add(text) == text


@pytest.mark.parametrize(
    "text, message",
    [
        ('{\n"tasks": [\n', r"tasks.json:\d: .*Mend it, or remove the file"),
        ("[]", "tasks.json: not an object in braces"),
        ('{"tasks": {}}', "tasks.json: 'tasks' is not a list"),
        ("", "tasks.json:1: "),
    ],
)
def test_what_cannot_be_read_is_refused(text, message):
    with pytest.raises(BaremetalError, match=message):
        add(text)


def test_a_new_document():
    text = jsonc.new({"version": "2.0.0"}, "tasks", NEW)
    assert json.loads(text) == {"version": "2.0.0", "tasks": NEW}
    assert add(text) == text
