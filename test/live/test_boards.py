"""Boards of every kind with the real tools: verified, counted, added from outside, with a vendor's support."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy
import pytest
from iree.runtime import Config, SystemContext, VmModule
from iree_baremetal import board, toolchain
from long_tests import LONG

# One for each machine, core and way of running that test_digits.py leaves out.
BOARDS = ["microbit", "mps2-an386-nofpu", "mps2-an500", "qemu-rv64", "nrf5340-dk"]
BOARDS += [pytest.param(name, marks=LONG) for name in ("mps2-an505", "springbok")]  # nearly those of others
BSP = Path(__file__).parents[1] / "bsp"


def instructions(checkout, name):
    return int(re.search(r"(\d+) instructions an inference", checkout.once(f"board={name}", "run", "verify"))[1])


def disassembly(checkout, name):
    objdump = toolchain.find(board.load(name)).objcopy.replace("objcopy", "objdump")
    kernels = checkout.folder / f"build/{name}/digits/iree_digits/digits_kernels.o"
    return subprocess.run([objdump, "-d", kernels], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", BOARDS)
def test_digits_is_verified(checkout, name):
    text = checkout.once(f"board={name}", "run", "verify")
    assert re.search(rf"digits_harness\S*: 150 calls on {name}\S* agree with the host, 1,500 values", text)
    assert "149 of 150 right" in text


@pytest.mark.parametrize(
    "vector, scalar, pattern, gain",
    [
        ("mps3-an547", "mps3-an547-nomve", r"\tv\S+\t.*\bq[0-7]\b", 1.1),
        ("qemu-rv32-vector", "qemu-rv32", r"\tv(setvl|setivl|fm|le|se)\S*\t", 1.3),
    ],
)
def test_vectors_are_used_and_counted(checkout, vector, scalar, pattern, gain):
    assert instructions(checkout, vector) * gain < instructions(checkout, scalar)
    assert len(re.findall(pattern, disassembly(checkout, vector))) > 20
    assert not re.findall(pattern, disassembly(checkout, scalar))


def test_the_part_has_its_own_map_and_the_stand_in_its_sizes(checkout):
    text = checkout.once("board=nrf5340-dk", "run", "verify")
    assert re.search(r"digits.elf on nrf5340-dk@mps2-an505 +FLASH +RAM", text)
    assert re.search(r"size +1,048,576 +524,288", text)
    text = checkout.scons("board=nrf5340-dk", "size")
    assert re.search(r"digits.elf on nrf5340-dk +FLASH +RAM", text) and re.search(r"size +1,048,576 +524,288", text)


def test_a_board_outside_the_tree_takes_one_file(checkout, tmp_path):
    text = checkout.scons(f"boards_path={tmp_path}", "new-board", "name=mine", "from=nucleo-l476rg")
    assert f"{tmp_path}/mine.py: fill it in" in text
    path = tmp_path / "mine.py"
    path.write_text(path.read_text().replace("96 * KB", "48 * KB"))
    assert "mine" in checkout.scons(f"boards_path={tmp_path}", "boards")
    text = checkout.scons(f"boards_path={tmp_path}", "board=mine", "run", "verify")
    assert "agree with the host" in text and re.search(r"size +1,048,576 +49,152 +32,768", text)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.py"]
    text = checkout.scons(f"boards_path={tmp_path}", "new-board", "name=mine", code=2)
    assert "mine.py exists already" in text


def test_a_projects_own_boards(checkout, tmp_path):
    (tmp_path / "SConstruct").write_text(
        "import os\nvariables = Variables(None, ARGUMENTS)\n"
        f'env = Environment(tools=[("iree_baremetal", {{"variables": variables}})], ENV=os.environ,'
        f' toolpath=["{checkout.folder}/site_scons/site_tools"])\n'
    )
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "ours.py").write_text('base = "stm32f4"\ndescription = "ours"\n')
    project = type(checkout).__new__(type(checkout))
    project.folder = tmp_path
    assert "ours" in project.scons("boards") and "board ours: ours" in project.scons("board=ours", "info")
    (tmp_path / "boards" / "ours.py").write_text('base = "stm32f4"\nstack = "8K"\n')
    assert "ours.py: stack is not a number of bytes or an address: '8K'." in project.scons("board=ours", "info", code=2)


def test_upstreams_targets_give_a_vmfb_and_no_firmware(checkout):
    checkout.scons("board=arm_64")
    assert b"ELF" in (checkout.folder / "build/arm_64/digits/digits.vmfb").read_bytes()
    assert "verify: board arm_64 is for .vmfb files only" in checkout.scons("board=arm_64", "verify", code=2)
    checkout.scons("board=x86_64")
    context = SystemContext(config=Config("local-sync"))
    context.add_vm_module(VmModule.mmap(context.instance, str(checkout.folder / "build/x86_64/digits/digits.vmfb")))
    held_out = numpy.load(checkout.folder / "samples/digits/held_out.npz")
    scores = context.modules.module["classify"](held_out["image"][0].astype("float32")).to_host()
    assert scores.argmax() == held_out["label"][0]


@pytest.mark.parametrize("kind", ["cmsis", "libopencm3"])
def test_a_vendors_support(another_checkout, tmp_path, kind):
    root = shutil.copytree(BSP / kind, tmp_path / kind)
    if kind == "libopencm3":
        tools, flags = toolchain.find(board.load("stm32f4")), toolchain.compile_flags(board.load("stm32f4"))
        command = [tools.cc, *flags, "-DSTM32F4", "-Iinclude", "-c", "lib/cm3/vector.c", "-o", "vector.o"]
        subprocess.run(command, cwd=root, check=True)
        subprocess.run([tools.ar, "rcs", "lib/libopencm3_stm32f4.a", "vector.o"], cwd=root, check=True)
    text = another_checkout.scons("board=stm32f4", f"bsp={root}", "run", "verify")
    assert "149 of 150 right" in text and "150 calls on stm32f4 agree with the host" in text
    assert re.search(r"in [Rr]eset_[Hh]andler > __wrap_main > main > digits_classify", text)


def test_where_a_model_fits(checkout):
    """As built for one of Arm's boards: another of Arm's says yes, of RISC-V it is not known."""
    said = checkout.scons("board=stm32f4", "model=samples/digits/digits.onnx", "boards", "boards=nano")
    rows = {line.split()[0]: line.split()[-1] for line in said.splitlines() if line.strip()}
    assert (rows["board"], rows["arduino-nano-33-ble"], rows["longan-nano"]) == ("fits", "yes", "?")
    assert re.search(
        r"^fits: digits_harness.elf, as built for board stm32f4, takes [\d,]+ bytes of FLASH, [\d,]+ bytes of RAM", said, re.M
    )
    assert "Whether the model fits is said with board=X" in checkout.scons(
        "model=samples/digits/digits.onnx", "boards", "boards=nano"
    )
