"""Tools that fail: the build says so, ends with exit code 2 and leaves nothing half made."""

import pytest
from fake_project import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.mark.parametrize(
    "tool, half_made",
    [
        ("iree-compile", ["iree_net/net.stream.mlirbc"]),
        ("iree-compile net.hal.mlirbc", ["iree_net/net_library.o", "iree_net/net_library.h", "iree_net/net.hal.mlirbc"]),
        ("lower", ["iree_net/net.stream.mlirbc", "iree_net/net.flow.mlirbc"]),
        ("codegen", ["iree_net/include/net.h", "iree_net/net.c", "iree_net/net_weights.bin", "iree_net/net.plan.json"]),
        ("import", ["iree_other/other.mlir", "iree_other/other.names.json"]),
        ("objcopy", ["iree_net/net_kernels.o"]),
    ],
)
def test_a_failing_tool_leaves_nothing_half_made(project, tool, half_made):
    result = project.scons("-k", FAKES_FAIL=tool)
    assert result.code == 2 and "Traceback" not in result.text
    assert f"{tool.split()[0]}: broken on purpose" in result.text
    assert not set(half_made) & set(project.files())
    project.built()  # and the next build makes it


def test_the_message_names_the_model(project):
    text = project.scons(FAKES_FAIL="iree-compile").text
    assert "scons: *** [build/iree_net/net.stream.mlirbc] net.mlir:\niree-compile: broken on purpose" in text


def test_an_output_that_was_not_written_is_an_error(project):
    result = project.scons(FAKES_FORGET="1")
    assert result.code == 2 and "Traceback" not in result.text
    assert "iree-compile did not write net_library.h." in result.text
    assert "iree_net/net_library.o" not in project.files()  # or the next build would take it for good


def test_a_failing_link_leaves_no_program(project):
    project.built()
    project.write("main.c", "int main(void) { return 1; }\n")
    result = project.scons(FAKES_FAIL="gcc")
    assert result.code == 2
    assert "gcc: broken on purpose" in result.text


def test_a_tool_that_is_no_program(project):
    (project.tools / "objcopy").write_text("")  # no "#!": the system cannot run it
    result = project.scons()
    assert result.code == 2 and "Traceback" not in result.text
    assert "objcopy: Exec format error" in result.text


def test_wrong_data_is_an_error(project):
    project.write("held_out.npz", "no arrays")
    result = project.scons("build/iree_held_out/held_out.c")
    assert result.code == 2 and "Traceback" not in result.text
    assert "held_out.npz" in result.text
    assert "iree_held_out/held_out.c" not in project.files()
