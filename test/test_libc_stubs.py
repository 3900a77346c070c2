"""What the C library and C++ ask of a system, on the boards: their calls link, and do what they say."""

from dataclasses import replace

import pytest
from firmware import build
from iree_baremetal import board, toolchain

CALLS = r"""
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "board_files.h"

int main(void) {
  char action[20];
  if (board_arguments(action, sizeof action) < 0) return 1;
  if (!strcmp(action, "snprintf")) {
    char text[40];
    const int length = snprintf(text, sizeof text, "%d|%5s|%x", -7, "ab", 255);
    board_write(text, (size_t)length);
    return 0;
  }
  if (!strcmp(action, "printf")) {
    printf("%d and ", 42);
    puts("a line");
    fprintf(stderr, "error\n");
    fflush(stdout);
    return 0;
  }
  if (!strcmp(action, "malloc")) {
    char *one = malloc(100), *other = malloc(200);
    if (!one || !other || other < one + 100) return 2;
    free(one);
    char *volatile much = malloc(100000);  // which the compiler else leaves out, and says that there was memory
    return much ? 3 : 0;
  }
  if (!strcmp(action, "assert")) assert(!"a thing that holds");
  if (!strcmp(action, "exit")) exit(9);
  return 4;
}
"""
NEWLIB = pytest.mark.skipif(
    "--specs=nano.specs" not in toolchain.specs(board.load("mps2-an386")), reason="of newlib, which this compiler for Arm lacks"
)
BOARDS = ["mps2-an386", "microbit", "mps3-an547", "qemu-rv32", "qemu-rv64"]


@pytest.fixture(scope="module")
def firmware(tmp_path_factory):
    built, folder = {}, tmp_path_factory.mktemp("calls")
    (folder / "main.c").write_text(CALLS)

    def firmware(name, heap=4096):
        if (name, heap) not in built:
            (folder / str(heap)).mkdir(exist_ok=True)
            built[name, heap] = build(replace(board.load(name), heap=heap), folder / "main.c", folder / str(heap))
        return built[name, heap]

    return firmware


@pytest.mark.parametrize("name", BOARDS)
def test_snprintf_needs_no_heap(firmware, name):
    done = firmware(name, heap=0).run("snprintf")
    assert (done.returncode, done.stdout) == (0, "-7|   ab|ff")


@pytest.mark.parametrize("name", BOARDS)
def test_printf(firmware, name):
    done = firmware(name).run("printf")
    assert (done.returncode, sorted(done.stdout.splitlines())) == (0, ["42 and a line", "error"])


@NEWLIB
def test_printf_without_the_heap_that_newlib_wants_says_so(firmware):
    done = firmware("mps2-an386", heap=0).run("printf")
    assert done.returncode == 125 and "Build with heap=" in done.stdout


@pytest.mark.parametrize("name", BOARDS)
def test_malloc_ends_with_the_heap(firmware, name):
    assert firmware(name).run("malloc").returncode == 0


@pytest.mark.parametrize("name", BOARDS)
def test_assert(firmware, name):
    done = firmware(name).run("assert")
    assert done.returncode == 128 + 6 and "a thing that holds" in done.stdout


@pytest.mark.parametrize("name", BOARDS)
def test_exit(firmware, name):
    assert firmware(name).run("exit").returncode == 9


@NEWLIB
def test_an_applications_own_come_first(tmp_path):
    source = tmp_path / "main.c"
    source.write_text(
        '#include <stdio.h>\n#include "board.h"\nint _write(int file, const char *text, int size);\n'
        'int _write(int file, const char *text, int size) { (void)file, (void)text; board_print("mine"); return size; }\n'
        'int main(void) { printf("theirs\\n"); return 0; }\n'
    )
    assert build(replace(board.load("mps2-an386"), heap=4096), source, tmp_path).run().stdout == "mine"
