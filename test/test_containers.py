"""The Dockerfile, the dev container and the workflow to copy: they name what sconsw would install, and what exists."""

import json
import os
import re
import sys

from fake_machine import ROOT
from iree_baremetal import needed_tools
from test_documents import scons
from test_sconsw import machine  # noqa: F401  a fixture

sys.path.append(str(ROOT / "test" / "reliability"))
import newcomer

ARM = ("gcc-arm-none-eabi", "libnewlib-arm-none-eabi", "qemu-system-arm")


def test_the_image_has_every_package_that_sconsw_installs(machine):  # noqa: F811
    machine.add("apt-cache", '#!/bin/sh\necho "$2 | 1 | deb"\n')  # Debian 13 has all names that it is asked for
    _, _, calls = machine.with_apt().run("test", NEEDS=" ".join(needed_tools.ALL))
    install = next(call for call in calls if call.startswith("apt-get install"))
    packages = set(install.split()[5:])
    assert len(packages) > 10 and packages <= set((ROOT / "Dockerfile").read_text().split())


def test_the_dev_container_is_of_that_image():
    found = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    folder = ROOT / ".devcontainer"
    assert (folder / found["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert found["postCreateCommand"].split()[0] == "./sconsw"


def test_the_workflow_names_packages_and_targets_that_there_are():
    text = (ROOT / "docs" / "ci" / "github-actions.yml").read_text()
    assert all(package in text for package in ARM)
    _, said = scons("-h")
    for words in re.findall(r"scons board=\$BOARD(.*)", text):
        assert all(re.search(rf"^  .*\b{word}\b", said, re.MULTILINE) for word in words.split())


def test_this_repository_is_tested_in_the_debians_that_newcomer_tries():
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text()
    assert re.findall(r'"(\d+)"', text) == [name.split()[1] for name in newcomer.RELEASES.values()]
    assert f"install -y -q --no-install-recommends {' '.join(newcomer.PACKAGES)}\n" in text
    assert os.access(ROOT / ".ci" / "run", os.X_OK) and "- run: .ci/run\n" in text
