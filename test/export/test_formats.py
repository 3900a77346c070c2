"""Each format's folder, from a plan alone: what is in it, and that it is what the kind of build specifies."""

import io
import json
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest
import tools
from iree_baremetal import board, export
from iree_baremetal.board import cores
from iree_baremetal.codegen import header, signature
from iree_baremetal.errors import BaremetalError
from iree_baremetal.export import cost
from iree_baremetal.export.library import Library
from iree_baremetal.plan.model import Function, Plan, Tensor

CLASSIFY = Function(
    "classify",
    [Tensor("image", "f32", (1, 8, 8)), Tensor("limit", "i64", None)],
    [Tensor("scores", "f32", (10,))],
    [],
    [],
    arena_size=1920,
)
SETUP = Function("setup", [], [], [], [])
COSTS = {
    "digits_classify": {"macs": 21664, "count": 76512, "cycles": 0, "stack": 224},
    "digits_setup": {"macs": 0, "count": 0, "cycles": 0, "stack": 0},
}


def library_of(folder, name="mps2-an386"):
    plan = Plan("digits", [CLASSIFY, SETUP], [], bytes(7488), [])
    signature.write(folder / "digits.plan.json", plan)
    (folder / "digits.h").write_text(header.text(plan, "made by a test", header.memory_note(plan)))
    for file in ("digits.c", "iree_direct.h", "libdigits.a"):
        (folder / file).write_text(f"{file}\n")
    cost.write(folder / "cost.json", {"kernels": (3032, 0), "arena": (0, 1920)}, COSTS, "mps2-an386, in QEMU")
    interface = next(tools.SUPPORT.rglob("iree_model.h"))
    return Library(
        name="digits",
        version="1.2.3",
        board=board.load(name),
        headers=(folder / "digits.h", interface),
        sources=(folder / "digits.c",),
        private=(folder / "iree_direct.h",),
        archive=folder / "libdigits.a",
        plan=folder / "digits.plan.json",
        cost=folder / "cost.json",
    )


def written(tmp_path, name, on="mps2-an386"):
    """The folder that a format makes."""
    (tmp_path / "in").mkdir()
    made = library_of(tmp_path / "in", on)
    paths = export.write(name, made, tmp_path / "out")
    assert all(path.is_file() for path in paths)
    return tmp_path / "out" / "digits"


@pytest.mark.parametrize("name", [name for name in export.FORMATS if name != "esp-idf"])
def test_every_folder_is_whole(tmp_path, name):
    folder = written(tmp_path, name)
    files = {path.name for path in folder.rglob("*")}
    assert {"README.md", "LICENSE", "digits.h", "iree_model.h", "digits.c", "iree_direct.h", "libdigits.a"} <= files
    assert "Apache License" in (folder / "LICENSE").read_text() and "LLVM Exceptions" in (folder / "LICENSE").read_text()
    readme = (folder / "README.md").read_text()
    for said in (
        "# digits 1.2.3",
        f"a library for {export.of(name).TITLE}.",
        "`-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard`",
        "int digits_classify(const float image[64], int64_t limit, float scores[10]);",
        "in `image`: 1x8x8 f32, 256 bytes",
        "| kernels | 3,032 |  |",
        "| arena |  | 1,920 |",
        "| `digits_classify` | 21,664 | 76,512 | 224 |",
        "| a call of | multiply-accumulates | instructions | stack, bytes |",
        "| `digits_setup` | 0 |  |  |",
        "Apache-2.0 WITH LLVM-exception",
    ):
        assert said in readme


def test_the_license_is_the_projects():
    root = board.SUPPORT.parents[3] / "LICENSE"
    assert (board.SUPPORT / "LICENSE.txt").read_text() == root.read_text()


@pytest.mark.parametrize("name", export.FORMATS)
def test_paths_are_known_before_anything_is_built(tmp_path, name):
    made = library_of(tmp_path, "qemu-rv32" if name == "esp-idf" else "mps2-an386")
    paths = set(export.contents(name, made))
    for file in tmp_path.iterdir():
        file.unlink()
    assert set(export.contents(name, made)) == paths


@pytest.mark.parametrize("name", export.FORMATS)
def test_bytes_depend_on_the_model_alone(tmp_path, name):
    (tmp_path / "in").mkdir()
    made = library_of(tmp_path / "in", "qemu-rv32" if name == "esp-idf" else "mps2-an386")
    first = {p.relative_to(tmp_path / "a"): p.read_bytes() for p in export.write(name, made, tmp_path / "a")}
    again = {p.relative_to(tmp_path / "b"): p.read_bytes() for p in export.write(name, made, tmp_path / "b")}
    assert first == again
    assert not any(str(tmp_path).encode() in content for content in first.values())


def test_archives_hold_the_folder_in_order_and_without_times(tmp_path):
    folder = written(tmp_path, "arduino")
    with zipfile.ZipFile(tmp_path / "out" / "digits-1.2.3.zip") as archive:
        names = archive.namelist()
        assert names == sorted(names) and all(name.startswith("digits/") for name in names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in names:
            assert archive.read(name) == (folder.parent / name).read_bytes()


@tools.needs("make")
def test_make_names_its_own_folder(tmp_path):
    folder = written(tmp_path, "make")
    (tmp_path / "Makefile").write_text(
        "include out/digits/digits.mk\nall:\n\t@echo '$(DIGITS_SOURCES)|$(DIGITS_CPPFLAGS)|$(DIGITS_LIBS)'\n"
    )
    assert tools.run("make", "-s", cwd=tmp_path) == "out/digits/src/digits.c|-Iout/digits/include|-Lout/digits/lib -ldigits -lm\n"
    assert (folder / "src/digits.c").is_file()


def test_arduino_looks_for_the_archive_by_the_core(tmp_path):
    folder = written(tmp_path, "arduino")
    assert (folder / "src/cortex-m4/fpv4-sp-d16-hard/libdigits.a").is_file()
    lines = (folder / "library.properties").read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines)
    # What the specification requires, and what it says of the values.
    assert {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url"} <= set(found)
    assert found["precompiled"] == "true" and found["ldflags"] == "-ldigits -lm" and found["category"] == "Data Processing"
    assert {path.name for path in (folder / "src").glob("*.*")} == {"digits.h", "iree_model.h"}  # what a sketch may include
    assert list((folder / "examples").glob("*/*.ino"))[0].stem == list((folder / "examples").iterdir())[0].name


def test_arduino_without_fpu(tmp_path):
    assert (written(tmp_path, "arduino", "mps2-an385") / "src/cortex-m3/libdigits.a").is_file()


def test_platformio_manifest(tmp_path):
    found = json.loads((written(tmp_path, "platformio") / "library.json").read_text())
    assert found["name"] == "digits" and found["version"] == "1.2.3" and found["headers"] == "digits.h"
    assert found["build"]["flags"] == ["-Llib", "-ldigits", "-lm"]
    assert found["license"] == "Apache-2.0 WITH LLVM-exception"


def test_zephyr_module(tmp_path):
    folder = written(tmp_path, "zephyr")
    module = (folder / "zephyr/module.yml").read_text()
    assert module == "name: digits\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n"
    assert "depends on CPU_CORTEX_M4 && FP_HARDABI" in (folder / "zephyr/Kconfig").read_text()
    lists = (folder / "zephyr/CMakeLists.txt").read_text()
    assert "if(CONFIG_IREE_DIGITS)" in lists and "zephyr_library_import(iree_digits_kernels" in lists


def test_esp_idf_component(tmp_path):
    folder = written(tmp_path, "esp-idf", "qemu-rv32")
    manifest = (folder / "idf_component.yml").read_text()
    assert 'version: "1.2.3"' in manifest and "  - esp32p4\n" in manifest
    assert "idf_component_register(SRCS" in (folder / "CMakeLists.txt").read_text()


def test_esp_idf_has_no_chip_with_vectors():
    assert export.refusal("esp-idf", board.load("qemu-rv32-vector"))
    assert export.refusal("esp-idf", board.load("qemu-rv64"))
    assert not export.refusal("esp-idf", board.load("qemu-rv32-nofpu"))


def test_pack_description(tmp_path):
    folder = written(tmp_path, "cmsis-pack")
    with zipfile.ZipFile(tmp_path / "out" / "iree-baremetal.digits.1.2.3.pack") as archive:
        pack = ElementTree.parse(io.BytesIO(archive.read("iree-baremetal.digits.pdsc"))).getroot()
        listed = [file.get("name") for file in pack.iter("file")]
        assert set(listed) <= set(archive.namelist())  # at the pack's root
    assert pack.findtext("vendor") == "iree-baremetal" and pack.find("releases/release").get("version") == "1.2.3"
    assert pack.find("conditions/condition/require").attrib == {"Dcore": "Cortex-M4", "Dfpu": "SP_FPU"}
    assert (folder / pack.findtext("license")).is_file()


@pytest.mark.parametrize("core", cores.ARM)
def test_every_arm_core_has_its_name_everywhere(core):
    for name in ("zephyr", "cmsis-pack"):
        assert core in export.of(name)._CORES


def test_what_is_chosen():
    arm, rv32, host = (board.load(name) for name in ("mps2-an386", "qemu-rv32", "host"))
    assert export.chosen("make, cmake,make", arm) == ["make", "cmake"]
    assert set(export.FORMATS) - set(export.chosen("all", arm)) == {"esp-idf"}
    assert set(export.chosen("all", rv32)) == {"make", "cmake", "platformio", "zephyr", "esp-idf"}
    assert set(export.chosen("all", host)) == {"make", "cmake", "platformio"}


@pytest.mark.parametrize(
    "text, message",
    [
        ("cmak", "format=cmak: not one of arduino, cmake"),
        ("", "format=: not one of"),
        ("esp-idf", "format=esp-idf, board mps2-an386: ESP-IDF's chips are rv32imc, rv32imac"),
    ],
)
def test_what_is_refused(text, message):
    with pytest.raises(BaremetalError, match=message):
        export.chosen(text, board.load("mps2-an386"))


@pytest.mark.parametrize("version", ["1", "1.0", "01.0.0", "1.0.0-rc1", "v1.0.0", ""])
def test_versions_that_not_every_format_takes(version):
    with pytest.raises(BaremetalError, match="not three numbers with dots, as in 1.0.0"):
        export.check_version(version)
    export.check_version("10.0.3")


@pytest.mark.parametrize("language, compiler", [("c", "gcc"), ("c++", "g++")])
def test_the_example_is_free_of_warnings(tmp_path, language, compiler):
    folder = written(tmp_path, "make")
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only", "-I", folder / "include"]
    standard = "-std=c11" if language == "c" else "-std=c++17"
    tools.run(compiler, "-x", language, standard, *flags, folder / "examples/main.c")


def test_the_sketch_is_cpp(tmp_path):
    folder = written(tmp_path, "arduino")
    stand_in = "struct { void begin(long); void println(const char *); } Serial;\nvoid delay(unsigned long);\n"
    sketch = tmp_path / "sketch.cpp"
    sketch.write_text(stand_in + next(folder.glob("examples/*/*.ino")).read_text())
    tools.run("g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", folder / "src", sketch)
