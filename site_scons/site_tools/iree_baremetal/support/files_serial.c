// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files, arguments and exit code by the console's line, for boards without a debugger (device/serial_link.py serves it).
//
// The board asks, the development machine answers, in frames: a5 5a, number, operation (semihosting's), length of the payload
// (16 bits), payload, CRC-32 of all but the first two bytes; numbers are little-endian. A question that stays without
// answer, or gets a broken one, is asked again under the same number. What is between frames is the console's text.
#include <string.h>

#include "board.h"
#include "board_files.h"
#include "board_support.h"
#include "semihosting.h"

#ifndef SERIAL_PATIENCE
#define SERIAL_PATIENCE 2000000  // looks for a byte before the question is asked again
#endif
enum { CHUNK = 512 };  // bytes of a file in a frame

static uint32_t crc(uint32_t value, const void *data, size_t size) {
  const uint8_t *byte = data;
  for (value = ~value; size; --size) {
    value ^= *byte++;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
  }
  return ~value;
}

static int get(void *data, size_t size, uint32_t *patience) {
  for (uint8_t *byte = data; size; --size, ++byte) {
    int found;
    while ((found = console_read()) < 0) {
      if (!--*patience) return 0;
    }
    *byte = (uint8_t)found;
  }
  return 1;
}

typedef struct {
  uint8_t number, operation, size[2];
} head_t;

// Whether the answer to the question came: its result, and up to room bytes of data behind it.
static int answered(const head_t *asked, int32_t *result, void *data, size_t room) {
  uint32_t patience = SERIAL_PATIENCE, sum;
  uint8_t last = 0, byte = 0;
  while (get(&byte, 1, &patience)) {
    head_t head;
    const int begins = last == 0xa5 && byte == 0x5a;
    last = byte;
    if (!begins) continue;
    if (!get(&head, sizeof head, &patience)) return 0;
    const size_t size = head.size[0] | head.size[1] << 8;
    if (size < sizeof *result || size - sizeof *result > room) continue;
    if (!get(result, sizeof *result, &patience) || !get(data, size - sizeof *result, &patience) || !get(&sum, sizeof sum, &patience)) return 0;
    uint32_t own = crc(0, &head, sizeof head);
    own = crc(own, result, sizeof *result);
    if (crc(own, data, size - sizeof *result) == sum && head.number == asked->number && head.operation == asked->operation) return 1;
  }
  return 0;
}

static int32_t ask(int operation, int32_t first, int32_t second, const void *more, size_t size, void *data, size_t room) {
  static uint8_t number;
  static const uint8_t begin[2] = {0xa5, 0x5a};
  const int32_t numbers[2] = {first, second};
  const size_t whole = sizeof numbers + size;
  const head_t head = {++number, (uint8_t)operation, {(uint8_t)whole, (uint8_t)(whole >> 8)}};
  const uint32_t sum = crc(crc(crc(0, &head, sizeof head), numbers, sizeof numbers), more, size);
  int32_t result;
  do {
    board_write((const char *)begin, sizeof begin);
    board_write((const char *)&head, sizeof head);
    board_write((const char *)numbers, sizeof numbers);
    board_write(more, size);
    board_write((const char *)&sum, sizeof sum);
  } while (!answered(&head, &result, data, room));
  return result;
}

// The first question, before main: it is asked until there is an answer.
void files_start(void) {
  console_listen();
  ask(SYS_GET_CMDLINE, 0, 0, NULL, 0, NULL, 0);
}

void board_exit(int code) {
  ask(SYS_EXIT_EXTENDED, code, 0, NULL, 0, NULL, 0);
  for (;;) {
  }
}

board_file board_file_open(const char *path, const char *mode) {
  return ask(SYS_OPEN, *mode, 0, path, strlen(path), NULL, 0);
}

long board_file_read(board_file file, void *data, size_t size) {
  long done = 0;
  while (size) {
    const size_t part = size < CHUNK ? size : CHUNK;
    const int32_t found = ask(SYS_READ, (int32_t)file, (int32_t)part, NULL, 0, (char *)data + done, part);
    if (found < 0) return -1;
    done += found;
    if ((size_t)found < part) break;
    size -= part;
  }
  return done;
}

long board_file_write(board_file file, const void *data, size_t size) {
  long done = 0;
  while (size) {
    const size_t part = size < CHUNK ? size : CHUNK;
    const int32_t found = ask(SYS_WRITE, (int32_t)file, 0, (const char *)data + done, part, NULL, 0);
    if (found < 0) return -1;
    done += found;
    if ((size_t)found < part) break;
    size -= part;
  }
  return done;
}

long board_file_size(board_file file) { return ask(SYS_FLEN, (int32_t)file, 0, NULL, 0, NULL, 0); }

int board_file_close(board_file file) { return ask(SYS_CLOSE, (int32_t)file, 0, NULL, 0, NULL, 0); }

int board_arguments(char *text, size_t size) {
  return ask(SYS_GET_CMDLINE, (int32_t)size, 0, NULL, 0, text, size);
}
