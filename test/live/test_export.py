"""scons export: folders that other builds take in, without this tool; made, built and run."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import platformio_core
import pytest
import tools
from iree_baremetal import board
from iree_baremetal.codegen import data
from iree_baremetal.device import emulator

ROOT = Path(__file__).resolve().parents[2]
BOARD = "mps2-an386"
# The system's own programs: nothing of the environment that the tests run in.
PATH = "/usr/bin:/bin"


def exported(checkout, name, on=BOARD):
    """The folder of digits in the format."""
    checkout.once(f"board={on}", "export", "format=all")
    return checkout.folder / f"build/{on}/digits/export/{name}/digits"


@pytest.fixture
def project(tmp_path):
    """A firmware of somebody who has not got the tool, yet without the model."""
    folder = tmp_path / "firmware"
    shutil.copytree(ROOT / "test/projects/exported", folder)
    header, source = data.c_arrays(ROOT / "samples/digits/held_out.npz", "held_out")
    (folder / "src/held_out.h").write_text(header)
    (folder / "src/held_out.c").write_text(source)
    return folder


def build(folder, *command):
    environment = {"PATH": PATH, "HOME": str(folder)}
    assert not shutil.which("iree-compile", path=PATH)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def answers(elf, on=BOARD):
    done = emulator.run(board.load(on), elf, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@tools.needs("make")
def test_make(checkout, project):
    shutil.copytree(exported(checkout, "make"), project / "digits")
    build(project, "make")
    assert answers(project / "firmware.elf") == "149 right"


@tools.needs("make")
def test_a_core_without_fpu(checkout, project):
    """Its kernels call functions that older C libraries lack: they come with the archive."""
    shutil.copytree(exported(checkout, "make", "mps2-an385"), project / "digits")
    build(project, "make", "MACHINE=-mcpu=cortex-m3 -mthumb")
    assert answers(project / "firmware.elf", "mps2-an385") == "149 right"


TWO = """
func.func @scale(%data: tensor<4xf32>, %factor: f32) -> tensor<4xf32> {
  %empty = tensor.empty() : tensor<4xf32>
  %spread = linalg.fill ins(%factor : f32) outs(%empty : tensor<4xf32>) -> tensor<4xf32>
  %result = arith.mulf %data, %spread : tensor<4xf32>
  return %result : tensor<4xf32>
}
util.global private mutable @count = dense<0> : tensor<1xi32>
func.func @step() -> tensor<1xi32> {
  %one = arith.constant dense<1> : tensor<1xi32>
  %old = util.global.load @count : tensor<1xi32>
  %new = arith.addi %old, %one : tensor<1xi32>
  util.global.store %new, @count : tensor<1xi32>
  return %new : tensor<1xi32>
}
"""


@tools.needs("make")
def test_the_example_runs_as_it_is(checkout, tmp_path):
    """Of a model with two functions, a scalar and a state, for this machine."""
    model = checkout.write("two.mlir", TWO)
    checkout.scons("board=host", f"model={model}", "export", "format=make")
    folder = checkout.folder / "build/host/own_model/export/make/two"
    (tmp_path / "Makefile").write_text(
        f"include {folder}/two.mk\nCFLAGS := -std=c11 -Wall -Wextra -Wpedantic -Werror\n"
        "main: $(TWO_DIR)/examples/main.c $(TWO_SOURCES)\n\t$(CC) $(TWO_CPPFLAGS) $(CFLAGS) -o $@ $^ $(TWO_LIBS)\n"
    )
    build(tmp_path, "make")
    build(tmp_path, "./main")
    readme = (folder / "README.md").read_text()
    assert "int two_scale(const float input0[4], float input1, float output0[4]);" in readme and "| state |" in readme


@tools.needs("cmake")
def test_cmake(checkout, project):
    shutil.copytree(exported(checkout, "cmake"), project / "digits")
    build(project, "cmake", "-B", "out", "-DCMAKE_TOOLCHAIN_FILE=arm.cmake")
    build(project, "cmake", "--build", "out")
    assert answers(project / "out/firmware.elf") == "149 right"


@pytest.mark.skipif(not platformio_core.PROGRAM, reason=platformio_core.ABSENT)
def test_platformio(checkout, project, tmp_path):
    shutil.copytree(exported(checkout, "platformio"), project / "lib/digits")
    core = platformio_core.write(tmp_path / "core")
    assert "|-- digits @ 1.0.0" in platformio_core.run(project, core)
    assert answers(project / ".pio/build/an386/firmware.elf") == "149 right"


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_checkout_gives_the_same_bytes(checkout, another_checkout):
    first = files(exported(checkout, "make").parents[1])
    assert len(first) > 60
    assert files(exported(another_checkout, "make").parents[1]) == first
    assert not [path for path, content in first.items() if str(checkout.folder).encode() in content]


def test_a_second_call_has_nothing_to_do(checkout):
    exported(checkout, "make")
    assert "export' is up to date" in checkout.scons(f"board={BOARD}", "export", "format=all")
    assert "export' is up to date" in checkout.scons(f"board={BOARD}", "export", "format=cmake")


def test_the_cost_is_that_of_bench(checkout):
    readme = (exported(checkout, "make") / "README.md").read_text()
    checkout.once(f"board={BOARD}", "bench")
    (found,) = (checkout.folder / f"build/{BOARD}").rglob("digits_bench.json")
    (record,) = json.loads(found.read_text())["records"]
    row = re.search(r"`digits_classify` \| ([\d,]+) \| ([\d,]+) \| (?:([\d,]+) \| )?(\d+) \|", readme)
    macs, count, cycles, stack = (int(text.replace(",", "")) if text else None for text in row.groups())
    assert (macs, count, cycles) == (record["macs"], record["count"], record["cycles"])
    assert 0 < stack <= record["stack_peak"]
    assert f"Measured on {BOARD}, in QEMU" in readme


def test_without_an_emulator_nothing_is_measured(checkout):
    path = os.pathsep.join(str(p) for p in (checkout.folder / "bin",))
    (checkout.folder / "bin").mkdir(exist_ok=True)
    for name in (
        "arm-none-eabi-gcc",
        "arm-none-eabi-ar",
        "arm-none-eabi-ranlib",
        "arm-none-eabi-objcopy",
        "arm-none-eabi-size",
        "sh",
        "nm",
    ):
        link = checkout.folder / "bin" / name
        link.unlink(missing_ok=True)
        link.symlink_to(shutil.which(name))
    checkout.scons("board=mps2-an386-nofpu", "export", "format=make", f"iree_compile={shutil.which('iree-compile')}", PATH=path)
    readme = (checkout.folder / "build/mps2-an386-nofpu/digits/export/make/digits/README.md").read_text()
    assert "| `digits_classify` | 21,664 |\n" in readme and "were not measured" in readme


def test_what_cannot_be_exported(checkout):
    assert "format=cmak: not one of arduino, cmake" in checkout.scons(f"board={BOARD}", "export", "format=cmak", code=2)
    assert "ESP-IDF's chips are rv32imc" in checkout.scons(f"board={BOARD}", "export", "format=esp-idf", code=2)


def test_nothing_is_left(another_checkout):
    folder = exported(another_checkout, "make").parents[1]
    another_checkout.scons(f"board={BOARD}", "export", "format=all", "-c")
    assert not files(folder)
    another_checkout.done.clear()
