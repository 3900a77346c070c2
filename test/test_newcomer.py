"""The run on a new machine, as far as it goes without one: what it runs, what it hands over, when it refuses."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

RELIABILITY = Path(__file__).parent / "reliability"
sys.path.insert(0, str(RELIABILITY))
import newcomer  # noqa: E402
import tables  # noqa: E402


def test_it_runs_the_first_commands_of_the_readme():
    assert newcomer.commands((tables.ROOT / "README.md").read_text()) == ["./sconsw board=stm32f4 run", "./sconsw test"]


def test_it_hands_over_how_the_network_is_reached_and_nothing_else():
    handed = {"https_proxy": "a", "NO_PROXY": "b", "PIP_INDEX_URL": "c", "PIP_CERT": "/d", "SSL_CERT_FILE": "/e"}
    kept = {"HOME": "/root", "PATH": "/bin", "PIP_FIND_LINKS": "/wheels", "PYTHONPATH": "/x", "IREE_SOURCE_DIR": "/y"}
    assert newcomer.network({**handed, **kept}) == handed


@pytest.mark.parametrize(
    "lines, said",
    [
        (
            ["149 of 150 right, 76528 instructions an inference", "scons: done"],
            "149 of 150 right, 76528 instructions an inference",
        ),
        (["=== 3 passed, 1 skipped in 2.00s ==="], "3 passed, 1 skipped in 2.00s"),
        ([], ""),
    ],
)
def test_what_a_step_said(lines, said):
    assert newcomer.verdict(lines) == said


@pytest.mark.parametrize("failed", ["", "1 failed, "])
def test_a_step_that_takes_too_long_says_how_far_it_came(tmp_path, failed):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as where a shell starts it in the background
    machine = newcomer.Machine(tmp_path, "trixie", minutes=0.02)
    tests = f"import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: print('== {failed}3 passed in 1.20s ==')\nraise SystemExit(2)"
    good = machine.step("tests", [sys.executable, "-c", tests])
    ((_, seconds, _, code, said),) = machine.steps
    assert (good, code, said) == (not failed, 2, f"stopped after 0.02 minutes: {failed}3 passed in 1.20s") and seconds < 50


def test_a_step_that_ends_in_time(tmp_path):
    machine = newcomer.Machine(tmp_path, "trixie", minutes=1)
    assert machine.step("good", [sys.executable, "-c", "print('3 passed in 1 s')"])
    assert not machine.step("bad", [sys.executable, "-c", "print('3 passed in 1 s'); raise SystemExit(1)"])
    assert [step[3:] for step in machine.steps] == [(0, "3 passed in 1 s"), (1, "3 passed in 1 s")]


def test_without_debootstrap(tmp_path):
    done = subprocess.run(
        [sys.executable, RELIABILITY / "newcomer.py"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 2 and done.stdout == ""
    assert (
        done.stderr
        == "newcomer needs debootstrap, unshare, chroot. On Debian or Ubuntu: apt-get install debootstrap util-linux\n"
    )


def test_without_root(monkeypatch):
    monkeypatch.setattr(newcomer.shutil, "which", lambda tool: f"/usr/sbin/{tool}")
    monkeypatch.setattr(newcomer.os, "geteuid", lambda: 1000)
    assert "run it as root" in newcomer.refusal()
