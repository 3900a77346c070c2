"""STM32CubeIDE: no file of its own, as its projects are settings; the README tells which."""

from ..library import standard

TITLE = "STM32CubeIDE"


def refusal(board):
    return "" if board.cpu.startswith("cortex-m") else "an STM32 is a Cortex-M."


def files(library):
    return standard(library)


def usage(library):
    name = library.name
    return [
        f"1. Copy this folder into the project, as `{name}/`, and refresh it (F5). Delete `{name}/examples`, or exclude it from the build.",
        f"2. *Project > Properties > C/C++ General > Paths and Symbols*, for all configurations. *Source Location*: add `/{name}/src`.",
        f"   *Includes*, GNU C and GNU C++: add `/{name}/include`, as a workspace path. *Library Paths*: add `/{name}/lib`, likewise.",
        f"   *Libraries*: add `{library.link_name}`, then `m`.",
        f"3. *C/C++ Build > Settings > MCU/MPU Settings*: the core's options must be {library.machine_flags}.",
        f'4. `#include "{name}.h"` in `Core/Src/main.c`, and call it, as `examples/main.c` does.',
    ]
