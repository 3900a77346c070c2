"""scons debug with QEMU and GDB; scons flash, as far as it goes without a board."""

import re
import shlex
import shutil
import socket
import subprocess
import sys

import numpy
import pytest
from projects import DIGITS, checkout

needs_gdb = pytest.mark.skipif(
    not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return checkout(tmp_path_factory.mktemp("device") / "checkout")


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


@needs_gdb
@pytest.mark.parametrize("board", ["stm32f4", "qemu-rv32", "nrf52840-dk"])
def test_gdb_stops_at_main_and_reads_the_inputs(project, board):
    project.run(f"board={board}")
    port = free_port()
    command = [sys.executable, "-m", "SCons", "-Q", f"board={board}", f"port={port}", "debug"]
    server = subprocess.Popen(
        command, cwd=project.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        client = next(line for line in server.stdout if "target remote" in line)
        gdb = shlex.split(client)
        assert gdb[0].endswith(("gdb", "gdb-multiarch"))
        further = ("bt 1", "break digits_classify", "continue", "print *image@64", "kill")
        words = [word for step in further for word in ("-ex", step)]
        done = subprocess.run(
            [gdb[0], "-batch", *gdb[1:], *words], cwd=project.folder, capture_output=True, text=True, timeout=60
        )
    finally:
        server.terminate()
        server.wait()
    assert re.search(r"^#0 +main \(\) at samples/digits/main.c:\d+$", done.stdout, re.M), done.stdout + done.stderr
    assert re.search(r"^Breakpoint 2, (0x\w+ in )?digits_classify ", done.stdout, re.M), done.stdout
    listed = re.search(r"= \{(.*)\}", done.stdout)[1]
    values = []
    for value, times in re.findall(r"([-\d.e+]+)(?: <repeats (\d+) times>)?(?:, |$)", listed):
        values += [float(value)] * int(times or 1)
    assert values == numpy.load(DIGITS / "held_out.npz")["image"][0].ravel().tolist()


def test_a_port_that_is_taken(project):
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.attempt("board=stm32f4", f"port={port}", "debug")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"port {port} is taken" in done.stderr


def test_dry_runs(project):
    printed = project.run("board=stm32f4", "dry_run=1", "debug")
    server, client = printed.splitlines()[-2:]
    assert server.endswith("-S -gdb tcp:localhost:3333") and "'target remote localhost:3333'" in client


def test_dry_run_on_the_part(project):
    """By a server that would be started, and by one that runs."""
    openocd = project.attempt("board=stm32f4", "dry_run=1", "on=probe", "gdb_server=host:1234", "debug")
    assert "'target remote host:1234'" in openocd.stdout and openocd.returncode == 0
    missing = project.attempt("board=stm32f4", "dry_run=1", "on=probe", "gdb_server=probe-rs", "debug", path="/usr/bin:/bin")
    assert missing.returncode == 2 and "no probe-rs on the search path" in missing.stderr


@pytest.mark.parametrize("tool", ["openocd", "pyocd", "st-flash"])
def test_flash(project, tmp_path, tool):
    """The command as it would be, and an error where it fails: here with a stand-in that always does."""
    stand_in = tmp_path / tool
    stand_in.write_text('#!/bin/sh\necho "$0" called; exit 1\n')
    stand_in.chmod(0o755)
    path = f"{tmp_path}:/usr/bin:/bin"
    assert project.run("board=stm32f4", "dry_run=1", f"flasher={tool}", "flash", path=path).splitlines()[-1].startswith(tool)
    done = project.attempt("board=stm32f4", f"flasher={tool}", "flash", path=path)
    assert done.returncode == 2 and "Is the board connected?" in done.stderr and "called" in done.stdout


def test_flash_where_there_is_none(project):
    done = project.attempt("board=qemu-rv32", "flash")
    assert done.returncode == 2 and "board qemu-rv32 names no debug probe" in done.stderr
