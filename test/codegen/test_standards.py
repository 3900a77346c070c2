"""Generated C and its headers under the standards and warnings that projects build with, all of them errors."""

import pytest
import tools
from iree_baremetal.codegen import guards, helpers, source
from iree_baremetal.codegen.kernels_object import KernelsObject

WARNINGS = (
    "-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wcast-align -Wcast-qual -Wshadow -Wundef -Wmissing-declarations "
    "-Wdouble-promotion -Wformat=2 -Werror -O1"
).split()
OF_C = "-Wmissing-prototypes -Wstrict-prototypes -Wold-style-definition -Wc++-compat".split()
USE = '#include "model.h"\n#include "model.h"\nint f(void);\nint f(void) { return IREE_MODEL_OK; }\nextern IREE_ALIGNED float input[4];\nIREE_ALIGNED float input[4];\n'


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The generated files of a model with kernels, fills and borders, constants and several functions."""
    folder = tmp_path_factory.mktemp("standards")
    plan = tools.plan_of(folder, tools.MODELS / "operators.mlir")
    tools.write_sources(folder, plan)
    kernels = KernelsObject(folder / "model_library.o")
    kernels.undefined |= {name for name in helpers.NAMES if "aeabi" not in name}
    (folder / "model.c").write_text(source.text(plan, library=kernels))
    assert "IREE_HELPER_fmaximumf" in (folder / "model.c").read_text() and guards.lines(kernels, "model")
    for name in ("use.c", "use.cpp"):
        (folder / name).write_text(USE)
    return folder


def compiled(folder, compiler, standard, file, *flags):
    strict = ["-Wcast-align=strict"] if compiler.startswith("g") else []  # as if the machine could not read across words
    tools.run(
        compiler, f"-std={standard}", *WARNINGS, *strict, *flags, *tools.INCLUDE[1:], "-I.", "-c", file, "-o", "out.o", cwd=folder
    )


@pytest.mark.parametrize("compiler", ["gcc", pytest.param("clang", marks=tools.needs("clang"))])
@pytest.mark.parametrize("standard", ["c99", "gnu99", "c11", "c17", "c2x"])
def test_c(sources, compiler, standard):
    for file in ("model.c", "use.c"):
        compiled(sources, compiler, standard, file, *OF_C)


def test_headers_in_c89(sources):
    compiled(sources, "gcc", "c89", "use.c", *OF_C)


@pytest.mark.parametrize("compiler", ["g++", pytest.param("clang++", marks=tools.needs("clang++"))])
@pytest.mark.parametrize("standard", ["c++11", "c++14", "c++17", "c++20", "c++2b"])
def test_headers_in_cpp(sources, compiler, standard):
    compiled(sources, compiler, standard, "use.cpp", "-Wold-style-cast", "-Wzero-as-null-pointer-constant")
