"""What other tools write: the linker's map, CMake's lists."""

from iree_baremetal.report import link_map
from iree_baremetal.runtime import cmake

from .mutation import mutated

_MAP = b"""Linker script and memory map

 .text          0x00000000       0x40 build/main.o
                0x00000000                main
 .data          0x20000000        0x4 build/main.o
 *fill*         0x20000004        0xc
"""
_CMAKE = b"""iree_cc_library(
  NAME
    "base"
  SRCS
    "a.c" "b.c"
)
if(IREE_ENABLE_THREADING AND NOT A STREQUAL "b")
  list(APPEND SRCS "${X}/c.c")
else()
  set(A "x;y")
endif()
"""


def _read_map(folder, content):
    (folder / "a.map").write_bytes(content)
    link_map.read(folder / "a.map")


def _read_cmake(folder, content):
    (folder / "CMakeLists.txt").write_bytes(content)
    cmake.read(folder / "CMakeLists.txt", {"IREE_ENABLE_THREADING": "OFF"}, {"iree_cc_library"}, lambda text: False)


READERS = {
    "map files of the linker": (mutated([_MAP]), _read_map, 60, 800),
    "CMakeLists.txt": (mutated([_CMAKE]), _read_cmake, 80, 1500),
}
