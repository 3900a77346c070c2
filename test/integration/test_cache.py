"""cache= and launcher=, with the real tools behind scripts that note each call."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest
from projects import checkout

NOTE = """#!/bin/sh
case " $* " in
  *" -o "*) echo "$(basename "$0")" >>"$CALLS" ;;
esac
exec {real} "$@"
"""


def tools(folder):
    """A search path with the compilers at another path: scripts that note each call which writes a file."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    scripts = Path(sysconfig.get_path("scripts"))
    (folder / "lib").symlink_to(scripts.parent / "lib")
    shutil.copy(scripts.parent / "pyvenv.cfg", folder)
    (binaries / "python3").symlink_to(os.path.realpath(sys.executable))
    real = {name: scripts / name for name in ("iree-compile", "iree-import-onnx")}
    real["arm-none-eabi-gcc"] = shutil.which("arm-none-eabi-gcc")
    for name, path in real.items():
        (binaries / name).write_text(NOTE.format(real=path))
        (binaries / name).chmod(0o755)
    return f"{binaries}:{os.environ['PATH']}"


def build(project, path, *arguments):
    """The calls of the compilers, and the built firmware."""
    calls = project.folder / "calls"
    calls.write_text("")
    project.run("board=stm32f4", *arguments, path=path, CALLS=str(calls))
    elf = project.folder / "build" / "stm32f4" / "digits" / "digits.elf"
    return calls.read_text().split(), elf.read_bytes()


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A cache that a first build filled, that build's calls and its firmware."""
    folder = tmp_path_factory.mktemp("cache")
    cache = f"cache={folder / 'shared'}"
    return cache, *build(checkout(folder / "first"), tools(folder / "tools"), cache)


def test_another_checkout_elsewhere_compiles_nothing(warm, tmp_path):
    cache, first, firmware = warm
    assert {"iree-compile", "iree-import-onnx", "arm-none-eabi-gcc"} <= set(first)
    calls, same = build(checkout(tmp_path / "in" / "another place"), tools(tmp_path / "elsewhere"), cache)
    assert calls == []
    assert same == firmware


def test_other_flags_compile_again(warm, tmp_path):
    calls, _ = build(checkout(tmp_path / "checkout"), tools(tmp_path / "tools"), warm[0], "optimize=size")
    assert "iree-compile" in calls and "iree-import-onnx" not in calls


def test_another_compiler_compiles_again(warm, tmp_path):
    project, path = checkout(tmp_path / "checkout"), tools(tmp_path / "tools")
    with open(tmp_path / "tools" / "bin" / "arm-none-eabi-gcc", "a") as script:
        script.write("# another version\n")
    calls, _ = build(project, path, warm[0])
    assert "arm-none-eabi-gcc" in calls and "iree-compile" not in calls


def test_launcher(tmp_path):
    project, path = checkout(tmp_path / "checkout"), tools(tmp_path / "tools")
    ccache = tmp_path / "tools" / "bin" / "ccache"
    ccache.write_text('#!/bin/sh\necho ccache >>"$CALLS"\nexec "$@"\n')
    ccache.chmod(0o755)
    calls, firmware = build(project, path, "launcher=ccache")
    compiled = [number for number, call in enumerate(calls) if call == "ccache"]
    assert compiled and all(calls[number + 1] == "arm-none-eabi-gcc" for number in compiled)
    assert build(project, path) == ([], firmware)  # with or without, it is the same


def test_unknown_launcher(tmp_path):
    done = checkout(tmp_path / "checkout").attempt("board=stm32f4", "launcher=icecream")
    assert done.returncode == 2
    assert "launcher=icecream: no such program on the search path." in done.stderr
