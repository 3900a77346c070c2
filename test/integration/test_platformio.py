"""The extra script in a PlatformIO project, with PlatformIO Core, a platform of the test's and Debian's compiler."""

import os
import shutil
import sys
from pathlib import Path

import platformio_core
import pytest
from iree_baremetal import board
from iree_baremetal.codegen import data
from iree_baremetal.device import emulator
from projects import DIGITS, ROOT, Project

pytestmark = pytest.mark.skipif(not platformio_core.PROGRAM, reason=platformio_core.ABSENT)

# What the tool imports, PlatformIO's Python must have; iree-compile is on the search path.
SITE = str(Path(pytest.__file__).parents[1])
PATH = os.pathsep.join(["/usr/bin", "/bin", str(Path(sys.executable).parent)])


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    return platformio_core.write(tmp_path_factory.mktemp("platformio") / "core")


@pytest.fixture
def project(tmp_path):
    """The firmware of test/projects/exported, with the tool in place of what it exported."""
    project = Project.copy("platformio", tmp_path / "project")
    for name in ("src", "firmware.ld"):
        source, target = ROOT / "test/projects/exported" / name, project.folder / name
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    project.add_tool("iree-baremetal")
    project.add_model("models")
    shutil.copy(DIGITS / "held_out.npz", project.folder / "models")
    header, source = data.c_arrays(DIGITS / "held_out.npz", "held_out")
    (project.folder / "src/held_out.h").write_text(header)
    (project.folder / "src/held_out.c").write_text(source)
    return project


def pio(project, core, *arguments, code=0):
    return platformio_core.run(project.folder, core, *arguments, code=code, path=PATH, PYTHONPATH=SITE)


def test_a_project_gains_a_model(project, core):
    pio(project, core)
    elf = project.folder / ".pio/build/an386/firmware.elf"
    done = emulator.run(board.load("mps2-an386"), elf, timeout=60)
    assert (done.returncode, done.stdout) == (0, "149 right\n")
    assert not (project.folder / ".sconsign.lock").exists()  # which lies with SCons's record, below .pio
    before = elf.stat().st_mtime_ns
    again = pio(project, core)
    assert "Compiling" not in again and "compile" not in again and elf.stat().st_mtime_ns == before

    assert "150 calls on cortex-m4f@mps2-an386 agree with the host" in pio(project, core, "-t", "verify")
    assert "an inference" in pio(project, core, "-t", "bench")
    listed = pio(project, core, "--list-targets")
    assert "Verify the models" in listed and "Measure the models" in listed
    pio(project, core, "-t", "clean")
    assert not (project.folder / ".pio/build/an386").exists()


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("post:", "pre:", "platformio.ini: models come after the platform's own script: extra_scripts = post:"),
        ("custom_iree_model = models/digits.onnx\n", "", r"[env:an386] has no custom_iree_model"),
        ("models/digits.onnx", "models/none.onnx", "[env:an386]: custom_iree_model: no file models/none.onnx."),
        ("custom_iree_board = cortex-m4f\n", "", "[env:an386] has no custom_iree_board"),
        (
            "custom_iree_board",
            "custom_iree_optimise = size\ncustom_iree_board",
            "unknown option 'optimise'. Did you mean optimize?",
        ),
        ("held_out.npz", "held_out.npz\n  models/held_out.npz", "custom_iree_inputs has more files than custom_iree_model"),
    ],
)
def test_what_is_wrong_in_platformio_ini(project, core, old, new, message):
    ini = project.folder / "platformio.ini"
    assert old in ini.read_text()
    ini.write_text(ini.read_text().replace(old, new))
    assert message in pio(project, core, code=1)


def test_a_header_for_libraries_too(project, core):
    """A library of the project's that calls the model."""
    library = project.folder / "lib/reader"
    library.mkdir(parents=True)
    (library / "reader.h").write_text("int read_digit(const float *image, float *scores);\n")
    (library / "reader.c").write_text(
        '#include "reader.h"\n#include "digits.h"\n\nint read_digit(const float *image, float *scores) { return digits_classify(image, scores); }\n'
    )
    main = project.folder / "src/main.c"
    main.write_text(
        main.read_text()
        .replace('#include "say.h"', '#include "say.h"\n#include "reader.h"')
        .replace("digits_classify(", "read_digit(")
    )
    pio(project, core)
    assert (project.folder / ".pio/build/an386/firmware.elf").is_file()
