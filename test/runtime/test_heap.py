"""The heap, compiled for this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest
from iree_baremetal.runtime import recipe

SUPPORT = Path(recipe.__file__).parents[1] / "support"

PROGRAM = r"""
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "board.h"
#include "heap.h"

void board_write(const char *text, size_t size) { fwrite(text, 1, size, stdout); }
void board_print(const char *text) { board_write(text, strlen(text)); }
void board_print_int(int64_t value, int width) { printf("%*lld", width, (long long)value); }

static unsigned random_state = 1;
static unsigned next(void) { return random_state = random_state * 1103515245u + 12345u, random_state >> 8; }

int main(void) {
  enum { COUNT = 40 };
  unsigned char *block[COUNT] = {0};
  size_t size[COUNT];
  for (int step = 0; step < 20000; ++step) {
    int i = next() % COUNT;
    if (block[i]) {
      for (size_t k = 0; k < size[i]; ++k) assert(block[i][k] == (unsigned char)i);
      if (next() % 4) {
        iree_heap_give_back(block[i]);
        block[i] = 0;
        continue;
      }
    }
    size_t wanted = 1 + next() % 200, alignment = (size_t)1 << next() % 7;
    if (block[i]) {
      size_t kept = wanted < size[i] ? wanted : size[i];
      block[i] = iree_heap_resize(block[i], wanted);
      assert(block[i]);
      for (size_t k = 0; k < kept; ++k) assert(block[i][k] == (unsigned char)i);
    } else {
      block[i] = iree_heap_take(wanted, alignment);
      assert(block[i] && (uintptr_t)block[i] % alignment == 0 && (uintptr_t)block[i] % 16 == 0);
    }
    size[i] = wanted;
    memset(block[i], i, wanted);
    assert(iree_heap_stats().used <= iree_heap_stats().peak);
    assert(iree_heap_stats().peak <= iree_heap_stats().reach);
  }
  for (int i = 0; i < COUNT; ++i) iree_heap_give_back(block[i]);
  assert(iree_heap_stats().used == 0);
  // All merged again: the whole region is one block.
  void *all = iree_heap_take(IREE_HEAP_SIZE - 16, 1);
  assert(all);
  assert(!iree_heap_take(123, 1));
  assert(iree_heap_stats().refused == 123);
  iree_heap_give_back(all);
  assert(!iree_heap_take(SIZE_MAX - 3, 1));
  return 0;
}
"""


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs a compiler of this machine")
def test_heap(tmp_path):
    (tmp_path / "main.c").write_text(PROGRAM)
    command = [
        "gcc",
        "-std=gnu11",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-O1",
        "-fsanitize=undefined,address",
        "-DIREE_HEAP_SIZE=16384",
        f"-I{SUPPORT}",
        f"-I{SUPPORT / 'runtime'}",
        tmp_path / "main.c",
        SUPPORT / "runtime/heap.c",
        "-o",
        tmp_path / "heap",
    ]
    subprocess.run(command, check=True)
    done = subprocess.run([tmp_path / "heap"], check=True, capture_output=True, text=True)
    assert "heap exhausted: 123 bytes asked for, 16384 of 16384 in use" in done.stdout
