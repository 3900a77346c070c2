"""Arduino: a library with a precompiled part (arduino.github.io/arduino-cli/latest/library-specification)."""

from ...board.cores import gcc_flag
from .. import example

TITLE = "Arduino"
PACKED_WITH_FOLDER = True


def refusal(board):
    return "" if board.cpu.startswith("cortex-m") else "the folder of a precompiled Arduino library is known for Cortex-M only."


def _folder(board):
    """Where the Arduino builder looks for the archive: src/{build.mcu}, and with build.fpu and build.float-abi, below."""
    fpu, abi = gcc_flag(board, "-mfpu"), gcc_flag(board, "-mfloat-abi")
    return f"src/{board.cpu}/{fpu}-{abi}" if fpu and abi in ("hard", "softfp") else f"src/{board.cpu}"


def _properties(library):
    return "\n".join(
        [
            f"name={library.name}",
            f"version={library.version}",
            "author=iree-baremetal",
            "maintainer=iree-baremetal",
            f"sentence={library.summary}.",
            f"paragraph=Compiled for {library.machine_flags}.",
            "category=Data Processing",
            "url=https://iree.dev",
            "architectures=*",
            f"includes={library.name}.h",
            "precompiled=true",
            f"ldflags=-l{library.link_name} -lm",
            "",
        ]
    )


def _sketch(library):
    lines = [f"// Calls {library.name} once a second, with zeros for inputs.", *example.functions(library)]
    lines += ["void setup() {", "  Serial.begin(115200);", "}", "", "void loop() {"]
    for c_name, _ in library.functions:
        lines.append(f'  Serial.println(run_{c_name}() == IREE_MODEL_OK ? "{c_name}: good" : "{c_name}: failed");')
    return "\n".join([*lines, "  delay(1000);", "}", ""])


def files(library):
    return {
        "library.properties": _properties(library),
        **{f"src/{path.name}": path for path in library.headers},
        # A folder below src is compiled, too; headers in it are private, and in no sketch by themselves.
        **{f"src/model/{path.name}": path for path in (*library.sources, *library.private)},
        f"{_folder(library.board)}/lib{library.link_name}.a": library.archive,
        f"examples/{library.name}_once/{library.name}_once.ino": _sketch,
    }


def packed(library):
    return f"{library.name}-{library.version}.zip"


def usage(library):
    return [
        f"In the Arduino IDE: *Sketch > Include Library > Add .ZIP Library…*, `{packed(library)}`; with arduino-cli:",
        f"`arduino-cli lib install --zip-path {packed(library)}`. Then `#include <{library.name}.h>`.",
        "",
        f"The board's package must set `build.mcu={library.board.cpu}`, and link what libraries bring precompiled",
        "(`{compiler.libraries.ldflags}` in its platform.txt); for an FPU also `build.fpu` and `build.float-abi`.",
        "The layout follows Arduino's library specification; it was not built with Arduino's tools.",
    ]
