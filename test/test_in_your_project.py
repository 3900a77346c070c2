"""docs/in-your-project.md: its lines are those of the projects that tests build."""

import re

import pytest
from documents import ROOT, fenced
from iree_baremetal import board, export

PAGE = (ROOT / "docs/in-your-project.md").read_text()

# What a block of the page is from.
FILES = {
    "python": [
        "test/projects/foreign/SConstruct.model",
        "test/projects/foreign/src/SConscript.model",
        "test/projects/rtos/SConstruct",
        "test/projects/rtos/model/SConscript.model",
        "test/integration/test_other_builds.py",
    ],
    "make": ["test/projects/exported/Makefile"],
    "cmake": ["test/projects/exported/CMakeLists.txt", "site_scons/site_tools/iree_baremetal/export/formats/zephyr.py"],
    "ini": ["test/projects/platformio/platformio.ini"],
}

NO_PROJECTS = ("Cores", "Containers and continuous integration", "Real projects")


@pytest.mark.parametrize("language", FILES)
def test_every_line_is_built_by_a_test(language):
    known = "\n".join((ROOT / file).read_text() for file in FILES[language])
    # A format's own text has braces doubled, and the model's name in braces.
    known = known.replace("{{", "{").replace("}}", "}").replace("{library.name}", "digits").replace("{TOOL}", "third_party/iree")
    known = f"{known}\n{known.replace('third_party/iree', '../iree')}".splitlines()  # or beside the project
    lines = [line for block in fenced(PAGE, language) for line in block.splitlines() if line]
    assert [line for line in lines if not any(line in one for one in known)] == []


def test_every_format_has_its_section():
    for name in export.FORMATS:
        assert f"## {export.of(name).TITLE}\n" in PAGE and f"`format={name}`" in PAGE


def test_every_section_is_in_the_table():
    titles = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert [t for t in titles if f"[{t}](#{t.lower()})" not in PAGE and t not in NO_PROJECTS] == []


def test_every_core_is_in_the_table():
    rows = dict(re.findall(r"^\| `([\w-]+)` \| `(-m[^`]+)` \|$", PAGE, re.MULTILINE))
    assert rows == {name: " ".join(board.load(name).machine_flags) for name in board.core_names()}
