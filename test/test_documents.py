"""The commands in README.md, docs/ and the samples' pages: their options, targets and boards exist. So do links."""

import re
import subprocess
import sys

import documents
import pytest
from iree_baremetal import board

TEXTS = {page: (documents.ROOT / page).read_text() for page in documents.PAGES}
COMMANDS = {(page, command) for page, text in TEXTS.items() for command in documents.commands(text)}
SCONS = sorted({command.split(None, 1)[1] for _, command in COMMANDS if re.match(r"(scons|\./sconsw) (?!test$)", command)})
IMAGINARY = {"my-board", "X"}


def scons(*arguments):
    done = subprocess.run([sys.executable, "-m", "SCons", "-Q", *arguments], cwd=documents.ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def parsed(command):
    """(options, targets) of a command."""
    words = [word for word in command.split() if not word.startswith("-")]
    return dict(word.split("=", 1) for word in words if "=" in word), [word for word in words if "=" not in word]


def test_there_are_commands():
    assert len(SCONS) > 25


def test_every_option_exists():
    code, said = scons("-h")
    known = set(re.findall(r"^(\w+): ", said.split("Options:")[1], re.MULTILINE))
    assert code == 0
    assert {name for command in SCONS for name in parsed(command)[0]} <= known


def build(options, targets):
    """What of a command decides which targets there are, with models that are here."""
    if "sweep" in targets:
        return ("boards=stm32f4", "models=samples/motion")
    if "model" in options:
        return ("board=stm32f4", "model=samples/digits/digits.onnx")
    sample = options.get("sample", "digits")
    return ("board=stm32f4", f"sample={sample}", *(["models=samples/motion"] if sample == "mlperf_tiny" else []))


# But for that whose source is IREE's tree.
BUILDS = {build(*parsed(command)) for command in SCONS} - {("board=stm32f4", "sample=upstream")}


@pytest.mark.parametrize("chosen", sorted(BUILDS), ids=lambda words: words[1])
def test_every_target_exists(chosen):
    targets = {target for options, targets in map(parsed, SCONS) if build(options, targets) == chosen for target in targets}
    code, said = scons("-n", *chosen, *sorted(targets))
    assert code == 0, said


def test_a_target_that_does_not_exist():
    assert scons("-n", "board=stm32f4", "no-such-target")[0] == 2
    assert {words[1] for words in BUILDS} > {"model=samples/digits/digits.onnx", "sample=digits", "sample=mlperf_tiny"}


def test_every_board_exists():
    assert {parsed(command)[0].get("board", "host") for command in SCONS} <= {*board.names(), *board.core_names(), *IMAGINARY}


@pytest.mark.parametrize("page", documents.PAGES)
def test_every_link_leads_somewhere(page):
    folder = (documents.ROOT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)", TEXTS[page])
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", documents.PAGES)
def test_every_test_that_is_named_exists(page):
    for file, name in re.findall(r"`(test/[\w./-]*)(?:::(\w+))?", TEXTS[page]):
        path = documents.ROOT / file
        assert path.exists(), file
        assert not name or re.search(rf"^def {name}\b", path.read_text(), re.MULTILINE), f"{file}::{name}"


def headings(text):
    """GitHub's anchors of the headings."""
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", documents.PAGES)
def test_every_anchor_is_a_heading(page):
    folder = (documents.ROOT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]*\.md)?#([^)]+)", TEXTS[page])
    targets = [(headings((folder / file).read_text() if file else TEXTS[page]), anchor) for file, anchor in links]
    assert [anchor for known, anchor in targets if anchor not in known] == []


def test_the_index_has_every_page():
    """Of docs/, in its README; the project's own leads there."""
    pages = {page.removeprefix("docs/") for page in documents.PAGES if page.startswith("docs/")} - {"README.md"}
    assert pages == {link for link in re.findall(r"\]\(([^)#:]+)\)", TEXTS["docs/README.md"]) if link.endswith(".md")}
    assert "(docs/README.md)" in TEXTS["README.md"]
