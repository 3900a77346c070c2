"""docs/tutorial.md from its first line to its last: files are written, commands run, and what it says they print is printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import documents

PAGE = (documents.ROOT / "docs/tutorial.md").read_text()
# A file after its name, or an indented block.
BLOCKS = re.compile(r"^`([\w./-]+)`(, at its end)?:\n\n```\w+\n(.*?)^```$|((?:^    [^\n]*\n)+)", re.DOTALL | re.MULTILINE)
# A flasher that finds a probe, and the part behind it.
OPENOCD = '#!/bin/sh\necho "$@" >>"$0.log"\n'


class Reader:
    """Who follows the page in a folder of their own, beside the checkout."""

    def __init__(self, folder, checkout):
        self.folder, self.said = folder / "gesture", ""
        (folder / "iree-baremetal").symlink_to(checkout)
        self.folder.mkdir()
        self.openocd = folder / "bin/openocd"
        self.openocd.parent.mkdir()
        self.openocd.write_text(OPENOCD)
        self.openocd.chmod(0o755)

    def write(self, name, is_more, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text() if is_more else "") + text)

    def read(self, lines):
        """Runs the commands of a block, or looks for its lines in what the last ones printed."""
        commands = [shlex.split(line) for line in lines if re.match(r"(scons|python) ", line)]
        if not commands and not re.match(r"mkdir |\. ", lines[0]):
            return [line for line in lines if line not in self.said]
        self.said = "" if commands else self.said
        for tool, *arguments in commands:
            words = [sys.executable, *(["-m", "SCons", "-Q"] if tool == "scons" else []), *arguments]
            path = os.pathsep.join([str(self.openocd.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
            done = subprocess.run(words, cwd=self.folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
            self.said += done.stdout + done.stderr
            assert done.returncode == 0, self.said
        return []


def test_it_works_as_it_says(tmp_path, checkout):
    reader, missing = Reader(tmp_path, checkout.folder), []
    for name, is_more, text, block in BLOCKS.findall(PAGE):
        if name:
            reader.write(name, is_more, text)
        else:
            missing += reader.read([line.strip() for line in block.splitlines()])
    assert missing == []
    assert "gesture.elf" in reader.openocd.with_name("openocd.log").read_text()


def test_every_file_and_command_is_seen():
    assert len(re.findall(r"^```\w", PAGE, re.MULTILINE)) == sum(bool(block[0]) for block in BLOCKS.findall(PAGE)) == 5
    indented = [line for *_, block in BLOCKS.findall(PAGE) for line in block.splitlines()]
    assert set(documents.commands(PAGE)) - {"./sconsw board=stm32f4 run", "scons boards"} <= {line.strip() for line in indented}
