"""What is made of a model lies in a folder of its own, out of the way of the user's files."""

import pytest
from fake_project import Project

GLOB = """
Import("env")
%s
env.Program("application", [Glob("*.c"), model])
"""


def scons(folder, sconscript, *arguments):
    project = Project(folder, sconscript)
    return project, project.scons(*arguments)


def test_a_glob_after_the_model_finds_the_users_files_only(tmp_path):
    project, first = scons(tmp_path, GLOB % 'model = env.IreeModel("net.mlir")')
    assert first.code == 0, first.text
    compiled = [note for note in first.ran if note.startswith("gcc") and note.endswith(".o")]
    assert compiled == ["gcc extra.o", "gcc main.o", "gcc net.o", "gcc net_weights.o"]
    assert project.built() == []  # when what was generated is there


def test_without_a_variant_dir_nothing_of_ours_is_among_the_users_files(tmp_path):
    project, _ = scons(tmp_path, "")
    sconstruct = project.folder / "SConstruct"
    sconstruct.write_text(sconstruct.read_text().replace(', variant_dir="build", duplicate=False', ""))
    project.write("SConscript", GLOB % 'model = env.IreeModel("net.mlir")')
    before = {path.name for path in project.folder.iterdir()}
    project.built()
    new = {path.name for path in project.folder.iterdir()} - before
    assert new == {"iree_net", "main.o", "extra.o", "application"}
    project.built("-c")
    assert {path.name for path in project.folder.iterdir()} == before


def test_a_folder_of_the_users_choice(tmp_path):
    models = 'model = env.IreeModel("net.mlir", folder="#out/net")\nother = env.IreeModel("other.onnx", folder="#out/net")\nmodel += other'
    project, first = scons(tmp_path, GLOB % models)
    assert first.code == 0, first.text
    mine = project.write("out/net/mine.txt", "mine")
    assert (project.folder / "out/net/include/net.h").exists() and (project.folder / "out/net/include/other.h").exists()
    project.built("-c", "-n")
    assert (project.folder / "out/net/include/net.h").exists()
    project.built("-c")
    assert list((project.folder / "out").rglob("*")) == [mine.parent, mine]  # nor is an empty folder left


ASKED = """
Import("env")
model = env.IreeModel("net.mlir"%s)
for method in (env.IreeVerify, env.IreeBench, env.IreeAnswers, env.IreeExport):
    method(model)
env.IreeCompileCommands()
env.Program("application", ["main.c", model])
"""


@pytest.mark.parametrize("folder", ["", ', folder="#out"'], ids=["in its own folder", "in one of the user's choice"])
def test_only_who_asks_gets_what_verify_bench_and_export_need(tmp_path, folder):
    """SCons builds all there is below the top folder where no Default() says otherwise."""
    project = Project(tmp_path, ASKED % folder)
    before = set(tmp_path.rglob("*"))
    needless = ("harness", "reference", "_host.vmfb", "macs", "support", "_all.a", "_cost", "commands")
    for targets in ([], ["."], ["build"]):
        told = project.scons("-n", "-Q", *targets)
        assert told.code == 0 and not [word for word in needless if word in told.text], told.text
    assert "harness" in project.scons("-n", "verify").text and "_cost" in project.scons("-n", "export").text
    project.built()
    for name in ("net_harness/some.npz", "net_export/libnet.a"):
        project.write(("out/" if folder else "build/iree_net/") + name, "as if it were built")
    project.built("-c")
    left = {str(path.relative_to(tmp_path)) for path in set(tmp_path.rglob("*")) - before if ".sconsign" not in path.name}
    assert left <= {"build", "ran.log"}


def test_what_builders_that_take_no_objects_want(tmp_path):
    asks = """
model = env.IreeModel("net.mlir")
print("include:", *[node.get_internal_path() for node in model.include])
print("library:", model.library.get_internal_path(), model.library is model.library)
env.Program("application", ["main.c"], LIBS=[model.library])
"""
    project, first = scons(tmp_path, f'Import("env")\n{asks}')
    assert first.code == 0, first.text
    assert "include: build/iree_net/include " in first.text and "library: build/iree_net/libnet.a True" in first.text
    assert {"ar libnet.a", "gcc net.o", "objcopy net_kernels.o"} <= set(first.ran)


def test_no_library_where_nobody_asks(tmp_path):
    _, first = scons(tmp_path, GLOB % 'model = env.IreeModel("net.mlir")', "build")
    assert first.code == 0 and not [note for note in first.ran if note.startswith("ar ")]


def test_the_header_of_data_is_found(tmp_path):
    script = 'Import("env")\ndata = env.IreeData("held_out.npz")\nenv.Program("application", ["main.c", data[0]])\n'
    project = Project(tmp_path, script)
    project.write("main.c", '#include "held_out.h"\nint main(void) { return 0; }\n')
    assert project.scons("-n", "--tree=all").text.count("build/iree_held_out/held_out.h") >= 2  # as a target, and of main.o


@pytest.mark.parametrize(
    "name, owner", [("string", "the C library"), ("board", "this tool"), ("iree_model", "this tool"), ("Math", "the C library")]
)
def test_a_header_that_would_hide_another(tmp_path, name, owner):
    _, result = scons(tmp_path, f'Import("env")\nenv.IreeModel("net.mlir", name="{name}")\n')
    assert result.code == 2 and "Traceback" not in result.text
    assert f"its header {name}.h would hide that of {owner}" in result.text and f"name='{name}_model'" in result.text


def test_names_for_any_file(tmp_path):
    asked = 'print(*[env.IreeModelName(path) for path in ("a/string.onnx", "1-2.onnx", "größe.mlir")])'
    assert "string_model m1_2 gr__e\n" in scons(tmp_path, f'Import("env")\n{asked}\n', "-Q")[1].text


def test_a_clone_with_flags_of_its_own_is_no_other_environment_to_scons(tmp_path):
    """The board's support code is of both; it is compiled once, without warnings."""
    text = (
        'Import("env")\nown = env.Clone(IREE_FLAGS="none")\n'
        'env.Default(env.IreeFirmware("one", ["main.c", env.IreeModel("net.mlir")]))\n'
        'env.Default(own.IreeFirmware("two", ["extra.c", own.IreeModel("other.onnx")]))\n'
    )
    project, first = scons(tmp_path, text)
    assert first.code == 0 and "warning" not in first.text, first.text
    assert first.ran.count("gcc host.o") == 1 and project.built() == []
