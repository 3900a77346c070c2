"""What a change rebuilds: all that depends on it, and nothing else."""

import os
import shutil

import pytest
from fake_project import Project


def stream(name):
    return {f"iree-compile {name}.stream.mlirbc", f"lower {name}.stream.mlirbc"}


def library(name):
    return {f"iree-compile {name}.hal.mlirbc"}


def objects(name):
    return {f"codegen {name}", f"gcc {name}.o", f"gcc {name}_weights.o", f"objcopy {name}_kernels.o"}


NET = stream("net") | library("net") | objects("net")
OTHER = stream("other") | library("other") | objects("other")
IMPORT, MAIN, LINK = {"import other.mlir"}, {"gcc main.o"}, {"gcc program"}
STREAMS = stream("net") | stream("other")
COMPILE = STREAMS | library("net") | library("other")
CODEGEN = {"codegen net", "codegen other"}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("original"))
    project.built()
    return project


@pytest.fixture
def project(original, tmp_path):
    """A project that is built."""
    return original.copied(tmp_path / "project")


def ran(project, *arguments, **environment):
    return set(project.built(*arguments, **environment))


def test_a_second_build_does_nothing(project):
    result = project.scons()
    assert result.ran == [] and "is up to date" in result.text


def test_a_touched_file_is_no_change(project):
    for path in project.folder.rglob("*.*"):
        if "build" not in path.parts:
            os.utime(path, (2e9, 2e9))
    assert ran(project) == set()


def test_a_changed_model(project):
    project.write("net.mlir", "module { func.func @f() }\n")
    assert ran(project) == NET | MAIN | LINK  # main.c includes net.h


def test_a_changed_onnx_model(project):
    project.write("other.onnx", "other protobuf\n")
    assert ran(project) == IMPORT | OTHER | LINK


def test_a_changed_c_file_rebuilds_no_model(project):
    project.write("extra.c", "int extra = 2;\n")
    assert ran(project) == {"gcc extra.o"} | LINK


def test_a_changed_header(project):
    project.write("own.h", "#define OWN 2\n")
    (built,) = ran(project)  # the fake's object is made of main.c alone, so it stays the same
    assert {built} == MAIN


def test_a_changed_flag_recompiles_the_models(project):
    # The fake ignores it: what comes out is the same, and nothing follows.
    assert ran(project, MORE_FLAGS="--iree-opt-level=O3") == COMPILE
    assert ran(project, MORE_FLAGS="--iree-opt-level=O3") == set()


def test_another_version_of_the_compiler_rebuilds_every_model(project):
    assert ran(project, IREE_COMPILE_VERSION="3.14.0") == IMPORT | COMPILE | CODEGEN


def test_another_version_of_the_tool_generates_anew(project):
    assert ran(project, IREE_BAREMETAL_DIGEST="another") == IMPORT | STREAMS | CODEGEN | LINK


def test_dims_concern_the_import_alone(project):
    assert ran(project, "dims=batch=1") == IMPORT


def test_changed_data(project):
    import numpy

    numpy.savez(project.folder / "held_out.npz", image=numpy.arange(5, dtype="u1"))
    assert ran(project) == {"gcc held_out.o"} | LINK


def test_the_compiler_elsewhere_is_the_same_compiler(project):
    moved = project.folder / "elsewhere"
    shutil.copytree(project.tools, moved)
    assert ran(project, IREE_COMPILE=str(moved / "iree-compile"), IREE_PYTHON=str(moved / "fake-python")) == set()


def test_verbose_shows_more_and_rebuilds_nothing(project):
    assert ran(project, "verbose=1") == set()
    project.write("net.mlir", "module { func.func @f() }\n")
    text = project.scons("verbose=1").text
    assert "--iree-hal-target-device=local" in text and "\ncompile " not in text
    assert ran(project) == set()


def test_without_verbose_a_command_is_one_short_line(tmp_path):
    text = Project(tmp_path).scons("-Q").text
    assert "compile build/iree_net/net_library.o\n" in text and "generate build/iree_net/include/net.h\n" in text
    assert "--iree" not in text and "\033" not in text  # colours are for terminals
    assert "Resolution of CPU" not in text  # nor is what means nothing shown


@pytest.mark.parametrize(
    "name, expected",
    [
        ("iree_net/net.stream.mlirbc", stream("net")),
        ("iree_net/net_library.h", library("net")),
        ("iree_net/net.hal.mlirbc", library("net")),
        ("iree_other/other.names.json", IMPORT),
        ("iree_net/net_weights.bin", {"codegen net"}),
        ("iree_net/net.plan.json", {"codegen net"}),
        ("iree_net/net_kernels.o", {"objcopy net_kernels.o"}),
        ("iree_held_out/held_out.h", set()),
        ("program.map", LINK),
    ],
)
def test_a_deleted_output_is_made_again(project, name, expected):
    before = project.files()
    (project.folder / "build" / name).unlink()
    assert ran(project, "build") == expected
    assert project.files() == before


def test_clean_leaves_nothing(project):
    project.built("-c")
    assert project.files() == {}
    assert ran(project) >= NET | OTHER | IMPORT | MAIN | LINK


def test_the_number_of_jobs_changes_no_byte(tmp_path):
    one, eight = Project(tmp_path / "one"), Project(tmp_path / "eight")
    assert one.built("-j1") == eight.built("-j8")
    assert one.files() == eight.files()
    assert eight.built("-j8") == []


# Boards.

BOARD = 'base = ["cortex-m4f", "mps2"]\ndescription = "a board of the project\'s own"\n'
NET_KERNELS, C = stream("net") | library("net"), {"gcc net.o", "gcc extra.o"}
# All but the link, which reads what it made as an ELF.
TARGETS = ["build/iree_net/net_kernels.o", "build/iree_net/net.o", "build/extra.o"]


@pytest.fixture
def on_own_board(tmp_path):
    project = Project(tmp_path, prefixes=("", "arm-none-eabi-"))
    project.write("boards/mine.py", BOARD)

    def build(more=""):
        project.write("boards/mine.py", BOARD + more)
        return ran(project, "board=mine", "boards_path=boards", *TARGETS)

    build.project = project
    assert build() >= NET_KERNELS | C
    assert build() == set()
    return build


def test_the_core_as_iree_knows_it_concerns_the_models(on_own_board):
    assert on_own_board('cpu_features = "+dsp"\n') == NET_KERNELS


def test_what_gcc_is_told_concerns_the_c_files(on_own_board):
    assert on_own_board('defines = {"MINE": "1"}\n') == C


def test_memory_and_description_concern_no_object(on_own_board):
    assert on_own_board('description = "renamed"\nstack = 1 * KB\n') == set()


def test_another_board_in_the_same_folder_rebuilds_its_objects(on_own_board):
    assert ran(on_own_board.project, "board=host", *TARGETS) >= NET_KERNELS | C
