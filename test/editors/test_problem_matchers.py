"""What an editor takes from a linker's messages, in the words of Debian 12's binutils and of Debian 13's."""

import re

import pytest
from iree_baremetal.editors.vscode import MATCHERS

[LINKER] = [matcher["pattern"] for matcher in MATCHERS if matcher["source"] == "ld"]


@pytest.mark.parametrize(
    "line",
    [
        "/usr/bin/arm-none-eabi-ld: samples/main.c:20: undefined reference to `missing'",
        "build/main.o:samples/main.c:20: undefined reference to `missing'",
        "samples/main.c:20:(.text.startup.main+0x6): undefined reference to `missing'",
        "/usr/lib/gcc/arm-none-eabi/14.2.1/../../../arm-none-eabi/bin/ld: samples/main.c:20:(.text.main+0x6): undefined reference to `missing'",
    ],
)
def test_where_what_is_undefined_is_used(line):
    found = re.match(LINKER["regexp"], line)
    assert [found[LINKER[key]] for key in ("file", "line", "message")] == [
        "samples/main.c",
        "20",
        "undefined reference to `missing'",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "samples/main.c:20:(.text.main+0x6): dangerous relocation: unsupported relocation",
        "collect2: error: ld returned 1 exit status",
    ],
)
def test_what_comes_of_it_is_not_told_again(line):
    assert not re.match(LINKER["regexp"], line)
