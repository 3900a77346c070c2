"""CMake: a target to link."""

from ..library import standard

TITLE = "CMake"


def _lists(library):
    name, target = library.name, f"iree_{library.name}"
    sources = "\n".join(f"  src/{path.name}" for path in library.sources)
    return f"""\
# {library.summary}.
# For the core of: {library.machine_flags or "this machine"}
cmake_minimum_required(VERSION 3.13)
project({target} VERSION {library.version} LANGUAGES C)

add_library({target} STATIC
{sources}
)
add_library(iree::{name} ALIAS {target})
target_include_directories({target} PUBLIC include PRIVATE src)
target_compile_features({target} PRIVATE c_std_99)
target_link_libraries({target} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}}/lib/lib{library.link_name}.a m)
"""


def files(library):
    return {**standard(library), "CMakeLists.txt": _lists(library)}


def usage(library):
    return [
        "```cmake",
        f"add_subdirectory({library.name})",
        f"target_link_libraries(application PRIVATE iree::{library.name})",
        "```",
        "",
        "The flags for the core are those of your toolchain file.",
    ]
