"""PlatformIO: a library for the project's lib/ (library.json, specified at docs.platformio.org/en/latest/manifests/library-json)."""

import json

from ..library import LICENSE_NAME, standard

TITLE = "PlatformIO"


def _manifest(library):
    return {
        "name": library.name,
        "version": library.version,
        "description": f"{library.summary}; compiled for {library.machine_flags or 'this machine'}",
        "keywords": ["machine-learning", "iree"],
        "license": LICENSE_NAME,
        "headers": f"{library.name}.h",
        "frameworks": "*",
        "platforms": "*",
        "build": {"includeDir": "include", "srcDir": "src", "flags": ["-Llib", f"-l{library.link_name}", "-lm"]},
        "export": {"include": ["README.md", "LICENSE", "library.json", "include", "src", "lib", "examples"]},
    }


def files(library):
    return {**standard(library), "library.json": json.dumps(_manifest(library), indent=2) + "\n"}


def usage(library):
    return [
        f'Put this folder into the project\'s `lib/`, and `#include "{library.name}.h"`. Or from elsewhere, in `platformio.ini`:',
        "",
        "```ini",
        f"lib_deps = symlink://path/to/{library.name}",
        "```",
        "",
        "Boards with an FPU need its flags from the framework or `build_flags`, and `link_flags` alike: see the core above.",
    ]
