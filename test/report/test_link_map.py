"""GNU ld's map file and messages."""

import pytest
from iree_baremetal.errors import BaremetalError
from iree_baremetal.report import link_map
from iree_baremetal.report.link_map import Contribution

MAP = """\
Discarded input sections

 .text          0x00000000       0x10 gone.o

Linker script and memory map

LOAD main.o
.vectors        0x08000000       0x40
 *(.vectors)
 .vectors       0x08000000       0x40 build/support/start up.o

.text           0x08000040       0x4c
 *(.text .text.*)
 .text.main     0x08000040       0x20 main.o
                0x08000040                main
 .text.a_function_with_a_name_too_long_for_its_column
                0x08000060       0x10 /lib/libm.a(exp.o)
 *fill*         0x08000070        0x8 ff
 .text.empty    0x08000078        0x0 main.o
                0x08000078        0x4 LONG 0x1
 .ARM.exidx     0x0800007c       0x10 main.o
                                 0x20 (size before relaxing)
.an_output_section_with_a_long_name
                0x20000000        0x8 load address 0x0800008c
 COMMON         0x20000000        0x8 main.o
                0x20000000                common
OUTPUT(firmware.elf elf32-littlearm)
"""


def test_contributions():
    assert link_map.parse(MAP) == [
        Contribution(".vectors", ".vectors", 0x08000000, 0x40, "build/support/start up.o"),
        Contribution(".text", ".text.main", 0x08000040, 0x20, "main.o"),
        Contribution(".text", ".text.a_function_with_a_name_too_long_for_its_column", 0x08000060, 0x10, "/lib/libm.a(exp.o)"),
        Contribution(".text", ".ARM.exidx", 0x0800007C, 0x10, "main.o"),
        Contribution(".an_output_section_with_a_long_name", "COMMON", 0x20000000, 0x8, "main.o"),
    ]


def test_missing_map_file(tmp_path):
    with pytest.raises(BaremetalError, match="no map file.*link with -Wl,-Map="):
        link_map.read(tmp_path / "firmware.map")


def test_not_a_map_file(tmp_path):
    (tmp_path / "firmware.map").write_text("# Path: firmware\n")
    with pytest.raises(BaremetalError, match="not a map file of GNU ld"):
        link_map.read(tmp_path / "firmware.map")


def test_overflows():
    messages = """\
ld: a.elf section `.bss' will not fit in region `RAM'
ld: region `RAM' overflowed by 178880 bytes
ld: region 'FLASH' overflowed by 1 byte
collect2: error: ld returned 1 exit status
"""
    assert link_map.overflows(messages) == {"RAM": 178880, "FLASH": 1}


def test_other_failures_are_no_overflow():
    assert link_map.overflows("ld: main.o: undefined reference to `f'\n") == {}
