"""sconsw with fake tools: what it installs, and when; what it says when it cannot."""

import os
from pathlib import Path

import pytest
from fake_machine import PYTHON, ROOT, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


INSTALL = "python -m pip install --disable-pip-version-check --progress-bar off --require-hashes --only-binary :all: -r requirements.txt"


def made(machine):
    return [f"python -m venv {machine.project}/.venv", INSTALL]


def test_fresh_machine(machine):
    code, said, calls = machine.with_apt().run("board=stm32f4", "run")
    assert code == 0
    assert calls[0] == "apt-get update -q"
    assert calls[1].startswith("apt-get install -y -q --no-install-recommends ")
    wanted = "gcc libc6-dev gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm python3-venv"
    assert calls[1].split()[5:] == wanted.split()
    assert calls[2:] == [*made(machine), "python -m SCons board=stm32f4 run"]
    assert "apt-get install -y -q --no-install-recommends" in said


def test_another_board_later(machine):
    machine.with_apt().run()
    riscv = "gcc libc riscv64-unknown-elf-gcc riscv64-unknown-elf-libc qemu-system-riscv32"
    _, _, calls = machine.run("board=qemu-rv32", NEEDS=riscv)
    wanted = "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc"
    assert calls[1:] == [f"apt-get install -y -q --no-install-recommends {wanted}", "python -m SCons board=qemu-rv32"]


OTHERS = {
    "dnf": ("dnf install -y", "gcc glibc-devel arm-none-eabi-gcc-cs arm-none-eabi-newlib qemu-system-arm"),
    "pacman": ("pacman -S --needed --noconfirm", "gcc glibc arm-none-eabi-gcc arm-none-eabi-newlib qemu-system-arm"),
    "brew": ("brew install", "gcc gcc-arm-embedded qemu"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_package_managers(machine, name):
    """With fakes of them: the names of packages are those that their sites list."""
    command, packages = OTHERS[name]
    tools = {
        "gcc": "gcc",
        "arm-none-eabi-gcc": packages.split()[1 if name == "brew" else 2],
        "qemu-system-arm": packages.split()[-1],
    }
    (machine.bin / "ensurepip").touch()
    code, said, calls = machine.with_manager(name, tools).run()
    assert code == 0 and calls == [f"{command} {packages}", *made(machine), "python -m SCons"]


def test_what_a_package_manager_does_not_have(machine):
    """No bare-metal RISC-V compiler is packed for Fedora or Arch: scons will say what lacks."""
    machine.with_tools()
    (machine.bin / "riscv64-unknown-elf-gcc").unlink()
    code, said, calls = machine.with_manager("dnf", {}).run(NEEDS="riscv64-unknown-elf-gcc")
    assert code == 0 and calls[-1] == "python -m SCons"
    assert "no package manager here has it: riscv64-unknown-elf-gcc - going on without" in said


NEWER = {"picolibc-arm-none-eabi", "qemu-system-riscv"}
OLDER = {"libnewlib-arm-none-eabi", "qemu-system-misc"}


@pytest.mark.parametrize(
    "archive, chosen",
    [
        (OLDER | {"picolibc-arm-none-eabi"}, "libnewlib-arm-none-eabi qemu-system-misc"),  # Debian 12
        (OLDER | NEWER, "libnewlib-arm-none-eabi qemu-system-riscv"),  # Debian 13
        (NEWER, "picolibc-arm-none-eabi qemu-system-riscv"),  # after it
    ],
)
def test_what_debian_calls_them_it_says_itself(machine, archive, chosen):
    """Once it has a list of its packages: a container comes without."""
    machine.with_apt()
    known = "".join(f'    {name}) [ ! -e "$BIN/updated" ] || echo "{name} | 1 | deb" ;;\n' for name in sorted(archive))
    machine.add("apt-cache", f'#!/bin/sh\n[ "$1" = madison ] || exit 9\ncase $2 in\n{known}esac\n')
    text = (machine.bin / "apt-get").read_text()
    machine.add("apt-get", text.replace("update*)", 'update*) touch "$BIN/updated";'))
    code, _, calls = machine.run(NEEDS="arm-none-eabi-libc qemu-system-riscv32")
    assert code == 0 and calls[:2] == [
        "apt-get update -q",
        f"apt-get install -y -q --no-install-recommends {chosen} python3-venv",
    ]


def test_second_run_only_calls_scons(machine):
    machine.with_apt().run()
    assert machine.run("-j2", "a b") == (0, "", ["python -m SCons -j2 a b"])


def test_tools_without_apt(machine):
    code, _, calls = machine.with_tools().run()
    assert (code, calls) == (0, [*made(machine), "python -m SCons"])


def test_installs_only_what_is_missing(machine):
    machine.with_apt().with_tools().run()
    (machine.bin / "qemu-system-arm").unlink()
    _, _, calls = machine.run()
    assert calls[1:] == [
        "apt-get install -y -q --no-install-recommends qemu-system-arm",
        "python -m SCons",
    ]


def test_an_archive_that_cannot_be_reached(machine):
    code, _, calls = machine.with_apt().run(UPDATE_FAILS="100")
    assert code == 0 and calls[-1] == "python -m SCons"


def test_tests(machine):
    _, _, calls = machine.with_tools().run("test", "-k", "one or two")
    assert calls[-1] == "python -m pytest -o testpaths=test -n logical --dist loadfile -k one or two"


def test_not_root_but_sudo(machine):
    machine.with_apt().user("1000")
    machine.add("sudo", '#!/bin/sh\necho "sudo $1" >>"$LOG"\nexec "$@"\n')
    code, said, calls = machine.run()
    assert code == 0
    assert calls[:2] == ["sudo env", "apt-get update -q"]
    assert "sudo apt-get install" in said


def test_sudo_keeps_the_way_to_the_network(machine):
    machine.with_apt().user("1000")
    machine.add("sudo", '#!/bin/sh\nshift\nexec env -i "PATH=$PATH" "BIN=$BIN" "LOG=$LOG" "$@"\n')
    text = (machine.bin / "apt-get").read_text()
    machine.add("apt-get", text.replace("case", 'echo "$https_proxy $http_proxy" >>"$LOG"\ncase', 1))
    _, _, calls = machine.run(http_proxy="http://one:1", https_proxy="http://two:2")
    assert calls[1] == calls[3] == "http://two:2 http://one:1"


def test_neither_root_nor_sudo(machine):
    machine.with_apt().user("1000")
    code, said, calls = machine.run()
    assert (code, calls) == (2, [])
    assert "root must install them: apt-get install -y -q --no-install-recommends gcc libc6-dev" in said


def test_no_package_manager(machine):
    """A missing tool may be one that this call does not come to: scons says what lacks."""
    machine.with_tools()
    (machine.bin / "gcc").unlink()
    code, said, calls = machine.run()
    assert (code, calls[-1]) == (0, "python -m SCons")
    assert "missing, and no package manager here has it: gcc libc - going on without" in said


def test_apt_fails(machine):
    machine.add("apt-get", "#!/bin/sh\nexit 100\n")
    code, said, calls = machine.run()
    assert (code, calls) == (2, [])
    assert "apt-get could not install them" in said


def test_apt_installs_but_not_on_path(machine):
    machine.add("apt-get", "#!/bin/sh\n")
    code, said, calls = machine.run()
    assert code == 0 and "still not to be found on PATH: gcc libc arm-none-eabi-gcc" in said and calls[-1] == "python -m SCons"


def test_changed_requirements(machine):
    machine.with_tools().run()
    with open(machine.project / "requirements.txt", "a") as requirements:
        requirements.write("another==1\n")
    assert machine.run()[2] == [*made(machine), "python -m SCons"]
    assert machine.run()[2] == ["python -m SCons"]


def test_half_made_environment(machine):
    machine.with_tools()
    code, said, calls = machine.run(PIP_FAILS="1")
    assert code == 2 and calls[-1] == INSTALL
    assert f"could not make {machine.project}/.venv" in said
    (machine.project / ".venv" / "left over").touch()
    assert machine.run()[2] == [*made(machine), "python -m SCons"]
    assert not (machine.project / ".venv" / "left over").exists()


def test_python_replaced(machine):
    machine.with_tools().run()
    python = machine.project / ".venv/bin/python"
    python.unlink()
    python.symlink_to(machine.bin / "python3")  # as after an upgrade: it leads elsewhere now
    assert machine.run()[2][-2:] == [INSTALL, "python -m SCons"]


def test_project_moved(machine, tmp_path):
    machine.with_tools().run()
    machine.project = machine.project.rename(tmp_path / "elsewhere")
    assert machine.run()[2] == [*made(machine), "python -m SCons"]


def test_an_environment_of_the_users_own(machine):
    (machine.project / ".venv").mkdir()
    (machine.project / ".venv" / "precious").touch()
    code, said, _ = machine.with_tools().run()
    assert code == 2 and ".venv is not sconsw's. Move it away" in said
    assert (machine.project / ".venv" / "precious").exists()


def test_old_python(machine):
    code, said, _ = machine.with_tools().run(TOO_OLD="1")
    assert code == 2 and "python3 is Python 3.8.2; ONNX Runtime needs 3.11 or later" in said


def test_no_python(machine):
    (machine.bin / "python3").unlink()
    code, said, _ = machine.with_tools().run()
    assert code == 2 and "no python3 on PATH. Install Python 3.11 or later" in said


def test_a_python_by_name(machine):
    machine.with_tools().add("python9", PYTHON.replace("python3", "python9"))
    (machine.bin / "python3").unlink()
    assert machine.run(PYTHON="python9")[0] == 0


def test_ci_runs_it():
    assert os.access(ROOT / "sconsw", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec ./sconsw test"


def test_an_environment_elsewhere(machine, tmp_path):
    """One for each system that shares a checkout."""
    for name in ("host", "container"):
        assert machine.with_tools().run(SCONSW_VENV=str(tmp_path / name))[2][:1] == [f"python -m venv {tmp_path}/{name}"]
    assert machine.run(SCONSW_VENV=str(tmp_path / "host"))[2] == ["python -m SCons"]
    assert not (machine.project / ".venv").exists()


def test_a_build_elsewhere(machine, tmp_path):
    (machine.project / "samples").mkdir()
    elsewhere = tmp_path / "else where"
    machine.with_tools().run(SCONSW_BUILD=str(elsewhere))
    assert machine.run(SCONSW_BUILD=str(elsewhere))[2] == ["python -m SCons"]
    assert Path(f"{machine.log}.folder").read_text().splitlines()[-1] == f"in {elsewhere}"
    assert {path.name for path in elsewhere.iterdir()} == {"SConstruct", "samples", "requirements.txt", "sconsw"}
    assert (elsewhere / "samples").resolve() == machine.project / "samples"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_checkout_that_cannot_be_written_to(machine, tmp_path):
    machine.with_tools().project.chmod(0o555)
    code, said, _ = machine.run()
    assert code == 2 and "cannot be written to. Name folders elsewhere: SCONSW_VENV=~/venv SCONSW_BUILD=~/build" in said
    assert machine.run(SCONSW_VENV=str(tmp_path / "venv"), SCONSW_BUILD=str(tmp_path / "build"))[0] == 0


def test_a_folder_that_cannot_be_made(machine):
    code, said, _ = machine.with_tools().run(SCONSW_VENV="/dev/null/venv")
    assert code == 2 and "/dev/null/venv cannot be written to. Name another folder" in said
    code, said, _ = machine.run(SCONSW_BUILD="/dev/null/build")
    assert code == 2 and "SCONSW_BUILD=/dev/null/build cannot be written to" in said
