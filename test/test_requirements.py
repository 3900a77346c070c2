"""requirements.txt: all that sconsw installs, by the hashes of its files; pip takes no other."""

import hashlib
import os
import re
import shutil
import sys
import zipfile

import pytest
from fake_machine import ROOT, Machine

CONTENT = {
    "SCons/__init__.py": "",
    "SCons/__main__.py": "print('installed')\n",
    "scons-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: scons\nVersion: 1\n",
    "scons-1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "scons-1.dist-info/RECORD": "",
}


def pins():
    """name -> (versions, hashes) of the packages in requirements.txt."""
    found = {}
    text = re.sub(r"^ *#.*\n", "", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        name, version = re.match(r"([\w-]+)==([\w.]+) ", line).groups()
        found.setdefault(name, []).append((version, re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)))
    return found


def test_all_that_is_wanted_is_pinned_with_hashes():
    wanted = re.findall(r"^[\w-]+", (ROOT / "requirements.in").read_text(), flags=re.MULTILINE)
    assert wanted and set(wanted) <= set(pins())
    assert all(hashes for versions in pins().values() for _, hashes in versions)


def test_files_for_each_platform_and_version_of_python():
    """CPython 3.11 to 3.14 on x86-64 and aarch64 have eight different wheels of the compiler."""
    [(_, hashes)] = pins()["iree-base-compiler"]
    assert len(set(hashes)) >= 8


def test_it_names_no_registry():
    assert not re.search(r"://|index-url|find-links", (ROOT / "requirements.txt").read_text())


@pytest.fixture
def machine(tmp_path):
    """A machine with a real Python, and a folder of packages in place of a registry: there is one, that says so."""
    machine = Machine(tmp_path).with_tools()
    machine.add("python3", f'#!/bin/sh\nexec "{os.path.realpath(sys.executable)}" "$@"\n')
    needed = "site_scons/site_tools/iree_baremetal/needed_tools.py"
    (machine.project / needed).parent.mkdir(parents=True)
    shutil.copy(ROOT / needed, machine.project / needed)
    wheel = tmp_path / "packages" / "scons-1-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in CONTENT.items():
            archive.writestr(name, text)
    machine.wheel = wheel
    machine.pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "PIP_CONFIG_FILE": os.devnull}
    return machine


def install(machine, line):
    (machine.project / "requirements.txt").write_text(line)
    return machine.run(**machine.pip)[:2]


def test_another_file_of_the_same_name_is_refused(machine):
    right = hashlib.sha256(machine.wheel.read_bytes()).hexdigest()
    wrong = hashlib.sha256(b"something else").hexdigest()
    code, said = install(machine, f"scons==1 --hash=sha256:{wrong}\n")
    assert code == 2
    assert "DO NOT MATCH THE HASHES" in said and right in said and wrong in said
    assert f"sconsw: could not make {machine.project}/.venv, see above." in said
    assert not list(machine.project.glob(".venv/lib/*/site-packages/SCons"))
    assert install(machine, f"scons==1 --hash=sha256:{right}\n")[0] == 0
