"""ESP-IDF: a component (docs.espressif.com: the build system, and the manifest of the IDF Component Manager)."""

from ...board.cores import gcc_flag
from ..library import LICENSE_NAME, standard

TITLE = "ESP-IDF"

# -march of kernels -> the chips with such a core, and the ABI that ESP-IDF has for it.
_IMAC = ("esp32c5", "esp32c6", "esp32c61", "esp32h2")
_CHIPS = {"rv32imc": ("esp32c2", "esp32c3", *_IMAC), "rv32imac": _IMAC, "rv32imafc": ("esp32p4",)}


def _chips(board):
    vectors = "zve" in board.cpu_features  # of IREE's target alone: GCC has no name for it
    return () if vectors else _CHIPS.get(gcc_flag(board, "-march"), ())


def refusal(board):
    return "" if _chips(board) else f"ESP-IDF's chips are {', '.join(_CHIPS)}, or Xtensa, which IREE does not compile for."


def _manifest(library):
    targets = "".join(f"  - {chip}\n" for chip in _chips(library.board))
    return f"""\
version: "{library.version}"
description: "{library.summary}"
license: "{LICENSE_NAME}"
targets:
{targets}dependencies:
  idf: ">=5.1"
"""


def _lists(library):
    sources = " ".join(f'"src/{path.name}"' for path in library.sources)
    return f"""\
idf_component_register(SRCS {sources} INCLUDE_DIRS "include" PRIV_INCLUDE_DIRS "src")
add_prebuilt_library(iree_{library.name}_kernels "lib/lib{library.link_name}.a")
target_link_libraries(${{COMPONENT_LIB}} PUBLIC iree_{library.name}_kernels m)
"""


def files(library):
    return {**standard(library), "CMakeLists.txt": _lists(library), "idf_component.yml": _manifest(library)}


def usage(library):
    return [
        f"Put this folder into the project's `components/`, and `REQUIRES {library.name}` into the `idf_component_register` of the",
        f"component that calls it. For {', '.join(_chips(library.board))}.",
        "",
        "The layout follows ESP-IDF's description of components; it was not built with ESP-IDF.",
    ]
