// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files of the development machine and the program's arguments, for tests and measurements.
//
// On a board they come through semihosting, so they need an emulator or a debugger; without one
// every function fails with -1. On the host they are plain files.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef intptr_t board_file;

// mode is "rb", "wb" or "ab", as for fopen; relative paths start where the emulator was started.
board_file board_file_open(const char *path, const char *mode);
// Bytes read or written, fewer than size at the file's end or on a full disk; -1 on failure.
long board_file_read(board_file file, void *data, size_t size);
long board_file_write(board_file file, const void *data, size_t size);
// The file's bytes, or -1.
long board_file_size(board_file file);
// 0, or -1.
int board_file_close(board_file file);

// Stores the arguments without the program's name, separated by single blanks and ended by a 0.
// Their length, or -1 where there are none to be had or they do not fit.
int board_arguments(char *text, size_t size);

#ifdef __cplusplus
}
#endif
