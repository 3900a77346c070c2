"""What applications have beside a model: handlers, further memory, printf, a bootloader; by scons, in QEMU."""

import re
import subprocess

import pytest
from projects import Project

REGIONS = ("weights_region=ext", "arena_region=FAST", "heap=4K")
LINE = "status 0 best 1 halves 4 pended 1, printed"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.copy("application", tmp_path_factory.mktemp("application") / "project")
    project.add_tool("tool")
    project.add_model()
    script = project.folder / "SConstruct"
    script.write_text(script.read_text().replace("ENV=os.environ", 'ENV=os.environ, toolpath=["tool/site_scons/site_tools"]'))
    return project


@pytest.fixture(scope="module")
def placed(project):
    return project.run("board=roomy", *REGIONS, "run", "verify")


def symbols(project, name="app.elf"):
    done = subprocess.run(["arm-none-eabi-nm", project.folder / name], capture_output=True, text=True, check=True)
    return {line.split()[2]: int(line.split()[0], 16) for line in done.stdout.splitlines() if len(line.split()) == 3}


def test_it_runs(placed):
    assert LINE in placed


def test_weights_and_arena_are_where_they_were_asked_for(project, placed):
    where = symbols(project)
    assert 0x21000000 <= where["digits_weights"] < 0x21100000
    assert 0x21800000 <= where["digits_arena"] < 0x21810000
    assert 0x20000000 <= where["best"] < 0x20400000  # BOARD_RAMFUNC
    assert re.search(r"^weights +- +- +7,488 +-$", placed, re.MULTILINE) and re.search(
        r"^arena +- +- +- +2,112$", placed, re.MULTILINE
    )


def test_the_model_answers_from_there(placed):
    assert "calls on roomy agree with the host" in placed


def test_a_binary_is_of_the_codes_flash_alone(project, placed):
    """QSPI flash lies hundreds of megabytes away; .hex, which has addresses, holds both."""
    project.run("board=roomy", *REGIONS)
    assert (project.folder / "app.bin").stat().st_size < 16 * 1024
    assert ":020000042100D9" in (project.folder / "app.hex").read_text()  # from 0x21000000 on


def test_weights_in_fast_memory_are_copied_there(project):
    printed = project.run("board=roomy", "weights_region=FAST", "heap=4K", "run", "verify")
    assert LINE in printed and "calls on roomy agree with the host" in printed
    assert re.search(r"^weights +7,488 +- +- +7,488$", printed, re.MULTILINE)  # in flash, too


def test_behind_a_bootloader(project):
    """QEMU starts at the bootloader's place; interrupts come to the application's handlers all the same."""
    assert LINE in project.run("board=roomy", "flash_offset=32K", "heap=4K", "run")
    assert symbols(project)["vectors"] == 0x8000


@pytest.mark.parametrize(
    "options, message",
    [
        (("weights_region=QSPI",), "weights_region=QSPI: board roomy has no such memory, but FLASH, RAM, EXT, FAST."),
        (("arena_region=EXT",), "arena_region=EXT: board roomy has it as read-only"),
        (("arena_region=FAST", "deploy=emitc"), "arena_region=: deploy=emitc cannot place it"),
        (("flash_offset=100",), "flash_offset=100: not a multiple of 16"),
        (("flash_offset=0x110",), "vectors must lie at a multiple of 512"),
    ],
)
def test_what_cannot_be(project, options, message):
    done = project.attempt("board=roomy", *options)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
