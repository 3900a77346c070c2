"""GDB servers that we start and end: a program of each one's name that says what the real one says, with QEMU behind it."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from firmware import build
from iree_baremetal import board
from iree_baremetal.device import emulator, gdb_servers, probe, started_server
from iree_baremetal.errors import BaremetalError

needs_gdb = pytest.mark.skipif(
    not shutil.which("gdb-multiarch"), reason="needs gdb-multiarch, of the Debian package of that name"
)
PART = replace(board.load("mps2-an386"), probe="chip", jlink="CHIP", openocd=("board/x.cfg", "target/y.cfg"))
# What each prints when GDB may come.
READY = {
    "openocd": "Info : Listening on port 3333 for gdb connections",
    "pyocd": "0001234 I GDB server listening on port 3333 (core 0) [gdbserver]",
    "probe-rs": "Firing up GDB stub at 127.0.0.1:1337",
    "jlink": "Waiting for GDB connection...",
}
# server, what it says before it ends, what that means.
FAILURES = [
    ("openocd", "Error: open failed", "No probe was found"),
    ("openocd", "Error: unable to find a matching CMSIS-DAP device", "No probe was found"),
    ("openocd", "Error: libusb_open() failed with LIBUSB_ERROR_ACCESS", "may not be opened"),
    ("openocd", "Error: libusb_claim_interface() failed with LIBUSB_ERROR_BUSY", "The probe is in use"),
    ("openocd", "Warn : UNEXPECTED idcode: 0x2ba01477\nError: expected 1 of 1: 0x1ba01477", "another than the board's"),
    ("openocd", "Error: stm32x device protected", "locked or protected"),
    ("openocd", "Error: init mode failed (unable to connect to the target)", "does not answer: power it"),
    ("openocd", "Error: timed out while waiting for target halted", "low power"),
    ("pyocd", "No connected debug probes", "No probe was found"),
    ("pyocd", "C Target type chip not recognized. Use 'pyocd list --targets'", "pyocd pack install"),
    ("pyocd", "[Errno 16] Resource busy", "in use"),
    ("pyocd", "E APPROTECT enabled: not automatically unlocking", "locked or protected"),
    ("pyocd", "SWD/JTAG communication failure (No ACK)", "does not answer"),
    ("probe-rs", "Error: No connected probes were found.", "No probe was found"),
    ("probe-rs", "Error: The chip was not found: chip not found", "lacks the chip"),
    ("jlink", "Connecting to J-Link failed. Connected correctly?", "No probe was found"),
    ("jlink", "Target voltage: 0.00 V\nERROR: Could not connect to target.", "power it"),
]


@pytest.fixture
def fake(tmp_path):
    """Makes a program of a server's name; the search path with it in front."""

    def fake(name, text):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / gdb_servers.ALL[name].PROGRAM
        program.write_text(f"#!{sys.executable}\nimport os, re, sys, time\n{text}\n")
        program.chmod(0o755)
        return f"{folder}:/usr/bin:/bin"

    return fake


def serving(name, note):
    """A server: QEMU at the port that the command line names; its process is written into note."""
    qemu = emulator.command(PART, os.devnull)
    qemu = qemu[: qemu.index("-kernel")]
    at = qemu.index("-semihosting-config")
    del qemu[at : at + 2]
    return f"""
open({str(note)!r}, "w").write(str(os.getpid()) + " " + " ".join(sys.argv[1:]))
port = re.search(r"(?:gdb_port |-port |--port |127.0.0.1:)(\\d+)", " ".join(sys.argv))[1]
print({READY[name]!r}, flush=True)
os.execv({qemu[0]!r}, {qemu!r} + ["-S", "-gdb", "tcp:localhost:" + port])
"""


def is_running(process):
    return Path(f"/proc/{process}/cmdline").exists() and Path(f"/proc/{process}/cmdline").read_bytes() != b""


@needs_gdb
@pytest.mark.parametrize("name", gdb_servers.ALL)
def test_a_run_and_nothing_left(fake, tmp_path, name):
    path, note = fake(name, serving(name, tmp_path / "note")), tmp_path / "note"
    (tmp_path / "program.c").write_text('#include "board.h"\nint main(void) { board_print("here\\n"); return 5; }')
    elf = build(PART, tmp_path / "program.c", tmp_path).elf
    assert started_server.choose(PART, path=path) == name
    with started_server.started(PART, name, "S-123", path) as server:
        done = probe.run(PART, elf, (), 30, tmp_path, server=server)
    process, *words = note.read_text().split(" ")
    assert (done.returncode, done.stdout) == (5, "here\n") and not is_running(process)
    assert any("S-123" in word for word in words) and any(word in ("chip", "CHIP", "board/x.cfg") for word in words)


@pytest.mark.parametrize("name, said, meaning", FAILURES)
def test_what_a_server_says_is_explained(fake, name, said, meaning):
    path = fake(name, f"print({said!r}, file=sys.stderr)\nsys.exit(1)")
    with pytest.raises(BaremetalError) as caught, started_server.started(PART, name, path=path):
        pass
    message = str(caught.value)
    assert message.startswith(f"board mps2-an386: {name} ended with exit code 1.")
    assert all(line in message for line in said.splitlines()) and meaning in message.splitlines()[-1]


def test_one_that_never_listens_is_ended(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(started_server, "_READY", 1)
    path = fake(
        "openocd",
        f"open({str(tmp_path / 'note')!r}, 'w').write(str(os.getpid()))\nprint('Info : waiting', flush=True)\ntime.sleep(60)",
    )
    with (
        pytest.raises(BaremetalError, match="openocd did not listen within 1 s.\n  Info : waiting"),
        started_server.started(PART, "openocd", path=path),
    ):
        pass
    assert not is_running((tmp_path / "note").read_text())


@needs_gdb
def test_one_that_loses_the_part(fake, tmp_path, monkeypatch):
    """It listens, and ends when GDB comes: with its last words."""
    monkeypatch.setattr(probe, "_CONNECT", 2)
    text = f"print({READY['openocd']!r}, flush=True)\ntime.sleep(1)\nprint('Error: timed out while waiting for target halted', flush=True)"
    (tmp_path / "program.c").write_text("int main(void) { return 5; }")
    elf = build(PART, tmp_path / "program.c", tmp_path).elf
    with started_server.started(PART, "openocd", path=fake("openocd", text)) as server:
        time.sleep(1.5)
        with pytest.raises(
            BaremetalError, match="(?s)mps2-an386: openocd: .*timed out while waiting for target halted.*low power"
        ):
            probe.run(PART, elf, (), 30, tmp_path, server=server)


def test_none_is_there_or_known(tmp_path):
    with pytest.raises(
        BaremetalError, match="no openocd or pyocd or probe-rs or JLinkGDBServerCLExe on the search path.*apt-get install openocd"
    ):
        started_server.choose(PART, path=str(tmp_path))
    with pytest.raises(BaremetalError, match="no pyocd on the search path"):
        started_server.choose(PART, "pyocd", path=str(tmp_path))
    bare = board.load("mps2-an386")
    with pytest.raises(BaremetalError, match="board mps2-an386 names no debug probe.*gdb_server=host:port"):
        started_server.choose(bare)
    with pytest.raises(BaremetalError, match="gdb_server=jlink: board mps2-an386's file knows openocd"):
        started_server.choose(replace(bare, openocd=("x.cfg",)), "jlink")


@pytest.mark.parametrize("name", gdb_servers.ALL)
def test_command_lines_are_words(name):
    words = gdb_servers.ALL[name].command(PART, 4321, "")
    assert "4321" in shlex.join(words) and "S-123" not in shlex.join(words) and all(isinstance(word, str) for word in words)


SCONSTRUCT = """
import sys
sys.path.insert(0, {tools!r})
import iree_baremetal

firmware = []
for number, (server, path) in enumerate({fakes!r}):
    env = Environment(
        tools=[iree_baremetal.generate], IREE_BOARD="mine", IREE_ON="probe", IREE_GDB_SERVER=server, ENV={{"PATH": path}},
        OBJPREFIX=f"{{number}}_", PROGPREFIX=f"{{number}}_",
    )
    env.IreeRun(env.IreeFirmware(f"{{number}}/program", env.Object(f"{{number}}/main", "main.c")))
"""


def test_a_build_says_each_and_ends_with_exit_code_2(tmp_path):
    """All that a server says before it ends, and servers that are not there, in one build that goes on after each."""
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards/mine.py").write_text(
        'base = "mps2-an386"\nprobe = "chip"\njlink = "CHIP"\nopenocd = ["board/x.cfg", "target/y.cfg"]\n'
    )
    (tmp_path / "main.c").write_text("int main(void) { return 0; }\n")
    fakes, expected = [], []
    for number, (name, said, meaning) in enumerate(FAILURES):
        folder = tmp_path / "fakes" / str(number)
        folder.mkdir(parents=True)
        program = folder / gdb_servers.ALL[name].PROGRAM
        program.write_text(f"#!/bin/sh\ncat <<'END' >&2\n{said}\nEND\nexit 1\n")
        program.chmod(0o755)
        fakes.append((name, f"{folder}:{os.environ['PATH']}"))
        expected.append(f"board mine: {name} ended with exit code 1.\n" + "\n".join(f"  {line}" for line in said.splitlines()))
        expected.append(meaning)
    fakes.append(("probe-rs", "/usr/bin:/bin"))
    expected.append("board mine: no probe-rs on the search path")
    text = SCONSTRUCT.format(tools=str(Path(board.__file__).parents[2]), fakes=fakes)
    (tmp_path / "SConstruct").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "SCons", "-Q", "-k", "run"], cwd=tmp_path, capture_output=True, text=True, env=os.environ
    )
    said = done.stdout + done.stderr
    assert done.returncode == 2 and "Traceback" not in said
    assert [message for message in expected if message not in said] == []
    assert said.count("scons: *** [run:") == len(fakes)
