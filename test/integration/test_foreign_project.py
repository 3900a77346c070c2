"""A firmware that was not written for the tool, with a cross environment of its own, gains a model."""

import difflib

import pytest
from projects import Project

SCRIPTS = ("SConstruct", "src/SConscript")


@pytest.fixture
def project(tmp_path):
    project = Project.copy("foreign", tmp_path / "foreign")
    project.add_tool("third_party/iree_baremetal")
    project.add_model("models")
    return project


def with_model(project):
    """Puts the scripts with a model in place of those without; the lines that this changes."""
    changed = []
    for name in SCRIPTS:
        before, after = project.folder / name, project.folder / f"{name}.model"
        lines = difflib.ndiff(before.read_text().splitlines(), after.read_text().splitlines())
        changed += [line for line in lines if line[0] in "+-"]
        after.replace(before)
    return changed


def test_it_gains_a_model(project):
    project.run()
    program, objects = project.folder / "out/blink.axf", sorted((project.folder / "out").glob("*.obj"))
    before = [path.read_bytes() for path in (program, *objects)]

    changed = with_model(project)
    assert len(changed) == 5 and all(line.startswith("+") for line in changed)

    printed = project.run()
    assert [path.read_bytes() for path in (program, *objects)] == before
    assert "blink" not in printed and "startup.obj -c" not in printed  # nor was any of it built again
    assert project.run(".").strip().endswith("up to date.")

    # The program is theirs, in compiler, flags, suffixes and linker script; the model is ours.
    assert "\n1\n" in project.run("run")
    assert "agree with the host" in project.run("verify")


def test_nothing_is_left(project):
    with_model(project)
    before = project.files()
    project.run()
    project.run("-c")
    assert project.files() == before


def test_another_board_for_the_same_environment(project):
    with_model(project)
    script = project.folder / "SConstruct"
    script.write_text(script.read_text().replace('Export("env")', 'env["IREE_BOARD"] = "stm32f4"\nExport("env")'))
    done = project.attempt()
    assert done.returncode == 2
    assert "IREE_BOARD=stm32f4: this environment is for board mps2-an386. Make one for each board" in done.stderr
