"""on=probe: a model and an application on what a GDB server serves, QEMU's here, by the commands of a build."""

import json
import os
import re
import shutil
import signal
import sys

import gdb_server
import pytest
import serial_line
from iree_baremetal import board

pytestmark = pytest.mark.skipif(
    not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name"
)
MODEL = "model=samples/digits/digits.onnx"


def test_verify_and_bench(checkout):
    name = "qemu-rv32"
    with gdb_server.qemu(board.load(name)) as address:
        on_part = checkout.scons(f"board={name}", MODEL, "on=probe", f"gdb_server={address}", "verify", "bench")
    assert re.search(rf"4 calls on {name} agree with the host", on_part)
    assert re.search(rf"4 calls on {name} agree with ONNX Runtime", on_part)
    (path,) = (checkout.folder / "build" / name / "own_model").rglob("digits_bench.json")
    record = json.loads(path.read_text())["records"][0]
    checkout.scons(f"board={name}", MODEL, "bench")
    emulated = json.loads(path.read_text())["records"][0]
    assert abs(record["count"] - emulated["count"]) <= 4 and record["cycles"] == emulated["cycles"] > 0
    assert record["unit"] == "instructions" and record["measured"] is None


def test_a_parts_own_firmware_runs_not_its_stand_ins(checkout):
    with gdb_server.qemu(board.load("nrf52840-dk")) as address:
        how = ("board=nrf52840-dk", MODEL, "on=probe", f"gdb_server={address}")
        assert "4 calls on nrf52840-dk agree with the host" in checkout.scons(*how, "verify")
        said = checkout.scons(*how, "bench", code=2)  # QEMU has no DWT
    assert "board nrf52840-dk: its counter of cycles stands still" in said and "Traceback" not in said


TUNED = """
Import("env")
model = env.IreeModel("digits.onnx")
env.IreeTune(model, candidates=[("width4,one-workgroup", "none"), ("width8,one-workgroup", "none")])

def spoil(target, source, env):
    path = next(node.get_abspath() for node in target if node.name == "digits_weights.bin")
    content = bytearray(open(path, "rb").read())
    content[3] ^= 0x40  # of the first float
    open(path, "wb").write(content)

env.AddPostAction("iree_digits/digits_tune/width8-one-workgroup+none/digits_weights.bin", spoil)
"""


def test_tune(checkout):
    """Each candidate is written into the part, verified and counted there; one with wrong weights is left out."""
    checkout.write("samples/on_probe/SConscript", TUNED)
    shutil.copy(checkout.folder / "samples/digits/digits.onnx", checkout.folder / "samples/on_probe/digits.onnx")
    how = ("board=mps2-an386", "sample=on_probe", "tune")
    with gdb_server.qemu(board.load("mps2-an386")) as address:
        said = checkout.scons(*how, "on=probe", f"gdb_server={address}")
    assert "best for speed: flags=width4,one-workgroup rewrites=none" in said
    assert re.search("left out: flags=width8,one-workgroup rewrites=none: .*differs from the host reference", said)
    (path,) = (checkout.folder / "build/mps2-an386/on_probe").rglob("digits_tune.json")
    counts = [json.loads(path.read_text())["found"][0]["count"]]
    checkout.scons(*how)  # in the emulator
    counts.append(json.loads(path.read_text())["found"][0]["count"])
    shutil.rmtree(checkout.folder / "samples/on_probe")
    assert counts[0] > 10_000 and abs(counts[0] - counts[1]) <= 4


@pytest.mark.parametrize(
    "options, said",
    [
        (["board=stm32f4", "on=probe", "gdb_server=3333"], "gdb_server=3333: not host:port"),
        (
            ["board=stm32f4", "on=probe", "gdb_server=localhost:1", "semihosting=yes"],
            "semihosting=yes: not one of memory, file-io",
        ),
        (["board=stm32f4", "on=moon"], "on=moon: not one of emulator, probe"),
        (["board=host", "on=probe"], "on=probe: board host is this machine"),
        (["board=cortex-m4f", "on=probe"], "on=probe: cortex-m4f is a core"),
    ],
)
def test_refusals(checkout, options, said):
    found = checkout.scons(MODEL, *options, "verify", code=2)
    assert said in found and "Traceback" not in found


def test_a_server_of_ours_that_fails(checkout, tmp_path):
    said, meaning = "Error: open failed", "No probe was found"
    fake = tmp_path / "openocd"
    fake.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    fake.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    found = checkout.scons("board=nrf52840-dk", MODEL, "on=probe", "gdb_server=openocd", "verify", code=2, PATH=path)
    assert said in found and meaning in found and "Traceback" not in found


def test_by_a_serial_port(checkout, tmp_path):
    """In place of a flasher, QEMU is started with the firmware at the other end of the line, and the one before it ended."""
    pytest.importorskip("serial")
    with serial_line.line() as (near, far):
        words, running, fake = serial_line.command(board.load("stm32f4"), "ELF", far), tmp_path / "running", tmp_path / "openocd"
        fake.write_text(
            f"""#!{sys.executable}
import os, pathlib, re, signal, subprocess, sys
running = pathlib.Path({str(running)!r})
if running.exists():
    os.kill(int(running.read_text()), signal.SIGKILL)
elf = re.search("program {{(.*)}}", sys.argv[-1])[1]
null = subprocess.DEVNULL
process = subprocess.Popen([word.replace("ELF", elf) for word in {words!r}], stdin=null, stdout=null, stderr=null)
running.write_text(str(process.pid))
"""
        )
        fake.chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        try:
            said = checkout.scons("board=stm32f4", MODEL, f"on=serial:{near}", "verify", PATH=path)
        finally:
            os.kill(int(running.read_text()), signal.SIGKILL)
    assert "4 calls on stm32f4 agree with the host" in said and "4 calls on stm32f4 agree with ONNX Runtime" in said


def test_a_serial_port_and_what_it_lacks(checkout):
    said = checkout.scons("board=sam-v71-xult", MODEL, "on=serial:/dev/ttyACM0", "verify", code=2)
    assert "board sam-v71-xult: its console, console_semihosting.c, cannot receive" in said
