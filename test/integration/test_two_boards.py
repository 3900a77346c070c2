"""site_scons copied into a project: three boards, two models, SConscripts in other folders."""

import pytest
from projects import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.copy("two_boards", tmp_path_factory.mktemp("two") / "boards")
    project.add_tool()
    project.add_model("nets")
    project.sources = project.files()
    return project


def test_they_run_side_by_side(project):
    printed = project.run("-j2", "run", "verify")
    assert printed.count("\n51\n") == 3
    assert [printed.count(f"on {board} agree") for board in ("mps2-an386", "qemu-rv32", "host")] == [1, 1, 1]


def test_the_hosts_own_environment_is_untouched(project):
    printed = project.run("out/helper")
    assert "gcc -o out/helper.o -c -O1 helper.c" in printed or "up to date" in printed


def test_a_second_build_does_nothing(project):
    project.run()
    assert project.run().strip().endswith("up to date.")


def test_nothing_is_left(project):
    project.run("-c", ".")
    assert project.files() - project.sources == {"out/here/SConscript", "out/here/both.c"}  # SCons's own duplicates


BOTH = "env = Environment(tools=['iree_baremetal'], IREE_BOARD='stm32f4')\n"


@pytest.mark.parametrize(
    "again", ["env.Tool('iree_baremetal')", "env.Clone(tools=['iree_baremetal'])", "env.Tool('iree_baremetal', board='stm32f4')"]
)
def test_loaded_twice(tmp_path, again):
    project = Project(tmp_path)
    project.add_tool()
    (tmp_path / "SConstruct").write_text(f"{BOTH}before = env.Dump()\n{again}\nassert env.Dump() == before\n")
    project.run()


@pytest.mark.parametrize(
    "again", ["env.Tool('iree_baremetal', board='host')", "env.Clone(tools=['iree_baremetal'], IREE_BOARD='host')"]
)
def test_loaded_again_for_another_board(tmp_path, again):
    project = Project(tmp_path)
    project.add_tool()
    (tmp_path / "SConstruct").write_text(BOTH + again)
    done = project.attempt()
    assert done.returncode == 2 and "this environment is for board stm32f4" in done.stderr


def test_site_scons_without_boards(tmp_path):
    project = Project(tmp_path)
    project.add_tool()
    (tmp_path / "boards").rename(tmp_path / "elsewhere")
    (tmp_path / "SConstruct").write_text(BOTH)
    done = project.attempt()
    assert done.returncode == 2 and f"The folder boards, which belongs beside {tmp_path}/site_scons, is missing" in done.stderr
