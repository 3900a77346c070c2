// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The board of this machine's own CPU: exit, files and arguments by the C library.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "board_files.h"

static int argument_count;
static char **argument_values;

// glibc and macOS hand the program's arguments to constructors, which leaves main(void) to the
// application, as on every board.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  argument_values = values;
}

size_t board_stack_peak(void) { return 0; }

void board_exit(int code) { exit(code); }

board_file board_file_open(const char *path, const char *mode) {
  FILE *file = fopen(path, mode);
  return file ? (board_file)file : -1;
}

long board_file_read(board_file file, void *data, size_t size) {
  const size_t done = fread(data, 1, size, (FILE *)file);
  return ferror((FILE *)file) ? -1 : (long)done;
}

long board_file_write(board_file file, const void *data, size_t size) {
  const size_t done = fwrite(data, 1, size, (FILE *)file);
  return ferror((FILE *)file) ? -1 : (long)done;
}

long board_file_size(board_file file) {
  const long here = ftell((FILE *)file);
  if (here < 0 || fseek((FILE *)file, 0, SEEK_END)) return -1;
  const long size = ftell((FILE *)file);
  return fseek((FILE *)file, here, SEEK_SET) ? -1 : size;
}

int board_file_close(board_file file) { return fclose((FILE *)file) ? -1 : 0; }

int board_arguments(char *text, size_t size) {
  size_t length = 0;
  for (int i = 1; i < argument_count; ++i) {
    const char *blank = i > 1 ? " " : "";
    const int added = snprintf(text + length, size - length, "%s%s", blank, argument_values[i]);
    if (added < 0 || (length += (size_t)added) >= size) return -1;
  }
  if (size) text[length] = 0;
  return size ? (int)length : -1;
}
