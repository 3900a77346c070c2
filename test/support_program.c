// What test_support.py runs on every board; the first argument says which part.
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "board.h"
#include "board_files.h"

static volatile int data = 7;
static volatile int zero;
static volatile float number = 0.75f;

static int numbers(void) {
  const int64_t values[] = {0, 7, -12, INT64_MAX};
  for (int i = 0; i < 4; ++i) {
    board_print_int(values[i], 0);
    board_print(" ");
  }
  board_print_int(INT64_MIN, 0);
  board_print("\n");
  board_print_int(42, 5);
  board_print("|");
  board_print_int(-42, 5);
  board_print("|");
  board_print_int(123456, 5);
  board_print("\n");
  board_print_fixed(1234, 2, 0);
  board_print(" ");
  board_print_fixed(-5, 2, 0);
  board_print_fixed(1000, 3, 8);
  board_print(" ");
  board_print_fixed(1, 19, 0);
  board_print("\n");
  board_print_hex(0xbeef);
  board_print(" ");
  board_print_hex(UINT32_MAX);
  board_print("\n");
  return 0;
}

static int exit_code(void) {
  board_print("data ");
  board_print_int(data, 0);
  board_print(" zero ");
  board_print_int(zero, 0);
  errno += 33;  // in thread-local memory on some
  board_print(" errno ");
  board_print_int(errno, 0);
  board_print(" float ");
  board_print_fixed((int)(number * 200), 2, 0);
  board_print("\n");
  return 42;
}

static int files(char *in, char *out) {
  static char buffer[2048];
  board_file file = board_file_open(in, "rb");
  if (file == -1) {
    board_print("no ");
    board_print(in);
    board_print("\n");
    return 1;
  }
  const long size = board_file_size(file);
  // More than there is: what is there comes.
  if (board_file_read(file, buffer, sizeof buffer) != size || board_file_close(file)) return 2;
  for (long i = 0; i < size / 2; ++i) {
    const char kept = buffer[i];
    buffer[i] = buffer[size - 1 - i];
    buffer[size - 1 - i] = kept;
  }
  file = board_file_open(out, "wb");
  if (board_file_write(file, buffer, size) != size || board_file_close(file)) return 3;
  board_print_int(size, 0);
  board_print(" bytes\n");
  return 0;
}

static int count(void) {
  static uint32_t counts[200];
  for (int turns = 1; turns <= 200; ++turns) {
    const uint64_t start = board_count();
    for (int turn = turns; turn; --turn) __asm__ volatile("nop" : "+r"(turn));
    counts[turns - 1] = board_count() - start;
  }
  board_print(board_count_unit());
  for (int i = 0; i < 200; ++i) {
    board_print(" ");
    board_print_int(counts[i], 0);
  }
  board_print("\n");
  return 0;
}

static void __attribute__((noinline)) use_stack(void) {
  volatile char used[2048];
  for (unsigned i = 0; i < sizeof used; ++i) used[i] = 1;
}

static int stack(void) {
  const size_t before = board_stack_peak();
  use_stack();
  const size_t after = board_stack_peak();
  board_print_int(before, 0);
  board_print(" ");
  board_print_int(after, 0);
  board_print("\n");
  return 0;
}

#define FAULTY __attribute__((noinline, used)) void
FAULTY do_load(void) { (void)*(volatile int *)(uintptr_t)0x90000000u; }
FAULTY do_undefined(void) {
#ifdef __arm__
  __asm__ volatile("udf #0");
#elif defined(__riscv)
  __asm__ volatile("unimp");
#endif
}
FAULTY do_write_code(void) { *(volatile int *)(uintptr_t)do_load = 0; }
FAULTY do_overflow(int depth) {
  volatile char used[256];
  used[0] = (char)depth;
  if (depth >= 0) do_overflow(depth + 1);
  used[1] = used[0];
}

int main(void) {
  static char line[128];
  if (board_arguments(line, sizeof line) < 0) return 99;
  char *in = strchr(line, ' '), *out = in ? strchr(in + 1, ' ') : 0;
  if (in) *in++ = 0;
  if (out) *out++ = 0;
  if (!strcmp(line, "numbers")) return numbers();
  if (!strcmp(line, "exit")) return exit_code();
  if (!strcmp(line, "files")) return files(in, out);
  if (!strcmp(line, "count")) return count();
  if (!strcmp(line, "stack")) return stack();
  board_print("before\n");
  if (!strcmp(line, "load")) do_load();
  if (!strcmp(line, "undefined")) do_undefined();
  if (!strcmp(line, "write_code")) do_write_code();
  if (!strcmp(line, "overflow")) do_overflow(0);
  return 98;
}
